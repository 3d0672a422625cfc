"""Errors carry their values; their text is put together from them."""

import pytest

from kuanxian.base import errors
from kuanxian.base.errors import KuanxianError, RulebookError, RuleFileError, TermsError


def test_an_error_keeps_subject_reason_and_advice_apart() -> None:
    error = TermsError("rate_ppb", "must be 0 to 400 % a year", "Write a rate.")

    assert (error.subject, error.reason, error.advice) == (
        "rate_ppb",
        "must be 0 to 400 % a year",
        "Write a rate.",
    )
    assert str(error) == "rate_ppb: must be 0 to 400 % a year: Write a rate."


def test_an_error_without_advice_ends_after_the_reason() -> None:
    assert str(TermsError("seq", "is used twice")) == "seq: is used twice"


@pytest.mark.parametrize(
    "name", ["TermsError", "EventError", "LayoutError", "SourceError", "BookError", "CloseError",
             "StoreError", "JournalError", "EntryError", "ConflictError", "RepeatedKeyError",
             "NoRateError"]
)  # fmt: skip
def test_every_error_is_caught_as_ours(name: str) -> None:
    with pytest.raises(KuanxianError, match="a: b"):
        raise getattr(errors, name)("a", "b")


def test_a_rulebook_names_the_first_mistake_and_counts_the_others() -> None:
    first = RuleFileError("cn/a.toml", 3, "has no source", "Name one.")
    one = RulebookError("cn", (first,))
    three = RulebookError("cn", (first, first, first))

    assert (first.file, first.line) == ("cn/a.toml", 3)
    assert (str(one), one.problems) == ("cn: cn/a.toml:3: has no source: Name one.", (first,))
    assert str(three) == "cn: cn/a.toml:3: has no source (and 2 more): Name one."
