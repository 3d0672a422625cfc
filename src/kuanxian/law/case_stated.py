"""Case stated: the facts a case file states because no timeline can tell them.

A computed fact may not be stated: the lender does not tick what its own records must show.
"""

from collections.abc import Container, Mapping
from typing import Final

from kuanxian.law.case_place import Place
from kuanxian.law.case_tables import FACTS_MAX
from kuanxian.law.case_values import Field, advise
from kuanxian.law.facts import FactSpec

Stated = Mapping[str, Field]
"""How each fact that may be stated is written, by its name."""

_FORMS: Final = {
    "bool": "flag", "int": "count", "text": "text", "enum": "word", "date": "day",
    "instant": "instant",
}  # fmt: skip


def stated_fields(catalogue: Mapping[str, FactSpec]) -> dict[str, Field]:
    """Say how a case file writes the facts it may state.

    Those are the stated facts and the ledger's; a computed fact comes from the timeline, and
    a dated value from the rulebook.

    Args:
        catalogue: Every declared fact.
    """
    return {
        name: Field(_FORMS[spec.type], *_meaning(spec), spec.values, least=spec.min, most=spec.max)
        for name, spec in catalogue.items()
        if spec.source in ("stated", "ledger")
    }


def _meaning(spec: FactSpec) -> tuple[str, str]:
    """Give what a fact means in both languages, without the full stops."""
    return spec.means.get("zh", "").rstrip("。"), spec.means.get("en", "").rstrip(".")


def read_facts(
    facts: object, place: Place, stated: Stated | None, computed: Container[str] = ()
) -> dict[str, int | bool | str]:
    """Read the stated facts.

    Args:
        facts: What the file has under ``facts``.
        place: Where that is.
        stated: What may be stated; None takes any name with a bool, a whole number or text.
        computed: Names that may not be stated.

    Raises:
        CaseFileError: A fact is not known, may not be stated, or has a value it cannot have.
    """
    if not isinstance(facts, dict):
        raise place.error("it is not an object", "Write it in braces.")
    if len(facts) > FACTS_MAX:
        raise place.error(f"it has more than {FACTS_MAX} facts", "Leave out what does not matter.")
    read: dict[str, int | bool | str] = {}
    for name, value in facts.items():
        if name in computed:
            reason = "it is computed from the timeline and may not be stated"
            raise place.at(name).error(reason, "Leave it out and give the events.")
        if stated is not None and name not in stated:
            raise place.at(name).error("there is no such fact", advise(name, tuple(stated)))
        if stated is not None:
            read[name] = place.read_field(name, stated[name], value)  # type: ignore[assignment]
        elif isinstance(value, (bool, int, str)):
            read[name] = value
        else:
            raise place.at(name).error("it is not a value", "Write true, a number or text.")
    return read
