"""For case: the rulebook a case is decided by, also where its country has none.

A country nobody wrote rules for is no country where everything may be done: its cases are
answered by an empty rulebook, of which no rule is in force on any day.
"""

import re
from pathlib import Path
from typing import Final

from kuanxian.base.errors import RulebookError, RuleFileError
from kuanxian.law.facts import read_catalogue
from kuanxian.law.frame import Country, read_acts
from kuanxian.law.load import SHIPPED, load_rulebook
from kuanxian.law.policy import shipped_policy
from kuanxian.law.rulebook import Rulebook, hash_of
from kuanxian.law.table import read_toml

_COUNTRY: Final = re.compile(r"[a-z]{2}")


def load_for_case(country: str, root: Path | None = None, policy: Path | None = None) -> Rulebook:
    """Load the rulebook a case is decided by; every act gets ``no_rulebook`` where there is none.

    Args:
        country: Two small letters.
        root: The rules folder; None for the one that comes with the product.
        policy: A firm's policy file; it narrows nothing where nothing is allowed.

    Raises:
        RulebookError: There is a mistake anywhere, or the policy is wider than the law.
        LawError: It is no country's name.

    Example:
        >>> load_for_case("us").rules
        ()
    """
    folder = root or SHIPPED
    if (folder / country / "country.toml").is_file() or not _COUNTRY.fullmatch(country):
        return load_rulebook(country, root, policy)
    return _no_rules(country, folder)


def _no_rules(country: str, folder: Path) -> Rulebook:
    """Make the rulebook of a country without rules: the shared facts and acts alone."""
    try:
        tables = {name: read_toml(folder / name, name) for name in ("facts.toml", "acts.toml")}
        catalogue = read_catalogue(tables["facts.toml"])
        acts, deeds = read_acts(tables["acts.toml"])
    except RuleFileError as error:
        raise RulebookError("the rules folder", (error,)) from error
    named = {"zh": country, "en": country}
    content = {name: table.data for name, table in tables.items()}
    return Rulebook(
        country=Country(country, named, zone="UTC", lender_types={}, language="en"),
        catalogue=catalogue,
        acts=acts,
        deeds=deeds,
        instruments={},
        values={},
        parameters={},
        policy=shipped_policy({}),
        standards=(),
        rules=(),
        hash=hash_of(content | {"country": country}),
    )
