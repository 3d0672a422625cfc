"""How fast messages are screened, beside what a pass over them costs at the least.

``python bench/screen.py [--messages N] [--patterns N]``. Messages are made of clauses of
ordinary collection texts, about 70 characters each; one in twenty holds a pattern. The
patterns shipped are filled up to ``--patterns`` phrases with made ones of 4 to 8
characters, so that the figure is that of a large rulebook.

``python bench/screen.py --quality`` prints instead what the patterns shipped find and what
they mistake in ``tests/screen/messages``, each set by itself.
"""

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from kuanxian.screen import Category, Pattern, Screen, load_screen
from kuanxian.screen.folder import screen_folder
from kuanxian.screen.forms import forms
from kuanxian.screen.match import Matcher
from kuanxian.screen.normalise import normalise
from kuanxian.screen.pattern import Level
from kuanxian.screen.syllables import sound

CLAUSES = (
    "您的贷款本期应还1,234.56元",
    "应还日为2026年11月25日",
    "请通过官方App还款",
    "如已还款请忽略",
    "如有困难请与我们协商",
    "可以申请展期或者重新分期",
    "客服工作时间为每天9点到18点",
    "感谢您的理解与支持",
    "您对金额有异议可以提出",
    "我们会在十五日内答复",
    "还款后记录会按规定更新",
    "请核对您的还款账户余额",
    "本信息由系统发送请勿回复",
    "您可以下载结清证明",
    "合同尾号0042",
    "投诉请拨打公示的电话",
)


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--messages", type=int, default=20_000)
    asked.add_argument("--patterns", type=int, default=2_000)
    asked.add_argument("--quality", action="store_true")
    given = asked.parse_args()
    if given.quality:
        print_quality(load_screen(screen_folder("cn")))
        return
    chance = random.Random(20261125)
    shipped = load_screen(screen_folder("cn")).categories.values()
    phrases = [one for category in shipped for pattern in category.patterns
               for one in pattern.phrases if pattern.level is not Level.GAP]  # fmt: skip
    matcher = Matcher([*shipped, made_up(chance, given.patterns - len(phrases))])
    messages = make_messages(chance, given.messages, phrases)
    length = sum(map(len, messages)) // len(messages)
    print(f"{len(messages):,} messages of {length} characters, {given.patterns:,} phrases")
    floor = AhoCorasick(phrases)
    works: dict[str, Callable[[str], object]] = {
        "one pass of an automaton, nothing else": floor.find_matches_as_indexes,
        "normal form": normalise,
        "sound of the normal form": sound,
        "both in one pass": forms,
        "whole path, hits and places": matcher.find,
    }
    for name, work in works.items():
        print_speed(name, work, messages)
    found = [message for message in messages if matcher.find(message)]
    print_speed(f"of these, {len(found):,} with a hit", matcher.find, found)
    clean = [message for message in messages if not matcher.find(message)]
    print_speed(f"of these, {len(clean):,} without", matcher.find, clean)


def print_speed(name: str, work: Callable[[str], object], messages: Sequence[str]) -> None:
    """Measure and print a line."""
    taken = fastest(work, messages)
    print(f"{name}: {taken * 1e6 / len(messages):.1f} µs, {len(messages) / taken:,.0f} a second")


MESSAGES = Path(__file__).parents[1] / "tests" / "screen" / "messages"
SETS = {"development": "first", "held out": "second"}
"""What a set is for, to the beginning of its files' names."""


class Quality(NamedTuple):
    """What was found and mistaken in a set, in messages."""

    harmful: Counter[str]
    """Messages by category."""
    own: Counter[str]
    """Of these, found in their own category."""
    stopped: Counter[str]
    """Of these, found in any category."""
    mistaken: Counter[str]
    """Benign messages by the categories they were found in."""
    benign: int
    flagged: int
    """Benign messages found in any category."""

    @property
    def recall(self) -> float:
        """Share of the harmful messages that were found in any category."""
        return self.stopped.total() / self.harmful.total()

    @property
    def precision(self) -> float:
        """Share of the messages found that are harmful."""
        return self.stopped.total() / max(1, self.stopped.total() + self.flagged)


def read_set(kind: str, purpose: str) -> list[tuple[str, str]]:
    """Read the ``harmful`` or ``benign`` messages of a set: label and text."""
    path = MESSAGES / f"{SETS[purpose]}-{kind}.tsv"
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(label, text) for label, _, text in (line.partition("\t") for line in lines)]


def measure(screen: Screen, purpose: str) -> Quality:
    """Look through a set of messages."""
    quality = Quality(Counter(), Counter(), Counter(), Counter(), 0, 0)
    for label, text in read_set("harmful", purpose):
        found = {hit.category for hit in screen.find(text)}
        quality.harmful[label] += 1
        quality.own[label] += label in found
        quality.stopped[label] += bool(found)
    flagged = 0
    benign = read_set("benign", purpose)
    for _, text in benign:
        found = {hit.category for hit in screen.find(text)}
        quality.mistaken.update(found)
        flagged += bool(found)
    return quality._replace(benign=len(benign), flagged=flagged)


def print_quality(screen: Screen) -> None:
    """Print both sets as the tables of ``docs/explanation/screening.md``."""
    for purpose in SETS:
        told = measure(screen, purpose)
        print(f"\n{purpose}\n\n| category | messages | found as such | found at all | mistaken |")
        print("| --- | ---: | ---: | ---: | ---: |")
        for name, count in sorted(told.harmful.items()):
            own, stopped = told.own[name], told.stopped[name]
            print(f"| {name} | {count} | {own} | {stopped} | {told.mistaken[name]} |")
        total, own = told.harmful.total(), told.own.total()
        print(f"| all | {total} | {own} | {told.stopped.total()} | {told.flagged} |")
        print(f"\nrecall {told.recall:.3f}, precision {told.precision:.3f}, ", end="")
        print(f"{told.flagged} of {told.benign} benign messages flagged")


def made_up(chance: random.Random, count: int) -> Category:
    """Make phrases that no message holds."""
    common = [chr(code) for code in range(0x4E00, 0x6000)]
    phrases = {"".join(chance.choices(common, k=chance.randint(4, 8))) for _ in range(count)}
    pattern = Pattern("made", "up", Level.SYLLABLE, tuple(sorted(phrases)), False, (), ())
    return Category("made", "made_hits", "", "", (), (pattern,))


def make_messages(chance: random.Random, count: int, phrases: Sequence[str]) -> list[str]:
    """Make messages; every twentieth holds a phrase."""
    messages = []
    for number in range(count):
        parts = chance.sample(CLAUSES, 6)
        if number % 20 == 0:
            parts[chance.randrange(6)] = chance.choice(phrases)
        messages.append("，".join(parts) + "。")
    return messages


BATCH = 250


def fastest(work: Callable[[str], object], messages: Sequence[str], tries: int = 5) -> float:
    """Add up the least processor time of some tries of each batch, in seconds.

    Small batches, so that another program that takes the core and its cache spoils few.
    """
    taken = 0.0
    for begin in range(0, len(messages), BATCH):
        batch = messages[begin : begin + BATCH]
        taken += min(_once(work, batch) for _ in range(tries))
    return taken


def _once(work: Callable[[str], object], messages: Sequence[str]) -> float:
    begun = time.process_time()
    for message in messages:
        work(message)
    return time.process_time() - begun


if __name__ == "__main__":
    main()
