"""``kuanxian up`` and ``kuanxian down``: the database, its schema, and where it is."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kuanxian.store.place import Place

DATA_HELP = "The data folder of the embedded server; KUANXIAN_DATA says so too."
URL_HELP = "A PostgreSQL of your own instead; KUANXIAN_DATABASE_URL says so too."
LOGIN_VARIABLES = {
    "kx_owner": "KUANXIAN_OWNER_URL", "kx_app": "KUANXIAN_APP_URL",
    "kx_vault": "KUANXIAN_VAULT_URL", "kx_audit": "KUANXIAN_AUDIT_URL",
}  # fmt: skip
"""Where the address of a group's own login stands, on a PostgreSQL of your own."""
JSON_HELP = "Print it as JSON, for a program."

Data = Annotated[Path | None, typer.Option("--data", help=DATA_HELP, show_default=False)]
Url = Annotated[str | None, typer.Option("--database-url", help=URL_HELP, show_default=False)]


def register(app: typer.Typer) -> None:
    """Add ``kuanxian up`` and ``kuanxian down`` to the command line."""
    app.command("up")(up)
    app.command("down")(down)


def up(
    data: Data = None,
    database_url: Url = None,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Start the database that comes with the package, and bring its schema up to date.

    It runs on until kuanxian down. With --database-url nothing is started: the schema of
    that database is brought up to date.

    \b
    Examples:
      kuanxian up
      kuanxian up --data books/db
      kuanxian up --database-url postgresql://migrator@db.example/loans
    """  # noqa: D301 - click reads the backspace, which a raw string would not hold
    from kuanxian.store.up import bring_up

    url = chosen_address(database_url, data)
    owner = os.environ.get(LOGIN_VARIABLES["kx_owner"])
    standing = bring_up(owner if url and owner and not database_url else url, chosen_data(data))
    address = standing.place.url.render_as_string(hide_password=True)
    if as_json:
        facts = {"address": address, "postgresql": standing.version, "schema": standing.revision,
                 "mended": standing.mended}  # fmt: skip
        typer.echo(json.dumps(facts, sort_keys=True))
        return
    typer.echo(f"PostgreSQL {standing.version} is up, schema {standing.revision}")
    typer.echo(f"at {address}")
    for gap in standing.mended:
        typer.echo(f"put back: {gap}, which somebody had taken away")


def down(data: Data = None) -> None:
    """Stop the database that comes with the package; everything is written down first.

    \b
    Example:
      kuanxian down
    """  # noqa: D301 - click reads the backspace, which a raw string would not hold
    from kuanxian.store.server import server_in, stop

    folder = chosen_data(data)
    was_up = stop(server_in(folder))
    typer.echo(f"stopped: {folder}" if was_up else f"no server was running in {folder}")


def chosen_url(given: str | None) -> str | None:
    """Take the address of the option, else of the environment, else none.

    Where the environment names groups' logins alone, that is a database too, and not the embedded.
    """
    said = ("KUANXIAN_DATABASE_URL", *LOGIN_VARIABLES.values())
    return given or next(filter(None, map(os.environ.get, said)), None)


def chosen_address(url: str | None, data: Path | None) -> str | None:
    """Take the address of a database, but of none that was not meant.

    Raises:
        StoreError: ``--data`` names the embedded server and the environment another database.
    """
    from kuanxian.base.errors import StoreError

    if url is None and data is not None and chosen_url(None) is not None:
        advice = "Leave --data out, or unset KUANXIAN_DATABASE_URL and the addresses of the logins."
        raise StoreError("--data", "the environment names another database", advice)
    return chosen_url(url)


def chosen_data(given: Path | None) -> Path:
    """Take the data folder of the option, else of the environment, else the usual one."""
    said = os.environ.get("KUANXIAN_DATA")
    if given or said:
        return given or Path(said or "")
    if os.geteuid() == 0:
        return Path("/var/lib/kuanxian")
    homes = os.environ.get("XDG_DATA_HOME")
    return (Path(homes) if homes else Path.home() / ".local" / "share") / "kuanxian"


def chosen_place(url: str | None, data: Path | None) -> "Place":
    """Choose the database, and on a PostgreSQL of your own who logs in for each group.

    Raises:
        StoreError: An address is none, or the environment names another database than the option:
            what was meant for the one would be done in the other.
    """
    from kuanxian.base.errors import StoreError
    from kuanxian.store.place import server_of
    from kuanxian.store.up import find_place

    logins = {group: os.environ.get(name, "") for group, name in LOGIN_VARIABLES.items()}
    own = {group: address for group, address in logins.items() if address}
    place = find_place(chosen_address(url, data), chosen_data(data), own)
    for group, address in place.logins if url else ():
        if server_of(address) != server_of(place.url):
            advice = "Unset it, or set it to a login there."
            reason = "it names another server than --database-url"
            raise StoreError(LOGIN_VARIABLES[group], reason, advice)
    return place
