"""How many cases an evening lists in a second of processor time.

``python bench/evening.py [--cases 1000]``

Debtors ten days past due with a mobile number and the app, two agencies and their record, on
the embedded PostgreSQL: all of a case is read, its notices and counters are found, and every
way to the debtor is decided at each instant of the next day at which the answer can change.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]
from bench.gate import scene_at
from tests.close.town import CLOSED_ON, close_of, told_of

from kuanxian.action.contact.record import open_case
from kuanxian.close.evening import Evening, run_evening
from kuanxian.close.ledger import CloseLedger
from kuanxian.store import server
from kuanxian.store.roles import APP, LOGINS
from kuanxian.store.up import bring_up


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cases", type=int, default=1_000)
    cases = asked.parse_args().cases
    with tempfile.TemporaryDirectory(prefix="kx") as folder:
        Path(folder).chmod(0o711)
        data = Path(folder) / "db"
        place = bring_up(None, data).place
        url = place.url.set(username=LOGINS[APP]).render_as_string(hide_password=False)
        gate = scene_at(url).gate
        for number in range(cases):
            told = told_of(number, "mobile", "app")
            open_case(gate, f"case-{number}", told, tenant="lender", actor="bench")
        out = close_of(Path(folder), cases)
        gate.ledger = CloseLedger(out)
        began, used = time.perf_counter(), time.process_time()
        found = run_evening(Evening(gate, CLOSED_ON, "bench"), out)
        used, took = time.process_time() - used, time.perf_counter() - began
        print(
            f"{found['cases']:,} cases, {found['windows']:,} windows, {found['notices']:,} notices"
        )
        print(f"{cases / used:,.0f} cases a second of processor time; {took:.1f} s on the wall")
        gate.app.dispose()
        server.stop(server.server_in(data))


if __name__ == "__main__":
    main()
