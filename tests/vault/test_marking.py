"""A mark that is taken back tells nothing; what became of one that stands is told once."""

from typing import Any

import pytest
import sqlalchemy as sa
from tests.vault.conftest import PHONE, Dialler, Room

from kuanxian.base.errors import GrantError
from kuanxian.vault.blind import blind
from kuanxian.vault.opening import SUBJECT_ACCESS, open_for
from kuanxian.vault.purposes import purposes
from kuanxian.vault.values import take_value

MARK = sa.text(
    "SELECT vault.mark_opening(:grant_id, :decision_id, :person_id, :field, :purpose, :channel)"
)
FETCH = sa.text("SELECT * FROM vault.fetch_opening(:opening)")


def outcomes(connection: sa.Connection, opening: object) -> list[str]:
    """Ask for a marked opening; say what was answered."""
    return [row.outcome for row in connection.execute(FETCH, {"opening": opening})]


def test_who_takes_the_mark_back_gets_no_bytes(room: Room) -> None:
    person = room.person()
    words = room.handle(person)._asdict()
    with room.keeper.engine.connect() as connection:
        with connection.begin() as outer:
            opening = connection.scalar(MARK, words)
            inside = connection.begin_nested()
            assert outcomes(connection, opening) == []
            inside.rollback()
            assert outcomes(connection, opening) == []
            outer.rollback()
        with connection.begin():
            assert outcomes(connection, opening) == []
    assert room.kinds(person).count("value.opened") == 0


def test_who_takes_the_answer_back_is_not_told_again(room: Room) -> None:
    person = room.person()
    words = room.handle(person)._asdict()
    with room.keeper.engine.connect() as connection:
        with connection.begin():
            opening = connection.scalar(MARK, words)
        with connection.begin() as second:
            assert outcomes(connection, opening) == ["marked"]
            second.rollback()
        for reset in ("SELECT 1", "DISCARD SEQUENCES", "DISCARD ALL"):
            connection.rollback()
            raw: Any = connection.connection.driver_connection
            raw.autocommit = True
            raw.execute(reset)
            raw.autocommit = False
            with connection.begin():
                assert outcomes(connection, opening) == []
        with pytest.raises(sa.exc.ProgrammingError), connection.begin():
            connection.execute(sa.text("SELECT setval('vault.opening_numbers', 1)"))
    assert room.kinds(person).count("value.opened") == 1


def test_a_marked_opening_is_answered_in_its_session_and_within_a_minute(room: Room) -> None:
    person = room.person()
    with room.keeper.engine.connect() as connection, room.keeper.engine.connect() as other:
        openings = []
        for _ in range(3):
            with connection.begin():
                openings.append(connection.scalar(MARK, room.handle(person)._asdict()))
        with other.begin():
            assert outcomes(other, openings[2]) == []
        for opening, told in zip([*openings, "made-up"], [[], [], ["marked"], []], strict=True):
            with connection.begin():
                assert outcomes(connection, opening) == told
        with connection.begin():
            late = connection.scalar(MARK, room.handle(person)._asdict())
        room.as_owner("UPDATE vault.opening SET marked_at = marked_at - interval '61 s' "
                      "WHERE opening_id = :o", o=late)  # fmt: skip
        with connection.begin():
            assert outcomes(connection, late) == []


COUNTED = sa.text(
    "SELECT schemaname, relname, seq_scan, seq_tup_read, idx_scan, idx_tup_fetch, n_tup_ins, "
    "n_tup_upd, n_tup_del "
    "FROM pg_stat_xact_all_tables WHERE schemaname IN ('vault', 'journal', 'consent', 'casework') "
    "ORDER BY 1, 2"
)
FIND = sa.text("SELECT * FROM vault.find('lender-1', 'phone', :digest, 'officer-1')")
HELD = sa.text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = "
               "pg_backend_pid()")  # fmt: skip


def test_a_mark_taken_back_does_not_tell_a_poison_from_anybody_else(room: Room) -> None:
    poison, person = room.person(phone="17405000009"), room.person(phone="17405000008")
    room.as_owner("SELECT vault.poison('lender-1', :p, 'chief')", p=poison)
    other = room.person()
    next_one = room.handle(other)._asdict()
    digest = blind(room.keeper.index_key, "phone", take_value("phone", PHONE))
    seen = []
    for one in (poison, person):
        words = room.handle(one)._asdict()
        for _ in range(2):  # the first call of a session plans, and reads more
            with room.keeper.engine.connect() as connection:
                assert len(str(connection.scalar(MARK, words))) == 36
                # Nor does what the same officer asks next in it, before all is taken back.
                assert connection.scalars(FIND, {"digest": digest}).all() == [other]
                assert connection.scalar(MARK, next_one)
                seen.append((connection.execute(COUNTED).all(), connection.scalar(HELD)))
                connection.rollback()
    assert seen[1] == seen[3]
    assert seen[1][0]
    open_for(room.keeper, room.handle(person), Dialler())


def test_an_alarm_freezes_from_the_mark_on_whether_or_not_the_answer_is_fetched(room: Room) -> None:
    poison, person = room.person(phone="17405000009"), room.person()
    room.as_owner("SELECT vault.poison('lender-1', :p, 'chief')", p=poison)
    words = room.handle(poison, officer="officer-3")._asdict()
    with room.keeper.engine.connect() as connection:
        with connection.begin():
            opening = connection.scalar(MARK, words)
        with connection.begin() as second:
            assert outcomes(connection, opening) == ["restricted"]
            second.rollback()
    with pytest.raises(GrantError, match="until somebody else lifts it"):
        room.handle(person, officer="officer-3")


@pytest.mark.parametrize("purpose", ["marketing", "report_credit", "made_up"])
def test_a_purpose_nobody_was_asked_about_opens_nothing(room: Room, purpose: str) -> None:
    person = room.person()
    with pytest.raises(GrantError, match="gave none"):
        open_for(room.keeper, room.handle(person, purpose=purpose), Dialler())
    assert room.marks(person)[-1][1]["refused"] == "not_asked"


def test_no_purpose_that_asks_for_consent_stands_on_another_ground(room: Room) -> None:
    with room.app.connect() as connection:
        grounds = set(connection.scalars(sa.text("SELECT purpose FROM consent.other_ground")))
    assert grounds.isdisjoint(purposes())
    assert SUBJECT_ACCESS in grounds
