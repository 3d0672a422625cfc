"""A place is an address; what is no address is refused without quoting it."""

import pytest

from kuanxian.base.errors import StoreError
from kuanxian.store.place import lender_place, where

BAD = [
    "mysql://a:hunter2@b/c",
    "postgresql://a:hunter2@b",
    "hunter2",
    "",
    "postgresql://a:hunter2@b:x/c",
]


@pytest.mark.parametrize("address", BAD)
def test_what_is_no_postgresql_address_is_refused_and_not_quoted(address: str) -> None:
    with pytest.raises(StoreError, match="not a PostgreSQL address") as caught:
        lender_place(address)
    assert "hunter2" not in str(caught.value)


def test_a_password_is_not_shown() -> None:
    place = lender_place("postgres://a:hunter2@db.internal:6432/loans")
    assert "hunter2" not in f"{place} {place!r} {where(place.url)}"
    assert where(place.url) == "database loans on db.internal"
