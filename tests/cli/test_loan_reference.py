"""The reference pages: every example on them is run, every setting has one."""

import datetime
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kuanxian.base.days import day_number
from kuanxian.base.errors import TermsError
from kuanxian.cli.loan_answers import payoff_answer, position_answer, schedule_answer
from kuanxian.cli.loan_rates import contract_rates
from kuanxian.cli.loan_story import tell
from kuanxian.cli.loan_words import Language, percent, yuan
from kuanxian.intake.loan_file import LoanFile, parse_loan
from kuanxian.intake.loan_words import SETTINGS
from kuanxian.loan import Conventions, Kind, Policy, Terms, payoff, position, schedule, trace
from kuanxian.loan.apr import AprMethod

PAGES = Path(__file__).resolve().parents[2] / "docs" / "reference"
BLOCK = re.compile(r"^```(\w+) ?([^\n]*)\n(.*?)^```$|^(#+ [^\n]*)$", re.MULTILINE | re.DOTALL)


class Example(NamedTuple):
    """A result on a page, and the loan it is the result of."""

    name: str
    loan: str
    """JSON."""
    asks: str
    """What is shown: schedule, position, payoff, apr or trace."""
    of: str
    """Of which day, or by which convention."""
    shown: list[str]


def merge(base: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """Put the lines of an example into the loan it changes."""
    merged = {key: dict(value) for key, value in base.items()}
    for key, value in change.items():
        merged[key] = merged.get(key, {}) | value if isinstance(value, dict) else value
    return merged


def examples(page: str) -> Iterator[Example]:
    """Read the examples of a page, in order."""
    base: dict[str, Any] = {}
    loan: dict[str, Any] = {}
    heading = ""
    text = (PAGES / page).read_text(encoding="utf-8")
    for number, (form, info, body, title) in enumerate(BLOCK.findall(text)):
        if title:
            heading = title.strip("# `")
        elif form == "toml" and info == "base":
            base = loan = tomllib.loads(body)
        elif form in ("toml", "json"):
            parsed = tomllib.loads(body) if form == "toml" else json.loads(body)
            loan = parsed if info == "whole" else merge(base, parsed)
        elif form in ("schedule", "position", "payoff", "apr", "trace", "answer"):
            name = f"{page} {heading} {form} {number}"
            written = json.dumps(loan, default=datetime.date.isoformat)
            yield Example(name, written, form, info, body.strip().splitlines())


ALL = [example for page in ("loan-file.md", "events.md", "apr.md") for example in examples(page)]


@pytest.mark.parametrize("example", ALL, ids=[example.name for example in ALL])
def test_an_example_of_the_reference_comes_out_as_shown(example: Example) -> None:
    loan = parse_loan(example.loan, example.name)
    check = {
        "schedule": check_schedule,
        "position": check_figures,
        "payoff": check_figures,
        "apr": check_rates,
        "trace": check_trace,
        "answer": check_answer,
    }[example.asks]
    check(loan, example)


def check_schedule(loan: LoanFile, example: Example) -> None:
    answer = schedule_answer(schedule(loan.terms, loan.conventions, loan.events))
    found = []
    for row in answer["rows"]:
        amounts = [row["principal_fen"], row["interest_fen"], row["fee_fen"]]
        found.append([str(row["number"]), row["due_on"], *map(yuan, amounts)])
    shown = [line.split() for line in example.shown]
    if ["..."] in shown:
        found = [row for row in found if row[0] in [line[0] for line in shown]]
        shown.remove(["..."])
    shown = [row if len(row) == 5 else [*row, "0.00"] for row in shown]
    assert [[cell.replace(",", "") for cell in row] for row in found] == shown


def day_of(text: str) -> int:
    return day_number(datetime.date.fromisoformat(text))


def check_figures(loan: LoanFile, example: Example) -> None:
    on, _, known = example.of.partition(" known-on ")
    on_day, known_on = day_of(on), day_of(known or "2199-12-31")
    if example.asks == "payoff":
        quote = payoff(loan.terms, loan.conventions, loan.events, on=on_day)
        answer = payoff_answer(on_day, quote)
    else:
        contract = (loan.terms, loan.conventions, loan.events)
        at = position(*contract, as_of_on=on_day, policy=loan.policy, known_on=known_on)
        answer = position_answer(on_day, at, None, loan)
    shown = dict(re.split(r"\s*=\s*", line) for line in example.shown)
    found = {}
    for key in shown:
        figure = answer[key] if key in answer else yuan(answer[f"{key}_fen"]).replace(",", "")
        found[key] = str(figure)
    assert found == shown


def check_rates(loan: LoanFile, example: Example) -> None:
    fee = example.of.removeprefix("--upfront-fee ") if example.of else "0.00"
    shown = dict(re.split(r"\s*=\s*", line) for line in example.shown)
    methods = [AprMethod[name.upper().replace("-", "_")] for name in shown]
    found = {
        method.name.lower().replace("_", "-"): rate if isinstance(rate, str) else percent(rate[0])
        for method, rate in contract_rates(loan, methods, fee)
    }
    assert found == shown


def check_trace(loan: LoanFile, example: Example) -> None:
    entries = trace(loan.terms, loan.conventions, loan.events, as_of_on=day_of(example.of))
    assert list(tell(entries, loan, Language.EN)) == example.shown


def check_answer(loan: LoanFile, example: Example) -> None:
    asks, _, on = example.of.partition(" ")
    contract = (loan.terms, loan.conventions, loan.events)
    if asks == "schedule":
        found = schedule_answer(schedule(*contract))
    else:
        found = payoff_answer(day_of(on), payoff(*contract, on=day_of(on)))
    assert found == json.loads("\n".join(example.shown))


def test_the_error_the_page_shows_is_the_one_that_comes() -> None:
    page = (PAGES / "loan-file.md").read_text(encoding="utf-8")
    with pytest.raises(TermsError) as refused:
        parse_loan('[terms]\nprincpal = "1.00"\n', "loan.toml")
    error = refused.value
    assert f"error: {error.subject}: {error.reason}\n{error.advice}\n" in page


def sections(page: str) -> dict[str, str]:
    """The text under each heading, by every word in backticks in it."""
    text = (PAGES / page).read_text(encoding="utf-8")
    found: dict[str, str] = {}
    parts = re.findall(r"^### ([^\n]*)\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)
    for heading, body in parts:
        for word in re.findall(r"`([a-z0-9_]+)`", heading):
            found[word] = found.get(word, "") + body
    return found


SECTIONS = sections("loan-file.md")
FIELDS = [
    *(field.removesuffix("_fen").removesuffix("_ppb") for field in Terms._fields),
    *(field.removesuffix("_fen").removesuffix("_ppb") for field in Conventions._fields),
]


@pytest.mark.parametrize("field", FIELDS)
def test_every_setting_has_an_example(field: str) -> None:
    assert re.search(r"^```(schedule|position|payoff)", SECTIONS[field], re.MULTILINE)
    assert re.search(rf"^{field} = ", SECTIONS[field], re.MULTILINE)


@pytest.mark.parametrize("field", [name for name in SETTINGS if name not in ("part", "kind")])
def test_every_name_of_a_setting_has_an_example_that_writes_it(field: str) -> None:
    written = [json.loads(example.loan) for example in ALL if example.name.startswith("loan-file")]
    shown = {
        getattr(parse_loan(json.dumps(loan), "JSON").conventions, field)
        for loan in written
        if field in loan.get("conventions", {})
    }
    assert shown == set(SETTINGS[field])


def test_every_figure_of_the_policy_is_explained() -> None:
    page = (PAGES / "loan-file.md").read_text(encoding="utf-8")
    assert all(re.search(rf"^{field} = ", page, re.MULTILINE) for field in Policy._fields)


@pytest.mark.parametrize("kind", [kind.name.lower() for kind in Kind])
def test_every_kind_of_event_has_a_row_and_an_example(kind: str) -> None:
    page = (PAGES / "events.md").read_text(encoding="utf-8")
    assert f"\n| [`{kind}`](#{kind})" in page
    body = sections("events.md")[kind]
    assert f'kind = "{kind}"' in body
    assert re.search(r"^```(schedule|position|payoff)", body, re.MULTILINE)
