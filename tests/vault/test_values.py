"""A typed value is taken in one form or refused without being quoted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric

from kuanxian.base.errors import FieldError
from kuanxian.vault.values import CONTACT_FIELDS, FIELDS, take_value


def identity(place: str = "110101", born: str = "18000101", order: str = "001") -> str:
    """Make up an identity number with its check digit; nobody alive was born in 1800."""
    number = place + born + order
    return number + ric.calc_check_digit(number + "0")


def card(first: str = "999999123456789") -> str:
    return str(first + luhn.calc_check_digit(first))


TAKEN = [
    ("phone", "17405000001", "+8617405000001"),
    ("phone", " +86 174-0500-0001 ", "+8617405000001"),
    ("phone", "１７４ ０５００ ０００１", "+8617405000001"),
    ("phone", "010-00000000", "+861000000000"),
    ("phone", "+852 5100 0000", "+85251000000"),
    ("phone", "1740500000", None),
    ("phone", "27405000001", None),
    ("phone", "17405000001 转 12", None),
    ("phone", "17405000001, 17405000002", None),
    ("phone", "call me", None),
    ("identity_number", identity(), identity()),
    ("identity_number", f" {identity()[:6]} {identity()[6:14]} {identity()[14:]} ", identity()),
    ("identity_number", identity(order="010").lower(), identity(order="010")),
    ("identity_number", identity("810000"), identity("810000")),
    ("identity_number", identity("000000"), None),
    ("identity_number", identity(born="18000230"), None),
    ("identity_number", identity("810000", born="18001301"), None),
    ("identity_number", identity()[:-1] + ("0" if identity()[-1] != "0" else "1"), None),
    ("identity_number", identity()[:-1], None),
    ("identity_number", "110101800101001", None),
    ("bank_card", card(), card()),
    ("bank_card", f"{card()[:4]} {card()[4:8]}-{card()[8:]}", card()),
    ("bank_card", card()[:-1] + str((int(card()[-1]) + 1) % 10), None),
    ("bank_card", "0" * 16, None),
    ("bank_card", "9" * 11, None),
    ("bank_card", card("9" * 19), None),
    ("name", " 王  小五 ", "王 小五"),
    ("name", "买买提·阿凡提", "买买提·阿凡提"),
    ("name", "Ann O'Neil", "Ann O'Neil"),
    ("name", "王五 17405000001", None),
    ("name", "王五\n李四", None),
    ("name", "王" * 61, None),
    ("name", "欧阳 娜娜", "欧阳 娜娜"),
    ("name", "O'Neil, Ann", "O'Neil, Ann"),
    *(("name", several, None) for several in (
        "王小五、李四光", "王小五，李四光", "王小五 李四光 赵六", "王小五；李四光",
        "Ann Lee; Bob Ray", "Ann, Bob, Cat", "王小五/李四光", "王小五 李四光",
        "王小明一七四零五零零零零零一")),
    ("address", "某市某路 1 号 王小五 174-0500-0001", None),
    ("address", "妈妈１７４０５００００01，某路", None),
    ("address", "某路 1 号 010-8888-6666", None),
    ("address", "100083 某市某路 12 号 3 单元 1501", "100083 某市某路 12 号 3 单元 1501"),
    ("email", "Made.Up@Example.ORG", "Made.Up@example.org"),
    ("email", "made up@example.org", None),
    ("email", "a@b", None),
    ("address", "某市某区某路 1 号", "某市某区某路 1 号"),
    ("address", "路" * 201, None),
    ("address", "路" * 2000, None),
    ("address", "\x00路", None),
    ("location", "somewhere", None),
    ("address_book", "王五 17405000001", None),
]  # fmt: skip


@pytest.mark.parametrize(("field", "typed", "held"), TAKEN)
def test_a_value_is_taken_in_one_form_or_refused_unquoted(
    field: str, typed: str, held: str | None
) -> None:
    if held is not None:
        assert take_value(field, typed).reveal() == held
        return
    with pytest.raises(FieldError) as error:
        take_value(field, typed)
    assert error.value.subject in {field, "field"}
    assert typed not in str(error.value)
    assert error.value.__suppress_context__ or error.value.__context__ is None


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("typed", ["", "   ", "\u200b\ufeff\t"])
def test_nothing_is_not_a_value(field: str, typed: str) -> None:
    with pytest.raises(FieldError):
        take_value(field, typed)


@given(st.sampled_from(sorted(FIELDS)), st.text(max_size=500))
def test_any_text_is_taken_or_refused_and_taking_twice_changes_nothing(
    field: str, typed: str
) -> None:
    try:
        value = take_value(field, typed)
    except FieldError:
        return
    assert take_value(field, value.reveal()) == value


@given(st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_of_an_identity_number_is_noticed(at: int, by: int) -> None:
    number = identity(order="123")
    if number[at] == "X":
        return
    wrong = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]
    with pytest.raises(FieldError):
        take_value("identity_number", wrong)


def test_a_contact_has_a_name_and_a_number_and_nothing_else() -> None:
    assert CONTACT_FIELDS == ("name", "phone")
    assert not {"address_book", "contacts", "location", "photo", "device"} & set(FIELDS)
