"""Assemble: sources in, the tables of a book out, in the order of the river.

::

    open → stage (each source once) → products → loans → events → refusals → report
"""

import shutil
from collections import Counter
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kuanxian.intake.compiled import loops_for
from kuanxian.intake.fold import Folded, RuleFacts, fold_stream
from kuanxian.intake.gather import Gather
from kuanxian.intake.group import group_loans
from kuanxian.intake.layout import EventRule, FilePart, Layout
from kuanxian.intake.ledger import Ledger, money_of, to_ints
from kuanxian.intake.reasons import NAMES, Reason
from kuanxian.intake.records import Products
from kuanxian.intake.sources import Source, name_apart, open_source
from kuanxian.intake.stage import Making, Stage, stage_products, stage_source
from kuanxian.intake.staged import LOAN_STAGE
from kuanxian.intake.tables import LOAN_SCHEMA, REFUSAL_SCHEMA, product_id, products_table
from kuanxian.loan.terms import Conventions, Method

_CONTENT: Final = [name for name in LOAN_STAGE.names if name not in {"file_no", "row"}]


class Sink(Protocol):
    """Where the tables of a book go."""

    def add_products(self, rows: pa.Table) -> None:
        """Take products."""

    def add_loans(self, rows: pa.Table) -> None:
        """Take loans, in order."""

    def add_events(self, rows: pa.Table) -> None:
        """Take events, in order."""

    def add_refusals(self, rows: pa.Table) -> None:
        """Take refusals, in order."""


def assemble(sources: list[Source], layout: Layout, folder: Path, sink: Sink) -> dict[str, Any]:
    """Read sources and hand the tables of a book on.

    Args:
        sources: The files.
        layout: What they mean.
        folder: For what does not fit in memory; made, and removed at the end.
        sink: Takes the tables.

    Returns:
        The report: files, rows and amounts taken and refused, reasons.

    Raises:
        SourceError: A file cannot be read as what it claims to be.
        LayoutError: The layout does not have a part that a source names.
    """
    shutil.rmtree(folder, ignore_errors=True)  # what a killed run left
    folder.mkdir(parents=True)
    try:
        return _Assembly(sources, layout, folder, sink).run()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Assembly:
    """One run: what its steps share."""

    def __init__(self, sources: list[Source], layout: Layout, folder: Path, sink: Sink) -> None:
        self._layout = layout
        self._sink = sink
        self._loops = loops_for(sum(source.path.stat().st_size for source in sources))
        opened = [open_source(source, layout, self._loops) for source in name_apart(sources)]
        self._sources = sorted(opened, key=lambda source: not source.part.is_products)
        self._rules = [
            (part, place, rule) for part in layout.parts for place, rule in enumerate(part.events)
        ]
        self._ledger = Ledger(len(opened), len(self._rules))
        self._stage = Stage(folder, self._ledger)
        self._lost: dict[int, int] = {}
        self._reasons: Counter[str] = Counter()

    def run(self) -> dict[str, Any]:
        """Do all steps and give the report."""
        making = Making(self._read_products(), self._rule_numbers(), self._loops)
        for source in self._sources:
            if not source.part.is_products:
                stage_source(source, self._stage, making)
        grouped = [part for part in self._layout.parts if part.loan and part.loan.many_rows]
        staged = {source.part.name for source in self._sources}
        self._stage.finish("events", "lost", *(f"rows-{part.name}" for part in grouped))
        gather = Gather(self._stage.folder)
        try:
            gather.find_lost()
            for part in grouped:
                if part.name in staged:
                    group_loans(part, gather, self._stage, making)
            self._stage.finish("loans")
            self._match(gather, making.products)
            self._write_loans(gather)
            self._stage.finish("refusals")
            self._write_refusals(gather)
        finally:
            gather.close()
        return self._report()

    def _rule_numbers(self) -> dict[tuple[str, int], int]:
        return {(part.name, place): n for n, (part, place, _) in enumerate(self._rules)}

    def _read_products(self) -> Products:
        """Read product files first: a loan names its product."""
        named = dict(self._layout.products)
        for source in self._sources:
            if source.part.is_products:
                named |= stage_products(source, self._stage)
        conventions: list[Conventions] = []
        snapshots: dict[str, int] = {}
        numbers: dict[str, int] = {}
        for name, product in named.items():
            key = product_id(product)
            if key not in snapshots:
                snapshots[key] = len(conventions)
                conventions.append(product)
            numbers[name] = snapshots[key]
        self._sink.add_products(products_table(conventions))
        return Products(conventions, numbers)

    def _match(self, gather: Gather, products: Products) -> None:
        """Decide which loans stand, and give each its events."""
        given = [n for n, p in enumerate(products.conventions) if p.method == Method.GIVEN]
        gather.find_repeated_loans(_CONTENT)
        if given:
            gather.lose_unplanned(given)
        gather.list_candidates()
        for batch in gather.refused_loans():
            self._refuse_loans(pa.Table.from_batches([batch]))
        facts = RuleFacts(
            primary=np.array([_is_primary(part, place) for part, place, _ in self._rules]),
            tied=np.array([rule.tied for _, _, rule in self._rules]),
            makes_loan=np.array([part.loan is not None for part, _, _ in self._rules]),
            given=np.isin(np.arange(len(products.conventions)), given),
        )
        keyed = any("event_id" in rule.texts for _, _, rule in self._rules)
        if self._rules:
            fold_stream(gather.sorted_events(keyed=keyed), facts, self._take_events)

    def _take_events(self, folded: Folded) -> None:
        """Hand a chunk of events on, with the final numbers of their loans."""
        self._lost |= folded.lost
        numbers = to_ints(folded.events["loan_no"])
        gone = np.searchsorted(np.array(sorted(self._lost), np.int64), numbers)
        final = pa.array((numbers - gone).astype(np.int32))
        self._sink.add_events(folded.events.set_column(0, "loan_no", final))
        amounts = money_of(folded.events)
        places = folded.places
        lines = to_ints(places["rule"]) + 1
        self._ledger.count("taken", places["file_no"], lines, amounts, places["undo"])
        self._refuse_events(folded.refused)

    def _refuse_events(self, refused: pa.Table) -> None:
        rules, files = to_ints(refused["rule"]), to_ints(refused["file_no"])
        self._ledger.count("refused", files, rules + 1, money_of(refused), refused["undo"])
        reasons = to_ints(refused["reason"])
        for number, (part, place, rule) in enumerate(self._rules):
            if not _is_primary(part, place):
                continue
            for file_no in np.unique(files[rules == number]).tolist():
                rows = np.flatnonzero((rules == number) & (files == file_no))
                columns = [_late_column(rule, part, reason) for reason in reasons[rows].tolist()]
                places = refused["row"].take(pa.array(rows))
                self._refuse_rows(file_no, places, reasons[rows].tolist(), columns)

    def _refuse_loans(self, loans: pa.Table) -> None:
        """Refuse loans that were good in themselves; a loan of many rows goes with its rows."""
        files = to_ints(loans["file_no"])
        lines = np.zeros(len(files), np.int64)
        self._ledger.count("refused", files, lines, loans["principal_fen"])
        for file_no in np.unique(files).tolist():
            part = self._sources[file_no].part
            if part.loan is None or part.loan.many_rows:
                continue
            rows = loans.filter(pa.array(files == file_no))
            column = _source_of(part, part.loan.texts["loan_id"])
            reasons = rows["reason"].to_pylist()
            self._refuse_rows(file_no, rows["row"], reasons, [column] * len(reasons))

    def _refuse_rows(self, file_no: int, rows: Any, reasons: list[int], columns: list[str]) -> None:
        tally = self._stage.tallies[file_no]
        names = pa.array([NAMES[reason] for reason in reasons], pa.string())
        nothing = pa.array([""] * len(reasons), pa.string())
        file = pa.array([tally.name] * len(reasons), pa.string())
        if isinstance(rows, pa.ChunkedArray):
            rows = rows.combine_chunks()
        arrays = [file, rows, pa.array(columns, pa.string()), names, nothing]
        self._stage.refuse(tally, pa.Table.from_arrays(arrays, schema=REFUSAL_SCHEMA))

    def _write_loans(self, gather: Gather) -> None:
        """Hand the loans on that still stand, with their final numbers."""
        lost = np.array(sorted(self._lost), np.int64)
        taken = 0
        for batch in gather.kept_loans():
            table = pa.Table.from_batches([batch])
            numbers = to_ints(table["number"])
            gone = np.isin(numbers, lost)
            if gone.any():
                reasons = [self._lost[number] for number in numbers[gone].tolist()]
                refused = table.filter(pa.array(gone)).select(["file_no", "row", "principal_fen"])
                self._refuse_loans(refused.append_column("reason", pa.array(reasons)))
                table = table.filter(pa.array(~gone))
            columns = {name: table[name] for name in LOAN_SCHEMA.names if name != "loan_no"}
            columns["loan_no"] = pa.array(np.arange(taken, taken + table.num_rows))
            arrays = [columns[field.name].cast(field.type) for field in LOAN_SCHEMA]
            self._sink.add_loans(pa.Table.from_arrays(arrays, schema=LOAN_SCHEMA))
            taken += table.num_rows
            lines = np.zeros(table.num_rows, np.int64)
            self._ledger.count("taken", table["file_no"], lines, table["principal_fen"])

    def _write_refusals(self, gather: Gather) -> None:
        """Hand the refusals on, in the order of files and rows."""
        order = {tally.name: n for n, tally in enumerate(self._stage.tallies)}
        for batch in gather.sorted_refusals(list(order)):
            table = pa.Table.from_batches([batch]).cast(REFUSAL_SCHEMA)
            counted = pc.value_counts(table["reason"]).to_pylist()
            self._reasons.update({item["values"]: item["counts"] for item in counted})
            self._sink.add_refusals(table)

    def _report(self) -> dict[str, Any]:
        tallies = self._stage.tallies
        for file_no, tally in enumerate(tallies):
            part = self._sources[file_no].part
            if not part.is_products:
                tally.taken = int(self._ledger.taken[file_no, self._row_line(part)])
        self._ledger.check(tallies)
        lines = ["loans", *(f"{p.name}.{place + 1}" for p, place, _ in self._rules)]
        return {
            "layout": self._layout.name,
            "rows": sum(tally.rows for tally in tallies),
            "taken": sum(tally.taken for tally in tallies),
            "refused": sum(tally.refused for tally in tallies),
            "reasons": dict(sorted(self._reasons.items())),
            "files": [
                {**tally.report(), "made": self._ledger.report(file_no, lines)}
                for file_no, tally in enumerate(tallies)
            ],
        }

    def _row_line(self, part: FilePart) -> int:
        """Find the ledger line that counts every row of a part once."""
        if part.loan is not None and not part.loan.many_rows:
            return 0
        return next(
            n + 1
            for n, (p, place, _) in enumerate(self._rules)
            if p is part and _is_primary(p, place)
        )


def _is_primary(part: FilePart, place: int) -> bool:
    """Say whether every row of a part makes an event by this rule, and nothing before it."""
    if part.loan is not None and not part.loan.many_rows:
        return False
    return place == next(n for n, rule in enumerate(part.events) if not rule.when)


def _source_of(part: FilePart, name: str) -> str:
    return next((str(c.source) for c in part.columns if c.name == name), name)


def _late_column(rule: EventRule, part: FilePart, reason: int) -> str:
    """Find the column to blame for what was found out after reading."""
    names = {
        Reason.DUPLICATE_EVENT: rule.texts.get("event_id", ""),
        Reason.CONFLICTING_EVENT: rule.texts.get("event_id", ""),
        Reason.NOTHING_TO_REVERSE: rule.texts.get("reverses_id", ""),
        Reason.BEFORE_DISBURSEMENT: getattr(rule.figures.get("value_on"), "column", ""),
    }
    name = names.get(Reason(reason), rule.texts["loan_id"])
    return _source_of(part, name) if name else ""
