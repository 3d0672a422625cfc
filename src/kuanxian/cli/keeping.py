"""What the commands on people share: which vault, whose keys, and typing a value in."""

import os
import sys
from contextlib import contextmanager
from datetime import UTC, date, datetime
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from kuanxian.cli.up import Data, Url, chosen_place

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa

    from kuanxian.store.place import Place
    from kuanxian.vault.keeper import Keeper
    from kuanxian.vault.keys import KeyHolder
    from kuanxian.vault.secret import SecretBytes

__all__ = ["Data", "Url"]

TENANT_HELP = "The lender; KUANXIAN_TENANT says so too."
KEYS_HELP = "The key file; KUANXIAN_KEY_FILE says so too, and KUANXIAN_KEYS holds keys itself."
ACTOR_HELP = "Who does it: a pseudonymous id, for the journal; KUANXIAN_ACTOR says so too."
DAYS_HELP = "How many days the longest-kept backup of the database lives."

Tenant = Annotated[str, typer.Option("--tenant", envvar="KUANXIAN_TENANT", help=TENANT_HELP)]
KeyFile = Annotated[Path | None, typer.Option("--keys", envvar="KUANXIAN_KEY_FILE", help=KEYS_HELP)]
Actor = Annotated[str, typer.Option("--actor", envvar="KUANXIAN_ACTOR", help=ACTOR_HELP)]
BackupDays = Annotated[int, typer.Option("--backup-days", help=DAYS_HELP, min=0, max=3660)]
AsJson = Annotated[bool, typer.Option("--json", help="Print it as JSON, for a program.")]

TYPED_BYTES_MAX: Final = 2_000


def config_folder() -> Path:
    """Give the folder of keys where none is named."""
    if os.geteuid() == 0:
        return Path("/etc/kuanxian")
    homes = os.environ.get("XDG_CONFIG_HOME")
    return (Path(homes) if homes else Path.home() / ".config") / "kuanxian"


class Common:
    """The options every command on people takes, as they came."""

    def __init__(self, context: typer.Context) -> None:
        self.given = context.obj or {}

    @property
    def place(self) -> "Place":
        """Which database."""
        return chosen_place(self.given["url"], self.given["data"])

    def engine(self, group: str, pool_max: int = 0) -> "sa.Engine":
        """Log in as one group, before anything is done, so that a missing login is said then.

        Raises:
            StoreError: The server is not there, or the login may not take the role.
        """
        from kuanxian.store.place import engine, open_connection

        made = engine(self.place, group, pool_max=pool_max)
        open_connection(made).close()
        return made

    def key_folder(self) -> Path:
        """Give the folder of keys: never inside the data folder, so that one theft is not two."""
        if self.given["keys"]:
            return Path(self.given["keys"]).parent
        return config_folder()

    def key_file(self) -> Path:
        """Give the key file."""
        return Path(self.given["keys"] or self.key_folder() / "keys")

    def tenant_file(self) -> Path:
        """Give the file of tenant keys, beside the key file."""
        from kuanxian.vault.tenant_keys import tenant_file

        return tenant_file(self.key_file())

    def holder(self) -> "KeyHolder":
        """Give who holds the keys: the environment, else the file."""
        from kuanxian.vault.key_file import VARIABLE, read_environment, read_key_file

        if os.environ.get(VARIABLE):
            return read_environment(os.environ)
        return read_key_file(self.key_file())

    @contextmanager
    def keeper(self) -> "Iterator[Keeper]":
        """Open the vault of the tenant."""
        from kuanxian.store.roles import VAULT
        from kuanxian.vault.keeper import Keeper
        from kuanxian.vault.seal import check_word

        check_word("--actor", self.given["actor"])
        holder = self.holder()
        made = self.engine(VAULT, pool_max=2)
        try:
            index, stop = self.tenant_keys(made, holder)
            yield Keeper(self.given["tenant"], made, holder, index, stop, self.given["actor"],
                         backup_days=self.given["backup_days"])  # fmt: skip
        finally:
            made.dispose()

    def tenant_keys(
        self, vault: "sa.Engine", holder: "KeyHolder"
    ) -> "tuple[SecretBytes, SecretBytes]":
        """Give the tenant's index key and stop key, by which its people were put in.

        Raises:
            KeyHolderError: They were put in under others, or the file is not there or is damaged.
        """
        from kuanxian.vault.index_check import check_index, may_make_index
        from kuanxian.vault.seal import check_tenant
        from kuanxian.vault.tenant_keys import INDEX, STOP, make_tenant_file, tenant_key

        path, tenant = self.tenant_file(), check_tenant(self.given["tenant"])
        may_make = may_make_index(vault, tenant)
        if may_make:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            make_tenant_file(path)
        index, stop = (
            tenant_key(path, holder, tenant, use, may_make=may_make) for use in (INDEX, STOP)
        )
        check_index(vault, tenant, index)
        return index, stop


def take_common(
    context: typer.Context,
    tenant: Tenant = "lender-1",
    keys: KeyFile = None,
    actor: Actor = "operator",
    backup_days: BackupDays = 35,
    data: Data = None,
    database_url: Url = None,
) -> None:
    """Keep the options that stand before the word of a command."""
    context.obj = {"tenant": tenant, "keys": keys, "actor": actor, "backup_days": backup_days,
                   "data": data, "url": database_url}  # fmt: skip


def read_typed(what: str) -> str:
    """Read one value: hidden at a terminal, else one line of standard input.

    Never an argument: arguments are seen by everybody on the machine.

    Raises:
        FieldError: There are several lines: values are typed one by one.
        AddressBookError: What was put in is shaped like an address book.
    """
    from kuanxian.base.errors import FieldError
    from kuanxian.door.refuse import refuse_address_book

    if sys.stdin.isatty():
        return getpass(f"{what}: ")
    data = sys.stdin.buffer.read(TYPED_BYTES_MAX + 1)
    refuse_address_book(data, "standard input")
    lines = data.decode("utf-8", "replace").strip().splitlines()
    if len(lines) != 1 or len(data) > TYPED_BYTES_MAX:
        raise FieldError(what, "it is not one line", "Type one value at a time.")
    return lines[0]


def now() -> datetime:
    """Read the clock."""
    return datetime.now(UTC)


def today() -> date:
    """Read the day at the lender: mainland China has one time zone."""
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo("Asia/Shanghai")).date()
