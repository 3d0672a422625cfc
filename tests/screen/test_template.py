"""Messages whose every word was approved beforehand."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from kuanxian.base.errors import TemplateError
from kuanxian.screen import Screen
from kuanxian.screen.approval import APPROVED_FILE, SILENCE_FOLDER
from kuanxian.screen.folder import message_folder
from kuanxian.screen.template import Template, _read, load_templates, render

GOOD = """
id = "due"
version = 1
purpose = "reminder"
channels = ["sms"]
tells_debt = true
text = "【{lender_name}】应还{due_fen}元，{due_on}。尾号{tail}，{days}天。"
[slots]
lender_name = "registered"
due_fen = "amount"
due_on = "day"
tail = "tail"
days = "count"
"""
VALUES = {"due_fen": 123_456_789, "due_on": 20781, "tail": "0042", "days": 3}
REGISTERED = {"lender_name": "某某消费金融有限公司"}


def put(folder: Path, text: str) -> None:
    """Write a template, and approve it in these words."""
    name = re.findall('id = "(.*)"', text)[0]
    (folder / f"{name}.toml").write_text(text, "utf-8")
    made = _read(folder / f"{name}.toml")
    (folder / APPROVED_FILE).write_text(f'[{name}]\n"{made.version}" = "{made.hash}"\n', "utf-8")


@pytest.fixture
def template(tmp_path: Path, screen: Screen) -> Template:
    put(tmp_path, GOOD)
    return load_templates(tmp_path, screen)["due"]


def test_slots_are_written_exactly(template: Template) -> None:
    said = render(template, VALUES, REGISTERED).text
    assert said == "【某某消费金融有限公司】应还1,234,567.89元，2026年11月24日。尾号0042，3天。"


WRONG: dict[str, tuple[str, Any]] = {
    "a negative amount": ("due_fen", -1),
    "an amount with a fraction": ("due_fen", 1.5),
    "a yes for an amount": ("due_fen", True),
    "a tail that is a whole number": ("tail", "6222020000000000"),
    "a tail of words": ("tail", "爆通讯录"),
    "a day as text": ("due_on", "2026-11-24"),
    "a day beyond the calendar": ("due_on", 10**12),
}


@pytest.mark.parametrize(("slot", "value"), WRONG.values(), ids=WRONG.keys())
def test_a_value_not_of_its_kind_is_refused_and_not_quoted(
    template: Template, slot: str, value: Any
) -> None:
    with pytest.raises(TemplateError, match=f"{slot} is not of kind") as refused:
        render(template, {**VALUES, slot: value}, REGISTERED)
    assert str(value) not in str(refused.value)


def test_a_missing_value_is_refused(template: Template) -> None:
    with pytest.raises(TemplateError, match="no value for days"):
        render(template, {key: VALUES[key] for key in ("due_fen", "due_on", "tail")}, REGISTERED)


def test_a_value_without_a_slot_is_refused(template: Template) -> None:
    with pytest.raises(TemplateError, match="no slot note"):
        render(template, {**VALUES, "note": "爆通讯录"}, REGISTERED)


def test_a_registered_value_cannot_be_given_by_the_sender(template: Template) -> None:
    with pytest.raises(TemplateError, match="no slot lender_name"):
        render(template, {**VALUES, "lender_name": "市公安局"}, REGISTERED)


def test_a_sealed_slot_is_left_for_the_channel() -> None:
    told = Template("hello", 1, "hello", ("sms",), False, "{name}您好", {"name": "sealed"})
    assert render(told, {}, {}).text == "{name}您好"


BROKEN = {
    "harmful words": ("应还{due_fen}元", "应还{due_fen}元，否则爆通讯录", "says '爆通讯录'"),
    "harmful words around a slot": ("天。", "天。{days}爆通{days}讯录", "says"),
    "a slot nobody declared": ("{days}天", "{day}天", "not the slots"),
    "a declared slot nobody uses": ("{days}天", "天", "not the slots"),
    "free text": ('days = "count"', 'days = "text"', "a slot of kind 'text'"),
    "version 0": ("version = 1", "version = 0", "version is"),
    "another name": ('id = "due"', 'id = "other"', "not the name of the file"),
    "an unknown key": ("version = 1", "version = 1\ncolour = 1", "colour is unknown"),
    "no text": ('purpose = "reminder"', "", "purpose is missing"),
    "not TOML": ("[slots]", "[slots", "not readable"),
    "tells_debt as text": ("tells_debt = true", 'tells_debt = "true"', "tells_debt is"),
    "no channel": ('channels = ["sms"]', "channels = []", "channels is"),
}


@pytest.mark.parametrize(("old", "new", "reason"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_template_is_refused(
    tmp_path: Path, screen: Screen, old: str, new: str, reason: str
) -> None:
    assert old in GOOD
    (tmp_path / "due.toml").write_text(GOOD.replace(old, new), "utf-8")
    with pytest.raises(TemplateError, match=reason):
        load_templates(tmp_path, screen)


def test_the_hash_changes_with_the_words(
    template: Template, tmp_path: Path, screen: Screen
) -> None:
    put(tmp_path, GOOD.replace("应还", "本期应还"))
    assert load_templates(tmp_path, screen)["due"].hash != template.hash


def test_a_message_to_a_third_party_tells_nothing_of_a_debt(screen: Screen) -> None:
    told = load_templates(message_folder("cn"), screen)
    silent = told["pass_message"]
    assert not silent.tells_debt
    assert not any(
        word in silent.text for word in ("贷", "欠", "款", "逾期", "元", "合同", "lender")
    )
    assert set(silent.slots) == {"callback_number"}


@pytest.mark.parametrize(
    ("old", "new"),
    [("应还", "本期应还"), ('["sms"]', '["sms", "email"]'),
     ("tells_debt = true", "tells_debt = false"), ('"reminder"', '"notice"'),
     ("version = 1", "version = 2")],
)  # fmt: skip
def test_words_that_changed_since_their_approval_are_refused(
    tmp_path: Path, screen: Screen, old: str, new: str
) -> None:
    put(tmp_path, GOOD)
    (tmp_path / "due.toml").write_text(GOOD.replace(old, new), "utf-8")
    with pytest.raises(TemplateError, match="words are not approved as version"):
        load_templates(tmp_path, screen)
    (tmp_path / APPROVED_FILE).unlink()
    with pytest.raises(TemplateError, match="missing, or not readable"):
        load_templates(tmp_path, screen)


TELLING = (
    "您好，张三在某某消费金融有一笔8000元的款项没有处理，案件号20261125，烦请转告，致电{callback_number}。",
    "您好，您提名人的贷款还没处理，烦请转告其致电{callback_number}。",
    "您好，张三借了我们8000元没还，烦请转告，致电{callback_number}。",
    "请转告他尽快把钱还清，致电{callback_number}。",
    "请转告他那三万块的事，致电{callback_number}。",
    "我们受委托联系他，编号A17，致电{callback_number}。",
    "请转告他：daikuan逾期了，致电{callback_number}。",
    "请转告他：逾 期了，致电{callback_number}。",
    "这里是{lender_name}，请转告其致电{callback_number}。",
    "请转告其致电{callback_number}，共{due_fen}。",
)


@pytest.mark.parametrize("text", TELLING)
def test_a_template_for_third_persons_that_tells_of_a_debt_is_refused(
    tmp_path: Path, screen: Screen, text: str
) -> None:
    folder = tmp_path / "messages"
    folder.mkdir()
    shutil.copytree(message_folder("cn").parent / SILENCE_FOLDER, tmp_path / SILENCE_FOLDER)
    good = (message_folder("cn") / "pass_message.toml").read_text("utf-8")
    put(folder, good)
    assert load_templates(folder, screen)["pass_message"].for_others
    kinds = {"callback_number": "registered", "lender_name": "registered", "due_fen": "amount"}
    slots = "".join(f'{one} = "{kinds[one]}"\n' for one in re.findall("{([a-z_]+)}", text))
    changed = re.sub("^text = .*$", f'text = "{text}"', good, flags=re.MULTILINE)
    head, _, _ = changed.partition("[slots]")
    put(folder, f"{head}[slots]\n{slots}")
    with pytest.raises(TemplateError, match="third persons"):
        load_templates(folder, screen)


def test_only_words_for_third_persons_tell_nothing(screen: Screen) -> None:
    told = load_templates(message_folder("cn"), screen)
    assert [name for name, one in told.items() if one.for_others] == ["pass_message"]
