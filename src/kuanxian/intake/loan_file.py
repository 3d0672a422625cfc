"""Loan file: one loan's terms and events, written by a person, as TOML or JSON.

Four tables: ``[terms]``, ``[conventions]``, ``[[events]]`` and ``[policy]``. Keys are the
field names of the kernel; an amount may drop ``_fen`` and be yuan as text, a rate may
drop ``_ppb`` and be a percentage as text. Nothing is guessed: an unknown key is an error
that names the nearest one. ``docs/reference/loan-file.md`` has an example of each.
"""

import tomllib
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from kuanxian.base.days import NO_DAY
from kuanxian.base.errors import EventError, SourceError, TermsError
from kuanxian.base.strict_json import decode_text, parse_object
from kuanxian.door.refuse import refuse_address_book
from kuanxian.intake.loan_events import read_events
from kuanxian.intake.loan_table import advise, keys_of, read_table
from kuanxian.loan.checks import check
from kuanxian.loan.events import Event, Kind
from kuanxian.loan.position import Policy
from kuanxian.loan.terms import Conventions, Method, Terms

LOAN_FILE_BYTES_MAX: Final = 10_000_000
"""Largest loan file. A book of many loans goes through ``kuanxian intake``."""

_TABLES: Final = ("terms", "conventions", "events", "policy", "about")
_REQUIRED: Final = {"terms": ("principal_fen", "disbursed_on", "instalments")}

_AGEING: Final = tuple(field for field in Policy._fields if field.startswith("ageing_"))
_GRADES: Final = tuple(field for field in Policy._fields if not field.startswith("ageing_"))


class LoanFile(NamedTuple):
    """What a loan file says."""

    terms: Terms
    conventions: Conventions
    events: tuple[Event, ...]
    """In the order (``value_on``, ``seq``)."""
    policy: Policy
    labels: dict[int, str]
    """The ``id`` of an event by its ``seq``, where it has one."""


def read_loan_file(path: Path) -> LoanFile:
    """Read a loan file.

    Args:
        path: A file ending in ``.toml`` or ``.json``.

    Raises:
        SourceError: It is too large, not UTF-8 text, or neither TOML nor JSON.
        AddressBookError: It is shaped like an address book.
        TermsError: A figure or a setting cannot be used, or lies outside the bounds of the
            kernel; names the file and the key.
        EventError: The same for an event.
    """
    with path.open("rb") as file:
        return read_loan_stream(file, path.name)


def read_loan_stream(stream: BinaryIO, name: str) -> LoanFile:
    """Read a loan file from an open stream; JSON if it begins with a brace.

    Args:
        stream: Opened for bytes.
        name: What to call it in an error. JSON if it ends in ``.json``.

    Raises:
        SourceError: As ``read_loan_file``.
        TermsError: The same.
        EventError: The same.
    """
    content = stream.read(LOAN_FILE_BYTES_MAX + 1)
    if len(content) > LOAN_FILE_BYTES_MAX:
        advice = "A book of many loans goes through `kuanxian intake`."
        raise SourceError(name, "the file is larger than 10 MB", advice)
    refuse_address_book(content, name)
    return parse_loan(decode_text(content, name, SourceError), name)


def parse_loan(text: str, name: str = "loan") -> LoanFile:
    """Turn the text of a loan file into terms, conventions and events.

    Args:
        text: TOML, or JSON if its first character is a brace.
        name: What to call it in an error.

    Raises:
        SourceError: It is neither TOML nor JSON.
        TermsError: A figure or a setting cannot be used.
        EventError: The same for an event.

    Example:
        >>> loan = parse_loan('''
        ... [terms]
        ... principal = "1000.00"
        ... disbursed_on = 2026-01-15
        ... instalments = 3
        ... rate = "18 %"
        ... ''')
        >>> loan.terms.principal_fen, loan.terms.rate_ppb
        (100000, 180000000)
    """
    tables = _parse(text, name)
    for key in tables:
        if key not in _TABLES:
            raise SourceError(f"{name}: {key}", "there is no such table", advise(key, _TABLES))
    if "terms" not in tables:
        advice = "Begin with a line [terms], then principal, disbursed_on and instalments."
        raise TermsError(f"{name}: terms", "it is missing", advice)
    terms = Terms(**_figures(tables, "terms", Terms._fields, name))
    conventions = Conventions(**_figures(tables, "conventions", Conventions._fields, name))
    _check(terms, conventions, name)
    policy = Policy(**_figures(tables, "policy", Policy._fields, name))
    _check_policy(policy, name)
    events, labels = read_events(tables.get("events", []), terms, name)
    if conventions.method == Method.GIVEN:
        _check_given(terms, events, name)
    return LoanFile(terms, conventions, events, policy, labels)


def _figures(
    tables: dict[str, Any], table: str, fields: tuple[str, ...], name: str
) -> dict[str, int]:
    """Read one of the three tables of settings."""
    place = f"{name}: {table}"
    figures = read_table(tables.get(table, {}), keys_of(fields), place, TermsError)
    for field in _REQUIRED.get(table, ()):
        if figures.get(field, NO_DAY) == NO_DAY:
            key = field.removesuffix("_fen")
            raise TermsError(f"{place}.{key}", "it is missing", f"Add a line {key} = ...")
    return figures


def _check(terms: Terms, conventions: Conventions, name: str) -> None:
    """Refuse figures the kernel cannot compute, by their place in the file."""
    try:
        check(terms, conventions)
    except TermsError as error:
        table = "terms" if error.subject in Terms._fields else "conventions"
        place = f"{name}: {table}" + (f".{error.subject}" if error.subject != table else "")
        raise TermsError(place, error.reason, error.advice) from None
    if terms.promo_rate_ppb > 0 and terms.promo_instalments == 0:
        reason = "no instalment has this rate"
        raise TermsError(f"{name}: terms.promo_rate", reason, "Add a line promo_instalments = ...")


def _check_given(terms: Terms, events: tuple[Event, ...], name: str) -> None:
    """Refuse a given schedule that is not the contract's: the kernel would make it fit.

    Where a reversal strikes a row, or a correction alters the terms, it is not known yet which
    rows and which principal there are. As many rows as are given are the instalments.
    """
    struck = {event.ref_seq for event in events if event.kind == Kind.REVERSAL}
    rows = [event for event in events if event.kind == Kind.INSTALMENT]
    corrected = any(event.kind == Kind.CORRECTION for event in events)
    if corrected or struck & {row.seq for row in rows}:
        return
    if not rows:
        reason = "the schedule is given, and no instalment is"
        raise EventError(f"{name}: events", reason, 'Add events of kind "instalment".')
    given_fen = sum(row.amount_fen for row in rows) + terms.down_payment_fen
    if given_fen != terms.principal_fen:
        reason = (
            f"the principal given is {given_fen} fen in sum, and the loan {terms.principal_fen}"
        )
        raise EventError(f"{name}: events", reason, "Correct an instalment, or [terms].")


def _check_policy(policy: Policy, name: str) -> None:
    """Refuse limits that are negative or do not rise; a day would have no bucket or two."""
    for names in (_AGEING, _GRADES):
        floor, below = "0", 0
        for field in names:
            days = getattr(policy, field)
            if days < below:
                reason = f"is less than {floor}"
                raise TermsError(f"{name}: policy.{field}", reason, "Let the days rise.")
            floor, below = field, days


def _parse(text: str, name: str) -> dict[str, Any]:
    """Parse JSON or TOML; a parser's error becomes one line with its place."""
    if name.endswith(".json") or text.lstrip().startswith("{"):
        return parse_object(text, name, SourceError, whole=False)
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise SourceError(name, "it is nested too deeply", "Write plain tables.") from None
    except tomllib.TOMLDecodeError as error:
        raise SourceError(name, f"it is not TOML: {error}", "Correct that place.") from None
    except ValueError:  # what Python says of it names a switch of its own
        reason = "a number in it has thousands of digits"
        raise SourceError(name, reason, "Correct that place.") from None
