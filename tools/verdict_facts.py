"""Write what the close must be told, besides the ledger, for an act to stand under `may`.

`docs/reference/verdict-facts.md` comes out of the rules and the standard acts;
`tools/reference.py` writes it with the other pages and checks that it is current.
"""

from collections.abc import Mapping

from kuanxian.law.facts import FactSpec
from kuanxian.law.load import load_rulebook
from kuanxian.law.rule import DUTY, Rule, Value
from kuanxian.law.rulebook import Edition, Rulebook
from kuanxian.law.scope import PERMIT, REFER, rank_of_true, rank_of_unknown
from kuanxian.law.simplify import residual
from kuanxian.law.tree import TRUE, fact_names

SOURCES = {"computed": "case", "stated": "stated"}


def verdict_facts_page(country: str) -> str:
    """Write the standard acts of a country, and each fact with the acts that need it."""
    book = load_rulebook(country)
    asked = [(one.name, one.act, one.facts) for one in book.standards] + [(DUTY, DUTY, {})]
    needed = {name: needs(book, act, given) for name, act, given in asked}
    titles = {one.name: one.title["zh"] for one in book.standards}
    titles[DUTY] = book.acts[DUTY].title["zh"]
    acts = [
        f"| `{name}` | {titles[name]} | {len(names) or 'never allowed'} |"
        for name, names in needed.items()
    ]
    facts = [_row(book.catalogue[name], needed) for name in sorted(set().union(*needed.values()))]
    return "\n".join([_HEAD, *acts, "", _FACTS, *facts, ""])


_HEAD = """
# What verdicts need besides the ledger

A standard act stands under `may` in [verdicts.parquet](verdicts.md) only if every fact that could
stop it is known, and what permits it is known to be met. Those below are not in the ledger. Each is
a column of the table given with `--facts`; where a fact that is known makes another one idle, that
one may be left out.

| standard act | 行为 | facts it needs |
| --- | --- | --: |
""".strip()
_FACTS = """
## The facts

`case`: the fact layer computes it from a [case file](case-file.md). `stated`: the lender's system
says it. `duty` are the duties of the day: what must be done stands under `must_open` until it is
known.

| fact | from | 含义 | needed by |
| --- | --- | --- | --- |
""".strip()


def needs(book: Rulebook, act: str, given: Mapping[str, Value]) -> set[str]:
    """Name the facts, not in the ledger, that may stop an act or permit it once some are given."""
    edition = list(book.editions())[-1]
    found: set[str] = set()
    for name in _used(book, edition, act, given):
        spec = book.catalogue[name]
        spec = book.catalogue[spec.at] if spec.at else spec
        if spec.source != "ledger":
            found.add(spec.name)
    return found - set(given)


def _used(book: Rulebook, edition: Edition, act: str, given: Mapping[str, Value]) -> set[str]:
    used: set[str] = set()
    for rule in edition.rules:
        left = residual(edition.node(rule), given, book.catalogue)
        if act in rule.acts and left == TRUE and rule.verdict == "forbid":
            return set()  # whatever else is known
        if act in rule.acts and _matters(rule, act):
            used |= set(fact_names(left))
    return used & set(book.catalogue)


def _matters(rule: Rule, act: str) -> bool:
    if act == DUTY:
        return rule.verdict == "require"
    return rank_of_unknown(rule) <= REFER or rank_of_true(rule) == PERMIT


def _row(spec: FactSpec, needed: dict[str, set[str]]) -> str:
    acts = " ".join(f"`{act}`" for act, names in needed.items() if spec.name in names)
    return f"| `{spec.name}` | {SOURCES[spec.source]} | {spec.means['zh']} | {acts} |"
