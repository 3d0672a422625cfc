"""Measure the close of a day: `python bench/close.py --loans 1 3 10 --folder DIR`.

One run measures everything, because machines differ and only ratios within one run
travel. For each size (millions of loans) it makes a book by ``simulate``, then measures

* the whole close, as the command a lender runs, with its peak memory: with the verdicts of
  the law, which is what the command does, and without (``--no-law``), positions alone;
* what DuckDB needs to scan the same input columns and to write tables of the same
  shape: the floor for anything that reads and writes Parquet on this machine.

Beside them it measures the kernel alone on one and two threads (the best of three), on the
largest book up to ten million; and on the smallest the same kernel as plain Python (a sample,
scaled), DuckDB SQL and pandas that compute only outstanding principal and days past due, roughly.

Figures go to standard output as Markdown, and as JSON with ``--json FILE``.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from kuanxian import simulate
from kuanxian.base.days import date_of, day_of
from kuanxian.intake.book import open_book
from kuanxian.loan import Conventions, Event, Policy, Terms, position
from kuanxian.state.batch import positions
from kuanxian.state.local import Slice, read_slices

AS_OF_ON = day_of(2026, 10, 31)
PERIOD_FROM_ON = day_of(2026, 10, 1)
YEARS = 3
SEED = 20_261_031
PLAIN_SAMPLE = 2_000
KERNEL_MILLIONS_MAX = 10
"""A larger book does not fit into memory whole."""


def seconds(work: Callable[[], object]) -> float:
    """Time one call."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def make_book(folder: Path, millions: int) -> Path:
    """Make the book of a size, or take the one that is there."""
    book = folder / f"book-{millions}m"
    if not book.exists():
        simulate.book(book, loans=millions * 1_000_000, years=YEARS, seed=SEED, until_on=AS_OF_ON)
    return book


def close(book: Path, out: Path, *options: str) -> tuple[float, float]:
    """Run the whole close as a command.

    Returns:
        Seconds, and peak memory in GiB.
    """
    command = [str(Path(sys.executable).parent / "kuanxian"), "close", str(book)]
    command += ["--as-of", date_of(AS_OF_ON).isoformat(), "--out", str(out), "--json"]
    command += options
    begun = time.perf_counter()
    peak_kib = 0
    with Path(os.devnull).open("wb") as nowhere:
        child = subprocess.Popen(command, stdout=nowhere, stderr=nowhere)
        # Asked of the kernel while it runs: what a parent is told afterwards includes the
        # parent's own memory from before the command was loaded.
        while child.poll() is None:
            peak_kib = max(peak_kib, peak_of(child.pid))
            time.sleep(0.05)
    if child.returncode != 0:
        raise SystemExit(f"the close of {book.name} failed with code {child.returncode}")
    return time.perf_counter() - begun, peak_kib / 1024**2


def peak_of(pid: int) -> int:
    """Read the peak memory of a running process, KiB; 0 where it cannot be read."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def floor(book: Path, closed: Path, folder: Path) -> tuple[float, float, float]:
    """Let DuckDB scan the input and write tables of the output's shape.

    Returns:
        Seconds to scan, to write positions, to write verdicts.
    """
    out = folder / "floor.parquet"
    con = duckdb.connect(config={"threads": 2, "memory_limit": "3GB"})
    con.execute(f"SET temp_directory = '{folder}/duckdb'")

    def scan() -> None:
        for name in ("loans", "events"):
            source = book / f"{name}.parquet"
            columns = pq.read_schema(source).names
            picks = ", ".join(f'max("{column}")' for column in columns)
            con.execute(f"SELECT {picks} FROM read_parquet('{source}')").fetchall()

    def write(name: str, how: str) -> None:
        con.execute("SET preserve_insertion_order = false")
        source = f"read_parquet('{closed}/{name}.parquet')"
        con.execute(f"COPY (SELECT * FROM {source}) TO '{out}' (FORMAT parquet, {how})")

    times = (
        seconds(scan),
        seconds(lambda: write("positions", "COMPRESSION zstd, COMPRESSION_LEVEL 1")),
        seconds(lambda: write("verdicts", "COMPRESSION snappy")),
    )
    out.unlink()
    return times


def kernel(products: pa.Table, pieces: list[Slice], threads: int) -> tuple[float, float]:
    """Time the kernel alone over a whole book, reading not counted: as in the close, whole
    slices side by side, a thread each.

    Returns:
        Loans a second, and microseconds of processor time a loan, which other work on
        the machine disturbs less.
    """

    def work(piece: Slice) -> None:
        positions(
            piece.loans,
            products,
            piece.events,
            as_of_on=AS_OF_ON,
            period_from_on=PERIOD_FROM_ON,
            policy=Policy(),
            threads=1,
        )

    work(pieces[0])  # compiles, or loads what was compiled
    loans = sum(piece.loans.num_rows for piece in pieces)
    began = time.process_time()
    with ThreadPoolExecutor(threads) as pool:
        spent = seconds(lambda: list(pool.map(work, pieces)))
    return loans / spent, 1e6 * (time.process_time() - began) / loans


def kernel_rounds(book: Path) -> list[tuple[float, float]]:
    """Give the best of three rounds of the kernel on one thread, and on two."""
    products = pq.read_table(book / "products.parquet")
    pieces = list(read_slices(open_book(book)))
    return [max(kernel(products, pieces, threads) for _ in range(3)) for threads in (1, 2)]


def plain(book: Path) -> float:
    """Time the same kernel as plain Python on a sample; loans a second."""
    loans = pq.read_table(book / "loans.parquet").slice(0, PLAIN_SAMPLE)
    events = pq.read_table(
        book / "events.parquet", filters=[("loan_no", "<", PLAIN_SAMPLE)]
    ).to_pylist()
    products = pq.read_table(book / "products.parquet").to_pylist()
    own: dict[int, list[Event]] = {}
    for row in events:
        own.setdefault(row["loan_no"], []).append(Event(*(_int(row[f]) for f in Event._fields)))
    contracts = [
        (
            Terms(*(_int(row[field]) for field in Terms._fields)),
            Conventions(*(products[row["product_no"]][field] for field in Conventions._fields)),
            own.get(row["loan_no"], []),
        )
        for row in loans.to_pylist()
    ]

    def work() -> None:
        for contract in contracts:
            position(*contract, as_of_on=AS_OF_ON)

    return PLAIN_SAMPLE / seconds(work)


def _int(cell: Any) -> int:
    """Turn a cell into the kernel's integer: dates into days, nothing into -1."""
    if cell is None:
        return -1
    return day_of(cell.year, cell.month, cell.day) if hasattr(cell, "year") else int(cell)


ROUGHLY = """
    SELECT l.loan_no,
           l.principal_fen - coalesce(e.paid_fen, 0) AS outstanding_fen,
           greatest(0, (DATE '{day}' - l.disbursed_on)
               - 30 * (coalesce(e.paid_fen, 0) * l.instalments // l.principal_fen + 1)) AS days
    FROM {loans} l LEFT JOIN (
        SELECT loan_no, sum(amount_fen) AS paid_fen FROM {events}
        WHERE kind IN (1, 17, 23) AND value_on <= DATE '{day}' GROUP BY loan_no
    ) e USING (loan_no)
"""


def sql(book: Path, folder: Path) -> float:
    """Let DuckDB compute outstanding principal and days past due, roughly."""
    query = ROUGHLY.format(
        day=date_of(AS_OF_ON).isoformat(),
        loans=f"read_parquet('{book}/loans.parquet')",
        events=f"read_parquet('{book}/events.parquet')",
    )
    out = folder / "sql.parquet"
    con = duckdb.connect(config={"threads": 2})
    took = seconds(lambda: con.execute(f"COPY ({query}) TO '{out}' (FORMAT parquet)"))
    out.unlink()
    return took


def with_pandas(book: Path, folder: Path) -> float:
    """Let pandas compute the same, roughly."""
    import pandas as pd

    def work() -> None:
        loans = pd.read_parquet(
            book / "loans.parquet",
            columns=["loan_no", "principal_fen", "disbursed_on", "instalments"],
        )
        events = pd.read_parquet(
            book / "events.parquet", columns=["loan_no", "kind", "value_on", "amount_fen"]
        )
        paid = events[events["kind"].isin([1, 17, 23])].groupby("loan_no")["amount_fen"].sum()
        paid_fen = loans["loan_no"].map(paid).fillna(0).astype("int64")
        late = (pd.Timestamp(date_of(AS_OF_ON)) - pd.to_datetime(loans["disbursed_on"])).dt.days
        due = paid_fen * loans["instalments"] // loans["principal_fen"] + 1
        result = pd.DataFrame(
            {
                "loan_no": loans["loan_no"],
                "outstanding_fen": loans["principal_fen"] - paid_fen,
                "days": (late - 30 * due).clip(lower=0),
            }
        )
        result.to_parquet(folder / "pandas.parquet")

    took = seconds(work)
    (folder / "pandas.parquet").unlink()
    return took


def machine() -> str:
    """Name the machine the figures belong to."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        model = names[0].split(":")[1].strip() if names else model
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    python = platform.python_version()
    return f"{model}, {os.cpu_count()} processors, {memory_gib:.0f} GiB, Python {python}"


def measure(folder: Path, millions: int) -> dict[str, Any]:
    """Measure one size."""
    book = make_book(folder, millions)
    facts = json.loads((book / "book.json").read_text())
    out = folder / f"close-{millions}m"
    shutil.rmtree(out, ignore_errors=True)
    plain_s, _ = close(book, out, "--no-law")
    shutil.rmtree(out)
    close_s, peak_gib = close(book, out)
    scan_s, positions_s, verdicts_s = floor(book, out, folder)
    return {
        "loans": facts["loans"],
        "events": facts["events"],
        "plain_s": plain_s,
        "plain_ratio": plain_s / (scan_s + positions_s),
        "close_s": close_s,
        "ratio": close_s / (scan_s + positions_s + verdicts_s),
        "peak_gib": peak_gib,
        "scan_s": scan_s,
        "positions_s": positions_s,
        "verdicts_s": verdicts_s,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--loans", type=int, nargs="+", default=[1, 3, 10], help="millions")
    parser.add_argument(
        "--folder", type=Path, default=Path("build/bench"), help="for books and results"
    )
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    wanted = parser.parse_args()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    print(
        f"Machine: {machine()}; DuckDB {duckdb.__version__}, PyArrow {pa.__version__}\n", flush=True
    )
    first = make_book(wanted.folder, wanted.loans[0])
    fits = [millions for millions in wanted.loans if millions <= KERNEL_MILLIONS_MAX]
    timed = make_book(wanted.folder, max(fits or wanted.loans[:1]))
    one, two = kernel_rounds(timed)
    beside = {
        "kernel, 1 thread, loans/s": one[0],
        "kernel, 2 threads, loans/s": two[0],
        "kernel, processor time, µs a loan": one[1],
        "kernel as plain Python, loans/s": plain(first),
        "DuckDB SQL, outstanding and days only, s": sql(first, wanted.folder),
        "pandas, outstanding and days only, s": with_pandas(first, wanted.folder),
    }
    print(f"Beside the close, on {first.name}, the kernel on {timed.name}:\n")
    for name, figure in beside.items():
        print(f"- {name}: {figure:,.2f}", flush=True)
    print("\nFloor: DuckDB's scan, and its writing of positions and of verdicts.\n")
    print("| loans | events | positions s | ratio | with the law s | ratio | peak GiB | floor s |")
    print("|--:|--:|--:|--:|--:|--:|--:|--:|", flush=True)
    rows = []
    for millions in wanted.loans:
        row = measure(wanted.folder, millions)
        rows.append(row)
        print(
            f"| {row['loans']:,} | {row['events']:,} "
            f"| {row['plain_s']:.1f} | {row['plain_ratio']:.2f} "
            f"| {row['close_s']:.1f} | {row['ratio']:.2f} | {row['peak_gib']:.2f} "
            f"| {row['scan_s']:.1f} + {row['positions_s']:.1f} + {row['verdicts_s']:.1f} |",
            flush=True,
        )
    if wanted.json:
        wanted.json.write_text(json.dumps({"machine": machine(), "beside": beside, "sizes": rows}))


if __name__ == "__main__":
    main()
