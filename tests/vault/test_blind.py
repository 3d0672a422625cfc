"""The blind index finds a number and tells nothing to who has no key."""

from hashlib import blake2b

from kuanxian.vault.blind import blind
from kuanxian.vault.keys import new_key
from kuanxian.vault.secret import Secret
from kuanxian.vault.values import take_value

KEY = new_key()
PHONE = "+8617405000001"


def test_two_ways_of_writing_a_number_meet() -> None:
    ways = ["17405000001", "+86 174 0500 0001", "0086-174-0500-0001", "１７４０５０００００１"]
    assert len({blind(KEY, "phone", take_value("phone", way)) for way in ways}) == 1


def test_another_number_field_or_tenant_gives_another_entry() -> None:
    entries = {
        blind(KEY, "phone", Secret(PHONE)),
        blind(KEY, "phone", Secret("+8617405000002")),
        blind(KEY, "bank_card", Secret(PHONE)),
        blind(new_key(), "phone", Secret(PHONE)),
    }
    assert len(entries) == 4
    assert {len(entry) for entry in entries} == {16}


def test_trying_all_numbers_without_the_key_finds_nothing() -> None:
    entry = blind(KEY, "phone", Secret(PHONE))
    person = b"phone".ljust(16, b"\0")
    guesses = (f"+8617405{n:06}".encode() for n in range(2000))
    found = [g for g in guesses
             if entry in {blake2b(g, digest_size=16).digest(),
                          blake2b(g, digest_size=16, person=person).digest()}]  # fmt: skip
    assert found == []
