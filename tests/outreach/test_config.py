"""A channel file, and what it cannot say."""

from pathlib import Path
from urllib.parse import quote

import pytest
from tests.outreach.parties import Vault, order
from tests.outreach.test_sms import table

from kuanxian.base.errors import ChannelError
from kuanxian.outreach import Handle
from kuanxian.outreach.config import read_config
from kuanxian.outreach.order import words_of
from kuanxian.outreach.sms import SmsChannel


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


EVASIVE = (
    "Caller-Id", "from_number", "calling_number", "callingNumber", "sender_id", "hide_number",
    "clir", "anonymous", "ani", "axb", "trunks", "主叫号码", "号码池", "显示号码", "轮换",
    "ｃａｌｌｅｒ_id", "number.rotation", "ca\u200bller_id", "mobile_from", "private_phone",
    "virtualnumber", "gateway_pool", "srcid",
)  # fmt: skip


@pytest.mark.parametrize("word", EVASIVE)
def test_a_number_that_is_shown_hidden_or_rotated_is_refused_however_it_is_written(
    word: str,
) -> None:
    given = table("https://sms.invalid")
    for told in (
        {**given, "request": {**given["request"], "more": [{word: "1"}]}},
        {**given, "request": {**given["request"], "mode": word}},
        {**given, "headers": {f"X-{word}": "1"}},
        {**given, "url": f"https://sms.invalid/send?{quote(word)}=1"},
        {**given, "url": f"https://sms.invalid/send?mode={quote(word)}"},
    ):
        with pytest.raises(ChannelError, match="cannot be configured"):
            SmsChannel(told, {}, lambda _: None)


@pytest.mark.parametrize("number", ["13800138000", "+86 138-0013-8000", "4000000000", 95588])
def test_a_number_written_into_the_request_is_refused(number: object) -> None:
    given = table("https://sms.invalid")
    with pytest.raises(ChannelError, match="cannot be configured"):
        SmsChannel({**given, "request": {**given["request"], "ext": number}}, {}, lambda _: None)


def test_what_an_aggregator_needs_is_not_refused() -> None:
    given = table("https://sms.invalid/v2/send?region=cn-east&version=2026-01-01")
    request = {**given["request"], "account": "kx10001", "sign": "某某消费金融",
               "templateId": "T-42", "extno": "01", "priority": 3,
               "callback": "https://lender.invalid/reports"}  # fmt: skip
    headers = {"x-api-key": "env:KEY", "accept": "application/json"}
    told = {**given, "request": request, "headers": headers}
    SmsChannel(told, {"KEY": "13800138000"}, lambda _: None)
