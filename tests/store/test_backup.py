"""A dump is restored by the commands of the guide, and stands as it stood."""

import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.databases import Database
from tests.vault.conftest import Room
from tests.vault.conftest import room as room_of

from kuanxian.journal.verify import verify
from kuanxian.store import server
from kuanxian.store.place import ADMIN, embedded_place, engine
from kuanxian.store.roles import AUDIT, LOGINS
from kuanxian.store.up import bring_up
from kuanxian.store.walls import mend_database
from kuanxian.vault.people import find_people

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "back-up-and-restore.md"
MAY_MAKE = sa.text("SELECT has_database_privilege('kx_agency', current_database(), 'TEMP')")
room = room_of


@pytest.fixture
def database(own_server: Database) -> Database:
    """Give a server of its own, as the guide has it."""
    return own_server


def commands(starting: str) -> list[str]:
    """Take the commands of the guide that begin with a word."""
    text = GUIDE.read_text("utf-8").replace("\\\n", " ")
    return [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
            for line in block.splitlines() if line.startswith(starting)]  # fmt: skip


def run(command: str, programs: Path, **places: Path) -> None:
    words = {f"${name.upper()}": str(place) for name, place in places.items()}
    line = [re.sub(r"\$[A-Z]+", lambda one: words[one[0]], word.strip('"'))
            for word in command.split()]  # fmt: skip
    subprocess.run([str(programs / "bin" / line[0]), *line[1:]], check=True, capture_output=True)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder that the server's account can enter."""
    with tempfile.TemporaryDirectory(prefix="kx") as name:
        Path(name).chmod(0o711)
        yield Path(name)


def test_the_dump_of_the_guide_restores_into_an_empty_folder(room: Room, folder: Path) -> None:
    person = room.person(phone="17405000009")
    running = room.database.running
    programs, other = running.server.programs, server.server_in(folder / "db")
    dump = folder / "kuanxian.dump"
    with engine(embedded_place(running.server.sockets), ADMIN).begin() as connection:
        connection.execute(
            sa.text("CREATE ROLE agency_9 LOGIN PASSWORD 'made up' IN ROLE kx_agency")
        )
    for command in (*commands("pg_dump "), *commands("pg_dumpall ")):
        run(command, programs, sockets=running.server.sockets, dump=dump)
    bring_up(None, other.data)
    try:
        for command in (*commands("psql "), *commands("pg_restore ")):
            run(command, programs, sockets=other.sockets, dump=dump)
        assert bring_up(None, other.data).mended == []
        there = embedded_place(other.sockets)
        with engine(there, AUDIT).connect() as connection:
            report = verify(connection)
            assert (report.is_intact, report.entries > 0) == (True, True)
        with engine(there, ADMIN).connect() as connection:
            assert connection.scalar(MAY_MAKE) is False
            agency = sa.text("SELECT pg_has_role('agency_9', 'kx_agency', 'MEMBER')")
            assert connection.scalar(agency) is True
        keeper = room.keeper._replace(engine=engine(there, "kx_vault"))
        assert find_people(keeper, "phone", "17405000009") == (person,)
    finally:
        server.stop(other)


def test_what_a_dump_without_the_database_lost_is_put_back(fresh_database: Database) -> None:
    name = fresh_database.place.url.database
    with fresh_database.engine(ADMIN).connect() as connection:
        assert mend_database(connection) == []
        with connection.begin():
            connection.execute(sa.text(f"GRANT TEMPORARY ON DATABASE {name} TO PUBLIC"))
            connection.execute(sa.text(f"REVOKE ALL ON DATABASE {name} FROM kx_owner"))
        assert len(mend_database(connection)) == 2
        assert mend_database(connection) == []
        assert connection.scalar(MAY_MAKE) is False
    with engine(
        fresh_database.place._replace(
            url=fresh_database.place.url.set(username=LOGINS["kx_owner"])
        ),
        "kx_owner",
    ).connect() as connection:
        connection.execute(sa.text("CREATE SCHEMA another"))
