"""The lender's registered values have forms, and no room for a sentence."""

from pathlib import Path

import pytest
from tests.action.contact.conftest import REGISTERED

from kuanxian.base.errors import SourceError
from kuanxian.screen import Screen
from kuanxian.screen.registered import read_registered


def write(folder: Path, **told: str) -> Path:
    path = folder / "registered.toml"
    path.write_text("".join(f'{name} = "{value}"\n' for name, value in told.items()), "utf-8")
    return path


def test_values_that_fit_are_taken(tmp_path: Path, screen: Screen) -> None:
    more = {"callback_number": "+86 10-1234 5678", "agency_name": "Example (China) Services"}
    told = {**REGISTERED, **more, "regulator_line": "12378"}
    assert read_registered(write(tmp_path, **told), screen) == told


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("callback_number", "95500，他欠我们8000元已逾期，XX消费金融"),
        ("callback_number", "４００-０００-０００１"),
        ("callback_number", "9"),
        ("complaint_channel", "官方App投诉"),
        ("regulator_line", "12378 or else"),
        ("service_channel", "个人微信张三13800138000转账，否则上门找你家人并抓你坐牢"),
        ("service_channel", "加我微信处理结清"),
        ("lender_name", "某某公司。您已欠款"),
        ("lender_name", "公司" * 21),
        ("lender_name", "公司8000"),
        ("lender_name", ""),
        ("agency_name", "{callback_number}"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_and_not_quoted(
    tmp_path: Path, screen: Screen, name: str, value: str
) -> None:
    with pytest.raises(SourceError, match=f"{name} is no ") as refused:
        read_registered(write(tmp_path, **{name: value}), screen)
    assert not value or value not in str(refused.value)


@pytest.mark.parametrize("text", ["lender_name = 1", "lender_name = ["])
def test_what_is_no_file_of_texts_is_refused(tmp_path: Path, screen: Screen, text: str) -> None:
    path = tmp_path / "registered.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SourceError):
        read_registered(path, screen)


def test_an_agency_or_a_debt_may_have_a_value_of_its_own(tmp_path: Path, screen: Screen) -> None:
    path = tmp_path / "registered.toml"
    path.write_text('[agency_name]\na-1 = "甲公司"\n[contract_tail]\nd-1 = "00A2"\n', "utf-8")
    told = {"agency_name.a-1": "甲公司", "contract_tail.d-1": "00A2"}
    assert read_registered(path, screen) == told


@pytest.mark.parametrize(
    "text",
    ['[lender_name]\na = "甲公司"', '[agency_name]\na = "公司8000"', 'contract_tail = "0042"',
     '[contract_tail]\nd-1 = "00042"', '[contract_tail]\nd-1 = "元元元元"', "[agency_name]\na = 1"],
)  # fmt: skip
def test_a_table_of_values_that_do_not_fit_is_refused(
    tmp_path: Path, screen: Screen, text: str
) -> None:
    path = tmp_path / "registered.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SourceError):
        read_registered(path, screen)
