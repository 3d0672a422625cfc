"""The rulebook of an imaginary country, to be tried and broken."""

import shutil
from pathlib import Path

import pytest

from kuanxian.law.load import load_rulebook
from kuanxian.law.rulebook import Rulebook

LAND = Path(__file__).parent / "land"


@pytest.fixture(scope="session")
def nowhere() -> Rulebook:
    return load_rulebook("xx", LAND)


@pytest.fixture
def land(tmp_path: Path) -> Path:
    """A copy of the imaginary country's rules that a test may change."""
    return Path(shutil.copytree(LAND, tmp_path / "rules"))
