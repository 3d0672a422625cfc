"""The command line: which commands there are, and how an error reads.

A command lives in a file of its own beside this one, with a function
``register(app)``. Such a file imports nothing heavy at its top; what a command needs it
imports when it runs, so that ``kuanxian --version`` and ``kuanxian loan schedule`` start
at once. ``tests/cli/test_main.py`` holds them to it.

An error a person can act on is two lines on standard error and exit code 2. No command
ends in a stack trace; ``KUANXIAN_TRACEBACK=1`` asks for one.
"""

import errno
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from kuanxian import __version__
from kuanxian.base.errors import KuanxianError

COMMANDS = (
    "demo",
    "loan",
    "intake",
    "simulate",
    "close",
    "law",
    "screen",
    "provider",
    "up",
    "down",
    "person",
    "vault",
    "journal",
    "contact",
    "api",
)
"""The files of ``kuanxian.cli`` that hold commands, in the order ``--help`` shows them."""

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
NO_RIGHT = "42501"
"""PostgreSQL's own word for a right that a login has not."""
EXIT_ERROR = 2
EXIT_DEFECT = 70
EXIT_INTERRUPTED = 130


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit.

    Args:
        args: The words after ``kuanxian``; None takes them from the process.

    Raises:
        SystemExit: Always. Code 0: done; 2: an error that the message explains;
            70: a defect of this program; 130: interrupted.
    """
    try:
        build()(args=args, prog_name="kuanxian")
    except KuanxianError as error:
        _fail(f"{error.subject}: {error.reason}", error.advice)
    except OSError as error:
        if error.errno in NO_ROOM:
            _fail("the disk: there is no room left", "make room and run the same command again")
        _fail(f"{error.filename or 'the system'}: {error.strerror or error}")
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - a person never gets a stack trace
        _confess(error)
    sys.exit(0)


class InOrder(TyperGroup):
    """The commands in the order of ``COMMANDS``, which is the order of the work."""

    def list_commands(self, ctx: Any) -> list[str]:
        """List the names of the commands that are there."""
        return sorted(super().list_commands(ctx), key=COMMANDS.index)

    def make_context(self, *args: Any, **extra: Any) -> Any:
        """Read the words before the command."""
        with _numbers_unsaid():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: Any) -> Any:
        """Read the rest, and run the command."""
        with _numbers_unsaid():
            return super().invoke(ctx)


@contextmanager
def _numbers_unsaid() -> Iterator[None]:
    """Say what was typed in a wrong place without a person's number: it may go to a job's log."""
    try:
        yield
    except Exception as error:
        if isinstance(said := getattr(error, "message", None), str):
            error.message = _unsaid(said)  # type: ignore[attr-defined]
        raise


def _unsaid(said: str) -> str:
    from kuanxian.base.personal import without_numbers

    return without_numbers(said)


def build() -> typer.Typer:
    """Build the application with every command that is there."""
    app = typer.Typer(
        cls=InOrder,
        help="Kuanxian 宽限: say for every loan where it stands, and why.",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    for name in COMMANDS:
        module = f"kuanxian.cli.{name}"
        if find_spec(module) is not None:
            import_module(module).register(app)
    return app


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"kuanxian {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Show the version and exit.",
            is_eager=True,
            callback=_show_version,
        ),
    ] = False,
) -> None:
    """Take the options that stand before a command."""


def _fail(message: str, advice: str = "") -> NoReturn:
    """Print an error that a person can act on, and exit."""
    print(f"error: {_unsaid(message)}", file=sys.stderr)
    if advice:
        print(_unsaid(advice), file=sys.stderr)
    sys.exit(EXIT_ERROR)


def _confess(error: Exception) -> NoReturn:
    """Own up to a defect without a stack trace, unless one was asked for.

    The text of the exception is left out: it may quote a row of somebody's loan file. What the
    database says of a right that is missing quotes none.
    """
    said = getattr(error, "orig", None)
    if getattr(said, "sqlstate", None) == NO_RIGHT:
        advice = "The login has not that right: see docs/how-to/use-your-own-postgresql.md."
        _fail(f"the database: {str(said).splitlines()[0]}", advice)
    if os.environ.get("KUANXIAN_TRACEBACK"):
        raise error
    print(f"error: kuanxian: a defect in this program ({type(error).__name__})", file=sys.stderr)
    print("Run it again with KUANXIAN_TRACEBACK=1 and report what it prints.", file=sys.stderr)
    sys.exit(EXIT_DEFECT)
