"""What a lawful call script says is not flagged."""

import re
from pathlib import Path

import pytest

from kuanxian.screen import Screen


@pytest.mark.real
def test_no_sentence_of_a_lawful_call_script_is_flagged(screen: Screen, shared: Path) -> None:
    script = (shared / "data" / "call_nlu" / "domain.yml").read_text("utf-8")
    said = re.findall(r'- "(.+)"', script)
    assert len(said) >= 10
    assert [one for one in said if screen.find(one)] == []
