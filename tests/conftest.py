"""What every test may ask for, and the line that says what a run left out."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings
from tests.databases import (
    database,
    embedded,
    embedded_database,
    fresh_database,
    own_server,
    servers,
    system,
)

__all__ = [
    "database",
    "embedded",
    "embedded_database",
    "fresh_database",
    "own_server",
    "servers",
    "system",
]

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"

# The same examples on every machine and every run; the first compiled call takes seconds.
settings.register_profile("kuanxian", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("kuanxian")


@pytest.fixture(scope="session")
def root() -> Path:
    """Give the top folder of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder beside the repository that holds real loan books."""
    return SHARED


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests that start a server, and skip those on real books where there are none."""
    for item in items:
        if {"embedded", "system", "servers", "own_server"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.service)
    if SHARED.is_dir():
        return
    missing = pytest.mark.skip(reason="the real loan books in ../shared are not here")
    for item in items:
        if item.get_closest_marker("real"):
            item.add_marker(missing)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say in one line what this run left out."""
    reasons: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        where = report.longrepr
        reasons[where[2].removeprefix("Skipped: ") if isinstance(where, tuple) else str(where)] += 1
    deselected = len(terminalreporter.stats.get("deselected", []))
    if deselected:
        reasons[f"not asked for (-m {config.option.markexpr!r})"] = deselected
    left_out = "; ".join(f"{count} tests: {reason}" for reason, count in sorted(reasons.items()))
    terminalreporter.write_line(f"left out: {left_out or 'nothing'}")
