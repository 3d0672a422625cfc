"""The policy file: how ageing and grades are shown."""

from pathlib import Path

import pytest

from kuanxian.base.errors import CloseError
from kuanxian.close.policy import read_policy
from kuanxian.loan import Policy


def test_the_shipped_policy_is_the_kernels_own() -> None:
    assert read_policy() == Policy()


def test_what_is_left_out_keeps_the_shipped_value(tmp_path: Path) -> None:
    for heading in ("", "[policy]\n"):
        (tmp_path / "p.toml").write_text(heading + "ageing_1_days = 15\n")
        assert read_policy(tmp_path / "p.toml") == Policy(ageing_1_days=15)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ageing_1_days = 15.5", "whole number of days"),
        ("ageing_1_days = true", "whole number of days"),
        ("ageing_1_days = -1", "whole number of days"),
        ("loss_days = 99999", "whole number of days"),
        ("ageing_9_days = 1", "no such setting"),
        ("loss_days = 500\n[policy]\nageing_1_days = 15", "no such setting"),
        ("ageing_1_days = 61", "must not fall"),
        ("loss_days = 100", "must not fall"),
        ("ageing_1_days =", "not readable TOML"),
        ("\x00", "not readable TOML"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "p.toml").write_text(text)
    with pytest.raises(CloseError, match=says) as caught:
        read_policy(tmp_path / "p.toml")
    assert caught.value.advice


def test_a_policy_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CloseError, match="not readable"):
        read_policy(tmp_path / "none.toml")
