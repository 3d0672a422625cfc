"""``kuanxian journal``: verify the store, sign it, prove things about it, hand out evidence."""

import base64
import json
import secrets
from pathlib import Path
from typing import Annotated

import typer

from kuanxian.cli import journal_books
from kuanxian.cli.journal_place import chosen_verifier, connected, key_path, missing_key
from kuanxian.cli.up import Data, Url

KEY_HELP = (
    "The key file; KUANXIAN_JOURNAL_KEY says so too. By default journal.key in the folder of "
    "keys, outside the data folder."
)
PUBLIC_HELP = "The public key, name+id+key, or a file that holds it."
NAME_HELP = "The log's name, one word, when its key is made: lender.example/journal."
OUT_HELP = "Where to write; by default standard output."
JSON_HELP = "Print JSON for a program."
EXIT_FOUND = 1
"""Something is not as it was."""

Key = Annotated[Path | None, typer.Option("--key", help=KEY_HELP, show_default=False)]
Public = Annotated[str | None, typer.Option("--public-key", help=PUBLIC_HELP, show_default=False)]
Json = Annotated[bool, typer.Option("--json", help=JSON_HELP)]


def register(app: typer.Typer) -> None:
    """Add ``kuanxian journal`` to the command line."""
    group = typer.Typer(
        help="The journal: verify it, sign it, prove what is in it, hand out evidence.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command("verify")(verify)
    group.command("checkpoint")(checkpoint)
    group.command("prove")(prove)
    group.command("evidence")(evidence)
    journal_books.register(group)
    app.add_typer(group, name="journal")


def verify(
    data: Data = None,
    database_url: Url = None,
    key: Key = None,
    public_key: Public = None,
    as_json: Json = False,
) -> None:
    """Check every entry, every chain, the log and every checkpoint; say where it is not so.

    Exit code 1 where something was found. Without a key, signatures are not checked, and the
    command says so.

    \b
    Examples:
      kuanxian journal verify
      kuanxian journal verify --public-key key.txt --json
    """  # noqa: D301 - the help page reads a real backspace
    from kuanxian.journal.verify import verify as verify_store
    from kuanxian.store.walls import gaps_in_walls

    verifier = chosen_verifier(key, public_key)
    with connected(data, database_url, "kx_audit") as connection:
        report = verify_store(connection, verifier)
        gaps = gaps_in_walls(connection)
    if as_json:
        facts = report._asdict() | {
            "root": report.root.hex(),
            "findings": [finding._asdict() for finding in report.findings],
            "signatures_checked": verifier is not None,
            "unsigned": report.unsigned,
            "walls_missing": gaps,
        }
        typer.echo(json.dumps(facts, sort_keys=True))
    else:
        typer.echo(f"{report.entries:,} entries in {report.streams:,} streams")
        typer.echo(f"{report.leaves:,} in the log, {report.pending:,} not yet")
        signed = "" if verifier else "; signatures were not checked, for want of a key"
        typer.echo(f"{report.checkpoints:,} checkpoints, up to {report.signed_size:,}{signed}")
        if report.unsigned > 0:
            typer.echo(
                f"the newest {report.unsigned:,} entries are under no checkpoint: were one of them "
                "removed by who owns the database, this would not show it"
            )
        for finding in report.findings:
            typer.echo(f"{finding.where}: {finding.field}: {finding.what}")
        typer.echo("intact" if report.is_intact else f"{len(report.findings)} findings")
        for gap in gaps:
            typer.echo(f"not of the journal, but missing: {gap}; kuanxian up puts it back")
    raise typer.Exit(0 if report.is_intact and not gaps else EXIT_FOUND)


def checkpoint(
    data: Data = None,
    database_url: Url = None,
    key: Key = None,
    name: Annotated[str | None, typer.Option("--name", help=NAME_HELP, show_default=False)] = None,
    out: Annotated[Path | None, typer.Option("--out", help=OUT_HELP, show_default=False)] = None,
) -> None:
    """Put every committed entry into the log, sign its size and root, and print the note.

    Send the note to whoever should be able to hold you to it. The first time, --name makes the
    key, outside the data folder; keep it apart from the database and its backups.

    \b
    Examples:
      kuanxian journal checkpoint --name lender.example/journal
      kuanxian journal checkpoint --out today.txt
    """  # noqa: D301 - the help page reads a real backspace
    import sqlalchemy as sa

    from kuanxian.journal.checkpoint import Checkpoint, sign
    from kuanxian.journal.keys import make_key, read_key
    from kuanxian.journal.log import Log, integrate

    path = key_path(key)
    if name:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    signer = make_key(path, name, secrets.token_bytes(32)) if name else read_key(path)
    with connected(data, database_url, "kx_app") as connection:
        with connection.begin():
            integrate(connection)
        with connection.begin():
            log = Log(connection)
            note = sign(Checkpoint(signer.name, log.size, log.root()), signer)
            call = sa.text("SELECT journal.add_checkpoint(:size, :note)")
            connection.execute(call, {"size": log.size, "note": note})
    if out:
        out.write_text(note, encoding="utf-8")
    else:
        typer.echo(note, nl=False)
    typer.echo(f"public key: {signer.verifier}", err=True)


def prove(
    entry: Annotated[
        int | None, typer.Option("--entry", help="The number of an entry.", show_default=False)
    ] = None,
    since: Annotated[
        Path | None, typer.Option("--since", help="An earlier checkpoint.", show_default=False)
    ] = None,
    data: Data = None,
    database_url: Url = None,
) -> None:
    """Prove against the newest checkpoint: that an entry is in it, or that it only grew.

    \b
    Examples:
      kuanxian journal prove --entry 17
      kuanxian journal prove --since january.txt > proof.json
    """  # noqa: D301 - the help page reads a real backspace
    from kuanxian.base.errors import JournalError
    from kuanxian.journal.checkpoint import read
    from kuanxian.journal.evidence import newest_note
    from kuanxian.journal.log import Log

    if (entry is None) == (since is None):
        raise JournalError("prove", "needs either --entry or --since")
    with connected(data, database_url, "kx_audit") as connection:
        note = newest_note(connection)
        size = read(note).tree_size
        log = Log(connection)
        if entry is not None:
            leaf_no = log.leaf_of(entry)
            answer = {"entry_no": entry, "leaf_no": leaf_no}
            proof = log.inclusion(leaf_no, size)
        else:
            assert since is not None
            old_size = read(since.read_text(encoding="utf-8")).tree_size
            answer = {"old_size": old_size}
            proof = log.consistency(old_size, size)
    steps = [base64.b64encode(step).decode() for step in proof]
    typer.echo(json.dumps(answer | {"proof": steps, "checkpoint": note}, ensure_ascii=False))


def evidence(
    stream: Annotated[str, typer.Argument(metavar="STREAM", help="Such as loan:0001.")],
    out: Annotated[Path, typer.Option("--out", help="The folder to make.")],
    data: Data = None,
    database_url: Url = None,
    key: Key = None,
    public_key: Public = None,
) -> None:
    """Write one stream as a folder that anybody can check with Python alone.

    \b
    Example:
      kuanxian journal evidence loan:0001 --out bundle
    """  # noqa: D301 - the help page reads a real backspace
    from kuanxian.journal.evidence import write_bundle

    verifier = chosen_verifier(key, public_key)
    with connected(data, database_url, "kx_audit") as connection:
        count = write_bundle(connection, stream, out, verifier or missing_key())
    typer.echo(f"{count} entries in {out}; check it with: python3 {out}/verify.py")
