"""Write which facts a case file must state for each act to be allowed.

`docs/reference/act-facts.md` comes out of the allowed cases in `examples/cases`: of each the facts
are left out one after another, as long as it stays allowed, and those that remain are told.
`tools/reference.py` writes it with the other pages and checks that it is current.
"""

import tomllib
from pathlib import Path

from kuanxian.law.ask import ask
from kuanxian.law.case import Case
from kuanxian.law.case_file import read_case
from kuanxian.law.case_stated import stated_fields
from kuanxian.law.load import load_rulebook
from kuanxian.law.rulebook import Rulebook

CASES = Path(__file__).resolve().parents[1] / "examples/cases"
COUNTRY = "cn"


def act_facts_page() -> str:
    """Write one row for each act, channel and role that an example is allowed of."""
    book = load_rulebook(COUNTRY)
    answers = tomllib.loads((CASES / "answers.toml").read_text(encoding="utf-8"))
    rows: dict[tuple[str, ...], str] = {}
    for name, told in answers.items():
        if told["verdict"] != "allowed":
            continue
        case = read_case((CASES / f"{name}.json").read_bytes(), name, stated_fields(book.catalogue))
        rows.setdefault(_sort_of(case), _row(name, case, needed(book, case)))
    return "\n".join([_HEAD, *(rows[key] for key in sorted(rows)), ""])


_HEAD = """
# What an act needs to be told · 各行为须写明的事实

Each row is a case of `examples/cases` that is allowed; the facts are those that it cannot do
without, so that an act of the kind that states them, with the keys and the timeline of that case,
is allowed too. A fact that is left out is unknown, and blocks.
每行是 `examples/cases` 中一份获准的案卷；所列为缺一不可的陈述事实。未写明的即为不知，不予放行。

Beside them: a person's call or visit names the collector (`by` or `collector`), of whom a
`training` is told; a debt that is overdue has its `overdue` event; an amount that is stated has its
`stated_amount_fen`. 人工通话、上门须写催收员（`by` 或 `collector`）及其 `training`；逾期的债务须有
`overdue` 事件；载明金额的须写 `stated_amount_fen`。

| act | channel | to | keys of the act | facts that it states | case |
| --- | --- | --- | --- | --- | --- |
""".strip()


def needed(book: Rulebook, case: Case) -> list[str]:
    """List the stated facts without any of which an allowed case is allowed no more."""
    facts = dict(case.facts)
    for name in case.facts:
        less = {key: value for key, value in facts.items() if key != name}
        if ask(book, case._replace(facts=less)).allowed:
            facts = less
    return sorted(facts)


def _sort_of(case: Case) -> tuple[str, ...]:
    role = case.people[case.act.to].role if case.act.to else ""
    return (case.act.kind, case.act.channel or "", role, _actor_of(case))


def _actor_of(case: Case) -> str:
    party = case.parties.get(case.act.by or "")
    return party.of or "" if party and party.kind in ("agency", "collector") else ""


def _row(name: str, case: Case, facts: list[str]) -> str:
    act, channel, role, _ = _sort_of(case)
    said = [key for key, value in case.act._asdict().items() if value is not None]
    keys = " ".join(f"`{key}`" for key in said if key not in ("kind", "channel"))
    told = " ".join(f"`{fact}`" for fact in facts) or "none"
    return f"| `{act}` | `{channel or '-'}` | `{role}` | {keys} | {told} | `{name}` |"
