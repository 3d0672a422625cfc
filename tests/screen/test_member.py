"""An expression is restored where others stand that sound like its characters."""

import pytest

from kuanxian.screen.member import Member
from kuanxian.screen.pattern import Level, Pattern
from kuanxian.screen.syllables import sound

PATTERN = Pattern("c", "p", Level.GAP, ("x",), False, ("x",), ("y",))

RESTORED = {
    "as it is": ("打通讯录", "打通讯录"),
    "beside one that is written": ("打通迅录", "打通讯录"),
    "from both sides": ("打同训录", "打通讯录"),
    "none is written": ("打同训路", "打同训路"),
    "a lone one": ("打同", "打同"),
    "two of the same sound do not overlap": ("爸八八", "爸爸八"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("said", "meant"), RESTORED.values(), ids=RESTORED.keys())
def test_a_character_is_restored_beside_one_that_is_written(said: str, meant: str) -> None:
    member = Member(PATTERN, "通讯录.{0,4}爸爸", [])
    assert member.restore(said, sound(said)) == meant
