"""Gather: which loan each event belongs to, and which loans were given twice.

DuckDB reads the staged columns from disk, joins and sorts them, within a fixed amount
of memory; what does not fit goes to a folder beside the book. It computes no figure
that decides anything: sums, minima and counts of whole numbers are all it is asked for.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from kuanxian.intake.formula import aggregate_name
from kuanxian.intake.layout import LoanRule
from kuanxian.intake.reasons import Reason
from kuanxian.intake.staged import aggregates_of
from kuanxian.loan.events import Kind

MEMORY: Final = "1500MB"
NO_LOAN: Final = 2**31 - 1
"""Stands for the number of a loan that is not there."""

_SQL_OF: Final = {
    "count": "count(*)",
    "sum": "sum({0})::BIGINT",
    "earliest": "min({0})",
    "latest": "max({0})",
    "same": "CASE WHEN min({0}) = max({0}) THEN min({0}) END",
}


def connect(folder: Path) -> duckdb.DuckDBPyConnection:
    """Start an engine that may touch nothing but the folder.

    Args:
        folder: The staging folder; what does not fit in memory goes there too.
    """
    engine = duckdb.connect()
    for setting, value in {
        "memory_limit": MEMORY,
        "temp_directory": str(folder / "spill"),
        "threads": 2,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allowed_directories": [str(folder)],
        "enable_external_access": False,
        "preserve_insertion_order": True,
        "enable_progress_bar": False,
    }.items():
        engine.execute(f"SET {setting} = {_literal(value)}")
    return engine


def _literal(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_literal(item) for item in value)}]"
    return "'" + str(value).replace("'", "''") + "'"


class Gather:
    """The staged rows of one intake, as tables of an engine.

    Args:
        folder: The staging folder.
    """

    def __init__(self, folder: Path) -> None:
        self.engine = connect(folder)
        self._folder = folder

    def close(self) -> None:
        """Let go of the engine and its files."""
        self.engine.close()

    def read(self, name: str) -> str:
        """Give the SQL that reads a staged file, its row numbers included."""
        path = _literal(str(self._folder / f"{name}.parquet"))
        return f"read_parquet({path}, file_row_number = true)"

    def rows(self, sql: str) -> list[Any]:
        """Run a query with a small result."""
        return self.engine.sql(sql).fetchall()

    def batches(self, sql: str, rows: int) -> Iterator[pa.RecordBatch]:
        """Run a query and iterate over its result."""
        yield from self.engine.sql(sql).to_arrow_reader(rows)

    def find_lost(self) -> None:
        """Collect loans that cannot be taken, each with its first reason, as table ``lost``."""
        self.engine.execute(
            "CREATE TABLE lost AS SELECT loan_id, min(reason)::SMALLINT AS reason "
            f"FROM {self.read('lost')} GROUP BY loan_id"
        )

    def group_loans(self, rule: LoanRule, part: str) -> Iterator[pa.RecordBatch]:
        """Make one row of all rows of a loan, in the order of their first rows."""
        texts = [name for name in rule.texts if name != "loan_id"]
        columns = [f"min({name}) AS {name}" for name in texts]
        for function, column in aggregates_of(rule):
            name = aggregate_name(function, column)
            columns.append(f'{_SQL_OF[function].format(_quoted(f"arg {column}"))} AS "{name}"')
        yield from self.batches(
            "SELECT min(file_no)::SMALLINT AS file_no, min(row) AS row, loan_id, "
            f"{', '.join(columns)} FROM {self.read(f'rows-{part}')} "
            "WHERE loan_id NOT IN (SELECT loan_id FROM lost) "
            "GROUP BY loan_id ORDER BY min((file_no, row))",
            65_536,
        )

    def find_repeated_loans(self, columns: list[str]) -> None:
        """Find rows that repeat a loan: exact copies, as table ``copies``; versions.

        Of different versions none is taken, since nothing says which is right: the loan
        is added to ``lost``.

        Args:
            columns: What two rows must have alike to be copies.
        """
        everything = ", ".join(columns)
        self.engine.execute(
            f"CREATE TEMP TABLE repeated AS SELECT loan_id FROM {self.read('loans')} "
            "GROUP BY loan_id HAVING count(*) > 1"
        )
        self.engine.execute(
            "INSERT INTO lost SELECT loan_id, "
            f"{int(Reason.CONFLICTING_LOAN)} FROM {self.read('loans')} "
            "SEMI JOIN repeated USING (loan_id) WHERE loan_id NOT IN (SELECT loan_id FROM lost) "
            f"GROUP BY loan_id HAVING count(DISTINCT ({everything})) > 1"
        )
        self.engine.execute(
            "CREATE TEMP TABLE copies AS SELECT file_row_number AS place "
            f"FROM {self.read('loans')} SEMI JOIN repeated USING (loan_id) "
            "QUALIFY row_number() OVER (PARTITION BY loan_id ORDER BY file_row_number) > 1"
        )

    def lose_groups(self) -> None:
        """Add to ``lost`` what is staged as ``lost-groups``."""
        self.engine.execute(
            f"INSERT INTO lost SELECT loan_id, reason FROM {self.read('lost-groups')}"
        )

    def lose_unplanned(self, products: list[int]) -> None:
        """Add loans to ``lost`` whose schedule is to be given and of which no row came."""
        numbers = ", ".join(str(number) for number in products)
        self.engine.execute(
            f"INSERT INTO lost SELECT loan_id, {int(Reason.INCOMPLETE_PLAN)} "
            f"FROM {self.read('loans')} WHERE product_no IN ({numbers}) "
            "AND loan_id NOT IN (SELECT loan_id FROM lost) AND loan_id NOT IN "
            f"(SELECT loan_id FROM {self.read('events')} WHERE kind = {int(Kind.INSTALMENT)}) "
            "GROUP BY loan_id"
        )

    def list_candidates(self) -> None:
        """Number the loans that are still there, in source order, as table ``candidates``."""
        self.engine.execute(
            "CREATE TABLE candidates AS SELECT "
            "(row_number() OVER (ORDER BY file_row_number) - 1)::INTEGER AS number, "
            "file_row_number AS place, loan_id, disbursed_on, product_no, principal_fen, "
            f"instalments FROM {self.read('loans')} AS loans "
            "WHERE NOT EXISTS (FROM lost WHERE lost.loan_id = loans.loan_id) "
            "AND NOT EXISTS (FROM copies WHERE copies.place = loans.file_row_number)"
        )

    def refused_loans(self) -> Iterator[pa.RecordBatch]:
        """Find the loans that were good in themselves and are not taken, each with a reason."""
        yield from self.batches(
            "SELECT file_no, row, principal_fen, "
            f"coalesce(lost.reason, {int(Reason.DUPLICATE_LOAN)})::SMALLINT AS reason "
            f"FROM {self.read('loans')} AS loans LEFT JOIN lost USING (loan_id) "
            "LEFT JOIN copies ON copies.place = loans.file_row_number "
            "WHERE lost.reason IS NOT NULL OR copies.place IS NOT NULL ORDER BY file_no, row",
            65_536,
        )

    def kept_loans(self) -> Iterator[pa.RecordBatch]:
        """Iterate over the candidates' rows, in order."""
        yield from self.batches(
            "SELECT number, loans.* EXCLUDE (file_row_number) FROM candidates "
            f"JOIN {self.read('loans')} AS loans ON loans.file_row_number = candidates.place "
            "ORDER BY number",
            131_072,
        )

    def sorted_events(self, *, keyed: bool) -> Iterator[pa.RecordBatch]:
        """Iterate over the events in the order of loan, day and source.

        Args:
            keyed: Whether events have ids of their own.
        """
        keys = (
            "event_id, reverses_id, "
            "hash(number, event_id) AS event_key, hash(number, reverses_id) AS reverses_key, "
            if keyed
            else ""
        )
        yield from self.batches(
            f"SELECT coalesce(number, {NO_LOAN}) AS number, file_no, row, rule, kind, "
            "coalesce(value_on, disbursed_on) AS value_on, amount_fen, part, count, until_on, "
            f"rate_ppb, interest_fen, fee_fen, recorded_on, undo, {keys}disbursed_on, product_no, "
            "principal_fen, instalments, lost.reason AS lost "
            f"FROM {self.read('events')} AS events "
            "LEFT JOIN candidates USING (loan_id) "
            "LEFT JOIN lost ON number IS NULL AND lost.loan_id = events.loan_id "
            f"ORDER BY coalesce(number, {NO_LOAN}), coalesce(value_on, disbursed_on), undo, "
            "file_no, row, rule",
            262_144,
        )

    def sorted_refusals(self, files: list[str]) -> Iterator[pa.RecordBatch]:
        """Iterate over the refusals in the order of files and rows.

        Args:
            files: The names of the files, in order.
        """
        order = _literal(files) if files else "[]"
        yield from self.batches(
            f'SELECT file, row, "column", reason, detail FROM {self.read("refusals")} '
            f"ORDER BY list_position({order}, file), row",
            131_072,
        )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
