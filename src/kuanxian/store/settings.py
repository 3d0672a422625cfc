"""What the embedded server is told: durability, who may come in, what its log may hold."""

from collections.abc import Sequence
from pathlib import Path

LISTEN = {"listen_addresses": "''", "unix_socket_permissions": "0700"}

DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
"""An answer means it is on the disk. These are the defaults, written down so they stay so."""

LOG = {
    # A failing statement and its parameters may hold a person's data: neither is written.
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    # Without this, a broken constraint prints the row it was about.
    "log_error_verbosity": "terse",
    "log_timezone": "UTC",
}

ROOM = {
    "max_connections": "120",
    "shared_buffers": "128MB",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "timezone": "UTC",
    "datestyle": "'ISO, YMD'",
    "row_security": "on",
}


def settings(sockets: Path) -> str:
    """Write the settings file.

    Args:
        sockets: The folder of the Unix socket.
    """
    quoted = str(sockets).replace("'", "''")
    chosen = {"unix_socket_directories": f"'{quoted}'"} | LISTEN | DURABLE | LOG | ROOM
    return "".join(f"{name} = {value}\n" for name, value in chosen.items())


def host_rules(people: Sequence[str] = ()) -> tuple[str, str]:
    """Write who may come in: over the socket alone, system accounts that are named.

    Args:
        people: The system accounts: the server's own and the one that starts it.

    Returns:
        ``pg_hba.conf`` and ``pg_ident.conf``. Which login a program takes is its own choice
        there: on one machine under one account, no password would keep it from another.
    """
    admitted = "local all all peer map=kuanxian\n"
    return admitted, "".join(f"kuanxian {person} all\n" for person in people)
