"""What is sealed opens in its own place under its own key, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuanxian.base.errors import SealError
from kuanxian.vault.keys import new_key, system_random
from kuanxian.vault.scrub import PERSONAL
from kuanxian.vault.seal import VALUE_BYTES_MAX, Place, check_place, cipher_of, seal, unseal

PLACE = Place("lender-1", "p-1", "phone", 1)
CIPHER = cipher_of(new_key())
ANY_WORD = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}", fullmatch=True)
WORDS = ANY_WORD.filter(lambda word: PERSONAL.search(word) is None)
PLACES = st.builds(Place, WORDS, WORDS, WORDS, st.integers(1, 10**6))


@given(st.binary(max_size=VALUE_BYTES_MAX), PLACES)
def test_what_was_sealed_opens_again(value: bytes, place: Place) -> None:
    check_place(place)
    sealed = seal(CIPHER, place, value, system_random)
    assert unseal(CIPHER, place, sealed) == value
    assert len(sealed) == len(value) + 29


@given(PLACES, PLACES)
def test_two_places_are_never_bound_alike(one: Place, other: Place) -> None:
    assert (one.bound() == other.bound()) == (one == other)


@pytest.mark.parametrize(
    "moved",
    [
        PLACE._replace(tenant="lender-2"),
        PLACE._replace(person="p-2"),
        PLACE._replace(field="name"),
        PLACE._replace(version=2),
    ],
    ids=["another tenant", "another person", "another field", "another version"],
)
def test_sealed_bytes_moved_elsewhere_do_not_open(moved: Place) -> None:
    sealed = seal(CIPHER, PLACE, b"made up", system_random)
    with pytest.raises(SealError, match="the seal is broken"):
        unseal(CIPHER, moved, sealed)


@given(st.integers(0, 35), st.integers(1, 255))
def test_one_changed_byte_breaks_the_seal(at: int, by: int) -> None:
    sealed = bytearray(seal(CIPHER, PLACE, b"made up", system_random))
    sealed[at] ^= by
    with pytest.raises(SealError):
        unseal(CIPHER, PLACE, bytes(sealed))


@pytest.mark.parametrize("cut", range(30))
def test_sealed_bytes_cut_off_do_not_open(cut: int) -> None:
    sealed = seal(CIPHER, PLACE, b"a", system_random)
    with pytest.raises(SealError):
        unseal(CIPHER, PLACE, sealed[:cut] if cut < 30 else sealed[:-1])


def test_another_key_does_not_open() -> None:
    sealed = seal(CIPHER, PLACE, b"made up", system_random)
    with pytest.raises(SealError):
        unseal(cipher_of(new_key()), PLACE, sealed)


def test_the_same_value_never_seals_to_the_same_bytes() -> None:
    assert len({seal(CIPHER, PLACE, b"made up", system_random) for _ in range(1000)}) == 1000


def test_a_value_too_long_is_refused() -> None:
    with pytest.raises(SealError, match="longer"):
        seal(CIPHER, PLACE, bytes(VALUE_BYTES_MAX + 1), system_random)


NO_IDS = ["", "a|b", "王五", "a b", "-a", "a" * 65, "17405000001\n", "17405000001", "p-17405000001",
          "110101180001010015", "174-0500-0001"]  # fmt: skip


@pytest.mark.parametrize("word", NO_IDS)
def test_a_place_that_could_be_mistaken_for_another_is_refused_unquoted(word: str) -> None:
    with pytest.raises(SealError) as error:
        check_place(PLACE._replace(person=word))
    assert len(word) < 3 or word.strip() not in str(error.value)


@pytest.mark.parametrize(
    "word",
    ["p-000123", "L-20260131-7", "550e8400-e29b-41d4-a716-446655440000", "a" + "12345678" * 4],
)
def test_an_id_that_says_nothing_passes(word: str) -> None:
    assert check_place(PLACE._replace(person=word)).person == word
