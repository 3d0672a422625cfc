"""Keys at rest, and the limits of each."""

import pytest
from tests.action.contact.scene import Scene
from tests.api.conftest import PEPPER, Line, make_key

from kuanxian.api.keyring import SCOPES, Key, Keyring, add_key, list_keys, revoke_key
from kuanxian.api.limiter import MINUTE_US, Limiter
from kuanxian.base.errors import ApiKeyError


def test_the_journal_holds_no_secret(line: Line) -> None:
    for body in line.written("api:keys"):
        for sent in line.keys.values():
            assert sent.split("_")[2] not in str(body)


def test_a_key_under_another_pepper_is_none(line: Line, scene: Scene) -> None:
    ours = Keyring(scene.gate.app, PEPPER, scene.clock)
    other = Keyring(scene.gate.app, b"another pepper" * 3, scene.clock)
    assert ours.find(line.keys["a-1"])[0] is not None
    assert other.find(line.keys["a-1"]) == (None, "a1" * 6)


@pytest.mark.parametrize("sent", ["", "kx_", "kx_a1_b", "kx_" + "0" * 12 + "_" + "0" * 64])
def test_what_is_no_key_names_nobody(line: Line, scene: Scene, sent: str) -> None:
    assert Keyring(scene.gate.app, PEPPER, scene.clock).find(sent) == (None, "")


def test_a_revoked_key_stays_on_the_list_and_is_revoked_once(line: Line, scene: Scene) -> None:
    make_key(scene, "d0" * 6, "a-1")
    for later in (5, 9):
        revoke_key(scene.gate.app, "d0" * 6, scene.clock.now + later, actor="system:test")
    assert list_keys(scene.gate.app)["d0" * 6].revoked_at == scene.clock.now + 5
    with pytest.raises(ApiKeyError, match="no such key"):
        revoke_key(scene.gate.app, "d9" * 6, scene.clock.now, actor="system:test")


@pytest.mark.parametrize(
    "more",
    [{"scopes": frozenset()}, {"scopes": frozenset({"all"})}, {"party": "a 1"}, {"per_minute": 0}],
)
def test_a_key_that_cannot_be_is_not_made(
    line: Line, scene: Scene, more: dict[str, object]
) -> None:
    key = Key("d1" * 6, "a-1", frozenset(SCOPES), "", 10, 0)._replace(**more)  # type: ignore[arg-type]
    with pytest.raises(ApiKeyError):
        add_key(scene.gate.app, PEPPER, key, bytes(32), actor="system:test")


def test_a_limit_fills_evenly_and_tells_the_first_refusal_apart() -> None:
    limiter = Limiter()
    assert [limiter.take("k", 60, 0).allowed for _ in range(61)].count(True) == 60
    again = limiter.take("k", 60, MINUTE_US // 120)
    assert (again.allowed, again.retry_after_seconds, again.first) == (False, 1, False)
    assert limiter.take("k", 60, MINUTE_US // 60).allowed
    assert limiter.take("other", 60, 0).allowed
    assert limiter.take("k", 60, MINUTE_US // 60).first


def test_a_clock_that_goes_back_gives_nothing_away() -> None:
    limiter = Limiter()
    assert limiter.take("k", 1, MINUTE_US * 9).allowed
    assert not limiter.take("k", 1, 0).allowed
    assert not limiter.take("k", 1, MINUTE_US * 9).allowed
