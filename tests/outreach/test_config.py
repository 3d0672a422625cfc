"""A channel file, and what it cannot say."""

from pathlib import Path

import pytest
from tests.outreach.parties import Vault, order

from kuanxian.base.errors import ChannelError
from kuanxian.outreach import Handle
from kuanxian.outreach.config import read_config
from kuanxian.outreach.order import words_of


def write(folder: Path, text: str) -> Path:
    path = folder / "channels.toml"
    path.write_text(text, "utf-8")
    return path


def test_each_channel_has_its_table(tmp_path: Path) -> None:
    path = write(tmp_path, '[voice]\nurl = "https://dialler.invalid"\n[email]\nport = 587\n')
    assert sorted(read_config(path)) == ["email", "voice"]


BROKEN = {
    "not TOML": ("[voice", "not readable"),
    "no table": ('voice = "on"', "not a table"),
    "a pool of numbers": ("[sms]\nnumber_pool = []", "cannot be configured"),
    "a pool deep inside": ("[[sms.route]]\n[sms.route.out]\nrotation = 3", "cannot be configured"),
}


@pytest.mark.parametrize(("text", "reason"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(ChannelError, match=reason):
        read_config(write(tmp_path, text))


def test_slots_and_handles_must_fit(vault: Vault) -> None:
    with pytest.raises(ChannelError, match="slots"):
        words_of(order(text="您好{name}"), vault.open)
    with pytest.raises(ChannelError, match="slots"):
        words_of(order(sealed={"name": Handle("p", "name", "notice", "g")}), vault.open)
    assert vault.opened == []
