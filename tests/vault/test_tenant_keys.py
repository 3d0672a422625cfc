"""Tenant keys: made once, wrapped, outside the database."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kuanxian.base.errors import KeyHolderError, SealError
from kuanxian.vault.key_file import add_key
from kuanxian.vault.keys import HeldKeys, new_key
from kuanxian.vault.tenant_keys import (
    INDEX,
    STOP,
    make_tenant_file,
    rewrap_tenant_keys,
    tenant_file,
    tenant_key,
)

KEYS = {"k1": new_key(), "k2": new_key()}


def test_a_key_is_made_once_for_each_tenant_and_use(tmp_path: Path) -> None:
    path, holder = tmp_path / "tenants", HeldKeys(KEYS, "k1")
    make_tenant_file(path)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: tenant_key(path, holder, "lender-1", INDEX), range(16)))
    assert all(key == made[0] for key in made)
    assert tenant_key(path, holder, "lender-1", STOP) != made[0]
    assert tenant_key(path, holder, "lender-2", INDEX) != made[0]
    assert path.stat().st_mode & 0o777 == 0o600
    assert made[0].reveal() not in path.read_bytes()


def test_rotation_wraps_them_anew_and_they_stay_the_same(tmp_path: Path) -> None:
    path = tmp_path / "tenants"
    make_tenant_file(path)
    key = tenant_key(path, HeldKeys(KEYS, "k1"), "lender-1", INDEX)
    assert rewrap_tenant_keys(path, HeldKeys(KEYS, "k2")) == 1
    assert rewrap_tenant_keys(path, HeldKeys(KEYS, "k2")) == 0
    assert tenant_key(path, HeldKeys({"k2": KEYS["k2"]}, "k2"), "lender-1", INDEX) == key
    with pytest.raises(KeyHolderError):
        tenant_key(path, HeldKeys({"k1": KEYS["k1"]}, "k1"), "lender-1", INDEX)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"a": 1}', '{"a": ["k1", "§"]}'])
def test_a_damaged_file_is_a_clear_error_and_is_not_written_over(
    tmp_path: Path, content: str
) -> None:
    path = tmp_path / "tenants"
    path.write_text(content)
    with pytest.raises(KeyHolderError, match="damaged"):
        tenant_key(path, HeldKeys(KEYS, "k1"), "lender-1", INDEX)
    assert path.read_text() == content
    with pytest.raises(SealError):
        tenant_key(path, HeldKeys(KEYS, "k1"), "a|b", INDEX)


def test_it_is_made_with_the_key_file_and_never_anew_where_it_is_missing(tmp_path: Path) -> None:
    key_file = tmp_path / "keys"
    add_key(key_file, "k1")
    path, holder = tenant_file(key_file), HeldKeys(KEYS, "k1")
    key = tenant_key(path, holder, "lender-1", INDEX)
    kept = path.rename(tmp_path / "elsewhere")
    add_key(key_file, "k2")
    for ask in (lambda: tenant_key(path, holder, "lender-1", INDEX),
                lambda: rewrap_tenant_keys(path, holder)):  # fmt: skip
        with pytest.raises(KeyHolderError, match="is not there") as caught:
            ask()
        assert "beside the key file" in caught.value.advice
    assert not path.exists()
    kept.rename(path)
    assert tenant_key(path, holder, "lender-1", INDEX) == key
