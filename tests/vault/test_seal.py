"""What is sealed opens in its own place under its own key, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuanxian.base.errors import SealError
from kuanxian.vault.keys import new_key, system_random
from kuanxian.vault.seal import VALUE_BYTES_MAX, Place, check_place, cipher_of, seal, unseal

PLACE = Place("lender-1", "p-1", "phone", 1)
CIPHER = cipher_of(new_key())
WORDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}", fullmatch=True)
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


@pytest.mark.parametrize("word", ["", "a|b", "王五", "a b", "-a", "a" * 65, "17405000001\n"])
def test_a_place_that_could_be_mistaken_for_another_is_refused_unquoted(word: str) -> None:
    with pytest.raises(SealError) as error:
        check_place(PLACE._replace(person=word))
    assert len(word) < 3 or word.strip() not in str(error.value)
