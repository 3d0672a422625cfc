"""Keys are wrapped, rotated and lost as they should be."""

from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kuanxian.base.errors import KeyHolderError, SealError
from kuanxian.vault.key_file import VARIABLE, add_key, parse_keys, read_environment, read_key_file
from kuanxian.vault.keys import HeldKeys, Wrapped, new_key, person_bound, rewrap, system_random
from kuanxian.vault.seal import Place, cipher_of, seal, unseal
from kuanxian.vault.secret import SecretBytes

BOUND = person_bound("lender-1", "p-1")


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "keys"
    add_key(path, "k1")
    return path


def test_a_wrapped_key_comes_back_the_same(key_file: Path) -> None:
    holder = read_key_file(key_file)
    key = new_key()
    wrapped = holder.wrap(key, BOUND)
    assert wrapped.key_id == "k1"
    assert key.reveal() not in wrapped.body
    assert holder.unwrap(wrapped, BOUND) == key


def test_keys_that_are_added_at_the_same_time_are_all_there(key_file: Path) -> None:
    names = [f"k{number}" for number in range(2, 34)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: add_key(key_file, name), names))
    held = key_file.read_text("utf-8").split()
    assert sorted(line.partition("=")[0] for line in held) == sorted(["k1", *names])


def test_a_key_is_added_to_a_file_whose_last_line_has_no_end(key_file: Path) -> None:
    key_file.write_text(key_file.read_text("utf-8").rstrip("\n"), "utf-8")
    wrapped = read_key_file(key_file).wrap(new_key(), BOUND)
    add_key(key_file, "k2")
    holder = read_key_file(key_file)
    assert (holder.current(), len(holder.unwrap(wrapped, BOUND).reveal())) == ("k2", 32)


def test_a_wrapped_key_put_in_another_persons_place_is_refused(key_file: Path) -> None:
    holder = read_key_file(key_file)
    wrapped = holder.wrap(new_key(), BOUND)
    with pytest.raises(KeyHolderError, match="somebody else's"):
        holder.unwrap(wrapped, person_bound("lender-1", "p-2"))


@pytest.mark.parametrize("body", [b"", b"\x01", b"\x02" + bytes(60), b"\x01" + bytes(60)])
def test_what_is_no_wrapped_key_is_refused(key_file: Path, body: bytes) -> None:
    with pytest.raises(KeyHolderError):
        read_key_file(key_file).unwrap(Wrapped("k1", body), BOUND)


def test_rotation_wraps_the_key_anew_and_leaves_the_sealed_data(key_file: Path) -> None:
    key = new_key()
    old = read_key_file(key_file).wrap(key, BOUND)
    place = Place("lender-1", "p-1", "name", 1)
    sealed = seal(cipher_of(key), place, b"made up", system_random)
    add_key(key_file, "k2")
    both = read_key_file(key_file)
    new = rewrap(both, old, BOUND)
    assert (old.key_id, new.key_id) == ("k1", "k2")
    assert rewrap(both, new, BOUND) == new
    only_new = parse_keys([key_file.read_text().split()[-1]], "keys")
    assert unseal(cipher_of(only_new.unwrap(new, BOUND)), place, sealed) == b"made up"
    with pytest.raises(KeyHolderError, match="no such key"):
        only_new.unwrap(old, BOUND)


def test_without_the_wrapped_key_nothing_opens(key_file: Path) -> None:
    key = new_key()
    place = Place("lender-1", "p-1", "name", 1)
    sealed = seal(cipher_of(key), place, b"made up", system_random)
    del key  # erased: the key is random, so whoever holds the key file cannot make it again
    for guess in (new_key(), SecretBytes(bytes(32))):
        with pytest.raises(SealError):
            unseal(cipher_of(guess), place, sealed)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o666])
def test_a_key_file_that_others_may_use_is_refused(key_file: Path, mode: int) -> None:
    key_file.chmod(mode)
    with pytest.raises(KeyHolderError, match="others") as error:
        read_key_file(key_file)
    assert "chmod 600" in error.value.advice


def test_a_key_file_is_made_for_its_owner_alone(key_file: Path) -> None:
    assert key_file.stat().st_mode & 0o777 == 0o600
    add_key(key_file, "k2")
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in key_file.parent.iterdir()) == ["keys", "keys.tenants"]


def test_a_name_is_not_given_twice_and_the_file_stays(key_file: Path) -> None:
    before = key_file.read_bytes()
    with pytest.raises(KeyHolderError, match="twice"):
        add_key(key_file, "k1")
    assert key_file.read_bytes() == before


GOOD = b64encode(bytes(range(32))).decode()
LINES = {
    "no keys": "",
    "no name": f"={GOOD}",
    "no key": "k1=",
    "a short key": f"k1={b64encode(b'short').decode()}",
    "no base64": "k1=§§§§",
    "a name that is none": f"k|1={GOOD}",
    "a name twice": f"k1={GOOD} k1={GOOD}",
}


@pytest.mark.parametrize("case", LINES)
def test_a_line_that_is_no_key_is_refused_and_not_quoted(case: str) -> None:
    with pytest.raises(KeyHolderError) as error:
        parse_keys(LINES[case].split(), "keys")
    assert GOOD not in str(error.value)


def test_keys_of_the_environment() -> None:
    holder = read_environment({VARIABLE: f"old={GOOD} new={GOOD}"})
    assert holder.current() == "new"
    with pytest.raises(KeyHolderError, match="not set"):
        read_environment({})


def test_a_missing_key_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(KeyHolderError, match="No such file"):
        read_key_file(tmp_path / "nowhere")


def test_a_holder_needs_its_current_key() -> None:
    with pytest.raises(KeyHolderError):
        HeldKeys({}, "k1")
