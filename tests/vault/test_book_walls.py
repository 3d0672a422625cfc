"""Which cases a role sees is no login's to take away, and an empty view is no answer."""

from datetime import date

import pytest
import sqlalchemy as sa
from tests.vault.conftest import Room
from tests.vault.test_walls import assign

from kuanxian.action.caseload import list_cases
from kuanxian.base.errors import StoreError
from kuanxian.close.clock_dates import dates_of
from kuanxian.store.place import ADMIN
from kuanxian.store.roles import AGENCY, APP, AUDIT, VAULT
from kuanxian.store.walls import gaps_in_walls, mend_walls
from kuanxian.vault.acts import acts_of

GONE = r"row policy whole_book of casework\.cases"
CASES = sa.text("SELECT case_id FROM casework.cases ORDER BY case_id")


ASSIGNED = sa.text("SELECT case_id FROM casework.assigned_cases() ORDER BY case_id")


def seen(engine: sa.Engine, question: sa.TextClause = CASES) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(question))


def test_a_login_that_drops_what_its_group_owns_takes_no_view_away(room: Room) -> None:
    one, other = room.agency("agency-1"), room.agency("agency-2")
    assign(room, case="one", agency="agency-1")
    assign(room, case="two", agency="agency-2")
    logins = {AGENCY: one, AUDIT: room.audit, APP: room.app, VAULT: room.keeper.engine}
    for group, engine in logins.items():
        with engine.begin() as connection:
            connection.execute(sa.text(f"DROP OWNED BY {group}"))
    assert [seen(engine, ASSIGNED) for engine in (one, other)] == [["one"], ["two"]]
    room.as_owner("GRANT SELECT ON casework.cases, casework.assignment TO kx_agency")
    assert [seen(engine) for engine in (one, other)] == [["one"], ["two"]]
    assert [seen(engine) for engine in (room.audit, room.app)] == [["one", "two"]] * 2
    assign(room, case="three", agency="agency-2")
    with room.audit.connect() as connection:
        assert gaps_in_walls(connection) == []
    room.person()


def test_who_may_not_see_the_cases_is_refused_and_never_answered_with_none(room: Room) -> None:
    room.agency("agency-1")
    assign(room, case="one", agency="agency-1")
    room.as_owner("DROP POLICY whole_book ON casework.cases")
    assert seen(room.app) == []  # what PostgreSQL says, and nobody here believes
    with room.audit.connect() as connection:
        with pytest.raises(StoreError, match=GONE):
            dates_of(connection, "lender-1", ["p-1"], date(2026, 1, 31))
        with pytest.raises(StoreError, match=GONE):
            acts_of(connection, "lender-1", "p-1", None)
    with pytest.raises(StoreError, match=GONE) as caught:
        list_cases(room.app)
    assert "kuanxian up" in caught.value.advice


def test_up_puts_back_what_is_missing_and_says_what_it_was(room: Room) -> None:
    room.agency("agency-1")
    assign(room, case="one", agency="agency-1")
    room.as_owner("DROP POLICY own_cases ON casework.assignment")
    room.as_owner("REVOKE SELECT ON casework.cases FROM kx_app")
    room.as_owner("ALTER TABLE casework.cases DISABLE ROW LEVEL SECURITY")
    gone = ["the row policy own_cases of casework.assignment", "the rows of casework.cases",
            "the right of kx_app to read casework.cases"]  # fmt: skip
    with room.database.engine(ADMIN).connect() as connection:
        assert sorted(gaps_in_walls(connection)) == sorted(gone)
        connection.rollback()
        assert sorted(mend_walls(connection)) == sorted(gone)
        assert mend_walls(connection) == []
    assert seen(room.app) == ["one"]
