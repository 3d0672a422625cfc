"""Explain: what each rule says to its reader, and what would have to change.

What would have to change is the rest of a condition once everything that cannot change
is filled in: an hour passes, a notice is delivered, a person chooses another channel.
"""

from collections.abc import Mapping
from typing import Any, Final

from kuanxian.base.days import date_of
from kuanxian.law.article import say_article
from kuanxian.law.decide import Decision, Spoken
from kuanxian.law.facts import FactSpec
from kuanxian.law.reasons import reasons_of
from kuanxian.law.rule import STOPPING, Rule, Source
from kuanxian.law.rulebook import Rulebook
from kuanxian.law.scope import PERMIT, Scope
from kuanxian.law.shown import fill, show_value
from kuanxian.law.simplify import residual
from kuanxian.law.tree import FALSE, Literal, Node, fact_names
from kuanxian.law.words import say

LANGUAGES: Final = ("zh", "en")
TITLES: Final = {
    "allowed": {"zh": "可以进行", "en": "allowed"},
    "forbidden": {"zh": "禁止", "en": "forbidden"},
    "required": {"zh": "须先完成要求", "en": "something is required first"},
    "referred": {"zh": "须转人工判断", "en": "a person must decide"},
    "not_permitted": {"zh": "没有依据，不得进行", "en": "nothing permits it"},
    "no_rulebook": {"zh": "没有生效的规则，不得进行", "en": "no rulebook in force: no"},
}
_DUE: Final = {
    "allowed": {"zh": "当日没有应办事项", "en": "nothing is due"},
    "required": {"zh": "当日有应办事项", "en": "something must be done"},
}
_OUTCOMES: Final = {
    "fires": {"zh": "", "en": ""},
    "unknown": {"zh": "", "en": ""},
    "rebutted": {"zh": "（推定已被推翻）", "en": " (the presumption is rebutted)"},
    "permits": {"zh": "", "en": ""},
    "unproven": {"zh": "（事实不详，不能作为依据）", "en": " (a fact is not known: no basis)"},
}

_NOT_KNOWN: Final = {
    "zh": "尚不能确认是否如此：",
    "en": "Not known to be so: ",
}


def title_of(decision: Decision, language: str) -> str:
    """Say the verdict in a few words."""
    titles = TITLES if decision.scope.needs_permit else {**TITLES, **_DUE}
    return titles[decision.verdict][language]


def message_of(spoken: Spoken, book: Rulebook, audience: str, language: str) -> str:
    """Write a rule's message to a reader, its slots filled with the facts of the case.

    A message is written as if its condition were met; where that is not known it says so
    first, for nobody is told as a fact what nobody knows.
    """
    text = spoken.rule.messages[audience][language]
    if spoken.outcome == "unknown":
        text = _NOT_KNOWN[language] + text
    return fill(text, spoken.facts, book.catalogue, language)


def change_of(decision: Decision) -> list[dict[str, Any]]:
    """List, for each rule that stops the act, what would have to change.

    Returns:
        A dict a rule: ``rule``; ``while`` (zh, en): it stops the act while this is so,
        empty where nothing that can change would lift it; ``facts``: which facts can.
        Where nothing permits the act, each permit with what it ``needs``.
    """
    scope = decision.scope
    found = [
        _stopped(spoken, scope, decision.facts)
        for spoken in decision.spoke
        if spoken.verdict in STOPPING
    ]
    if decision.verdict == "not_permitted":
        for place, rule in enumerate(scope.rules):
            if scope.if_true[place] == PERMIT:
                rest = rest_of(scope.nodes[place], decision.facts, scope.specs)
                if rest != FALSE:
                    found.append(_part(rule.id, "needs", rest, scope.specs))
    return found


def _stopped(spoken: Spoken, scope: Scope, facts: Mapping[str, Any]) -> dict[str, Any]:
    moving = {name for name, spec in scope.specs.items() if spec.changes == "time"}
    node = reasons_of(scope.nodes[spoken.place], facts, moving)
    return _part(spoken.rule.id, "while", rest_of(node, facts, scope.specs), scope.specs)


def rest_of(node: Node, facts: Mapping[str, Any], specs: Mapping[str, FactSpec]) -> Node:
    """Fill in what cannot change: the rest is what could.

    A fact that is looked up at another's day is declared as one that never changes.
    """
    fixed = {
        name: value
        for name, value in facts.items()
        if value is not None and name in specs and specs[name].changes == "never"
    }
    return residual(node, fixed, specs)


def _part(rule_id: str, key: str, rest: Node, specs: Mapping[str, FactSpec]) -> dict[str, Any]:
    fixed = isinstance(rest, Literal)
    words = {language: "" if fixed else say(rest, specs, language) for language in LANGUAGES}
    return {"rule": rule_id, key: words, "facts": list(fact_names(rest))}


def explain(decision: Decision, language: str, audience: str = "officer") -> list[str]:
    """Explain a decision in lines of text.

    Args:
        decision: The decision.
        language: zh or en.
        audience: officer, borrower or regulator.
    """
    book = decision.scope.book
    lines = [title_of(decision, language)]
    for spoken in decision.spoke:
        if audience == "borrower" and spoken.outcome == "unproven":
            continue
        note = _OUTCOMES[spoken.outcome][language]
        lines.append(f"· {message_of(spoken, book, audience, language)}{note}")
        lines.append(f"    {_grounds(spoken, decision.scope, language)}")
        if audience != "borrower":
            lines += _facts_lines(spoken, book, language)
    lines += _missing_lines(decision, language)
    lines += _change_lines(decision, language)
    return lines


def sources_in_force(rule: Rule, book: Rulebook, day: int) -> list[Source]:
    """List the sources of a rule whose text is in force on a day; all where none is.

    A rule may stand on an older text and be borne out by a later one: a decision on a day
    before the later text came must not cite it.
    """
    found = [one for one in rule.sources if book.instruments[one.instrument].is_in_force(day)]
    return found or list(rule.sources)


def _grounds(spoken: Spoken, scope: Scope, language: str) -> str:
    assert scope.edition is not None
    parts = []
    for source in sources_in_force(spoken.rule, scope.book, scope.edition.from_on):
        title = scope.book.instruments[source.instrument].title[language]
        article = say_article(source.article, language)
        named = f"《{title}》{article}" if language == "zh" else f"{title} {article}"
        parts.append(f"{named.strip()} [{source.verified}]")
    sign = "；" if language == "zh" else "; "
    return f"{spoken.rule.id} — {sign.join(list(dict.fromkeys(parts))[:2])}"


def _facts_lines(spoken: Spoken, book: Rulebook, language: str) -> list[str]:
    shown = [
        f"{name} = {show_value(value, book.catalogue[name], language)}"
        for name, value in spoken.facts.items()
        if name in book.catalogue
    ]
    return [f"    {', '.join(shown)}"] if shown else []


def missing_of(decision: Decision) -> list[dict[str, str]]:
    """List the facts that are missing, in words; of a dated value, which figure is.

    Returns:
        A dict a fact: ``fact``, ``zh`` and ``en``.
    """
    catalogue = decision.scope.book.catalogue
    return [
        {"fact": name, **{language: _lacking(name, decision, language) for language in LANGUAGES}}
        if name in catalogue
        else {"fact": name, "zh": name, "en": name}
        for name in decision.missing
    ]


def _lacking(name: str, decision: Decision, language: str) -> str:
    """Say what a missing fact means; of a figure looked up, for which day none was read."""
    spec = decision.scope.book.catalogue[name]
    means = spec.means[language]
    if spec.source != "value":
        return means
    day = decision.facts.get(spec.at)
    if not isinstance(day, int):
        return (
            f"{means}（{spec.at} 不详）" if language == "zh" else f"{means} ({spec.at} not known)"
        )
    told = date_of(day).isoformat()
    if language == "zh":
        return f"{means}（数值表 {spec.value} 没有 {told} 的数）"
    return f"{means} (the values of {spec.value} have none for {told})"


def _missing_lines(decision: Decision, language: str) -> list[str]:
    if not decision.missing:
        return []
    head = "缺少的事实：" if language == "zh" else "Facts that are missing:"
    return [head, *(f"  {one['fact']}: {one[language]}" for one in missing_of(decision))]


def _change_lines(decision: Decision, language: str) -> list[str]:
    lines = []
    for one in change_of(decision):
        if words := one.get("while", {}).get(language):
            text = f"在此期间不得进行：{words}" if language == "zh" else f"stopped while {words}"
            lines.append(f"  {one['rule']}: {text}")
        elif words := one.get("needs", {}).get(language):
            text = f"需要：{words}" if language == "zh" else f"needs: {words}"
            lines.append(f"  {one['rule']}: {text}")
    head = "要改变什么：" if language == "zh" else "What would have to change:"
    return [head, *lines] if lines else []
