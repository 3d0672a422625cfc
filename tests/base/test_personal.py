"""Ids that are somebody's number are seen in every dress; ids of machines pass."""

import uuid
from hashlib import sha256
from random import Random

import pytest
from stdnum import luhn
from stdnum.cn import ric

from kuanxian.base.personal import holds_number, holds_phone_or_identity

BODY = "11010118000229001"
IDENTITY = BODY + ric.calc_check_digit(BODY + "0")
CARD = "999999000000001" + luhn.calc_check_digit("999999000000001")

PHONES = [
    "17405000001", "L-17405000001", "ZhangWei-17405000001", "+8617405000001", "008617405000001",
    "86-174-0500-0001", "174 0500 0001", "174-0500-0001", "174/0500/0001",
    "1740.500.0001".replace(".", "", 1),
    "WangXiaoMing-174.0500.0001", "１７４０５００0001", "1740\u200b5000001", "id:174:0500:0001x",
    "王小明17405000001", "(174)0500-0001", "1740.500.0001",
    "1 7 4 0 5 0 0 0 0 0 1", "一七四零五零零零零零一", "ZhangWei.017405000001",
    "1795117405000001", "0 174 0500 0001", "174---0500---0001", "174–0500–0001", "174·0500·0001",
]  # fmt: skip
LANDLINES = ["010-8888-6666", "ZhangWei.landline:010-88886666", "(021) 8888 6666", "0571-8888666",
             "tel:0086-174-05000001", "ZhangWei.01088886666", "057188886666"]  # fmt: skip
IDENTITIES = [IDENTITY, f"p-{IDENTITY}", f"{IDENTITY[:6]}-{IDENTITY[6:14]}-{IDENTITY[14:]}"]


@pytest.mark.parametrize("text", [*PHONES, *LANDLINES, *IDENTITIES, CARD, f"card-{CARD}"])
def test_a_number_of_a_person_is_seen(text: str) -> None:
    assert holds_number(text)


@pytest.mark.parametrize("text", PHONES + IDENTITIES)
def test_of_ids_of_loans_phones_and_identity_numbers_are_seen(text: str) -> None:
    assert holds_phone_or_identity(text)


@pytest.mark.parametrize("text", [CARD, "010-8888-6666"])
def test_of_ids_of_loans_what_many_long_ids_look_like_passes(text: str) -> None:
    assert not holds_phone_or_identity(text)


WRONG = IDENTITY[:-1] + ("0" if IDENTITY[-1] != "0" else "1")


@pytest.mark.parametrize(
    "text",
    ["p-1", "loan-0000", "L-20260131-000017", "case-2026-11-25-1", "12345678901", "117405000001",
     "174050000012", "2026-01-15 10:20:30", "1234567890123", WRONG, CARD[:-1] + "1", "",
     "request-00000000-0000-4000-8000-017405000001", sha256(b"").hexdigest()],
)  # fmt: skip
def test_what_is_no_number_of_a_person_passes(text: str) -> None:
    assert not holds_number(text)
    assert not holds_phone_or_identity(text)


def test_the_instants_in_ids_pass() -> None:
    first = 1_795_579_240_000_000
    assert not any(holds_number(f"d-{n:032x}.{first + n}") for n in range(0, 50_000_000, 250_007))


def test_random_ids_pass_all_of_them() -> None:
    chance = Random(5)
    for _ in range(2_000):
        drawn = uuid.UUID(int=chance.getrandbits(128), version=4)
        assert not holds_number(f"cust-{drawn}")
        assert not holds_number(f"d-{drawn.hex}")
