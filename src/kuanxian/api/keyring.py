"""Keyring: API keys, as entries of the journal; at rest a keyed hash and nothing else.

A key reads ``kx_<id>_<secret>``. Its id is no secret and names it everywhere; of the secret
the journal holds HMAC-SHA256 under a pepper that is in a file beside no database. A key
belongs to one party and acts only as that party.
"""

import hmac
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from hashlib import sha256
from threading import Lock
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from kuanxian.base.errors import ApiKeyError
from kuanxian.journal import canonical
from kuanxian.journal.append import append
from kuanxian.journal.entry import EPOCH, Draft, Entry
from kuanxian.journal.read import read_stream

STREAM: Final = "api:keys"
ADDED: Final = "api.key_added"
REVOKED: Final = "api.key_revoked"
SCOPES: Final = ("contacts:propose", "contacts:outcome", "windows:read", "reports:tell")
PER_MINUTE: Final = 6_000
PER_MINUTE_MAX: Final = 600_000
STALE_US: Final = 1_000_000
"""A key that was revoked works at most so much longer."""
SECRET_BYTES: Final = 32

_KEY: Final = re.compile(r"kx_([0-9a-f]{12})_([0-9a-f]{64})")
_PARTY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")


class Key(NamedTuple):
    """An API key as the journal has it."""

    key_id: str
    party: str
    scopes: frozenset[str]
    secret_hash: str
    per_minute: int
    added_at: int
    """Microseconds UTC."""
    revoked_at: int | None = None


def hash_secret(pepper: bytes, secret: str) -> str:
    """Hash a secret under the pepper."""
    return hmac.new(pepper, secret.encode(), sha256).hexdigest()


def add_key(app: sa.Engine, pepper: bytes, key: Key, secret: bytes, *, actor: str) -> str:
    """Write a new key down.

    Args:
        app: As ``kx_app``.
        pepper: What secrets are hashed under.
        key: Its ``secret_hash`` is filled in here.
        secret: ``SECRET_BYTES`` random bytes.
        actor: Who adds it.

    Returns:
        The key as its holder must send it. It is nowhere else from now on.

    Raises:
        ApiKeyError: A scope is unknown, or the party or the limit cannot be one.
    """
    stray = sorted(key.scopes - set(SCOPES))
    if stray or not key.scopes:
        raise ApiKeyError("scope", "unknown, or none", f"Of {', '.join(SCOPES)}.")
    if not _PARTY.fullmatch(key.party):
        raise ApiKeyError("party", "it is no id of a party", "Name a party of your cases.")
    if not 1 <= key.per_minute <= PER_MINUTE_MAX:
        raise ApiKeyError("per-minute", f"not 1 to {PER_MINUTE_MAX}")
    body = {
        "key_id": key.key_id,
        "party": key.party,
        "scopes": sorted(key.scopes),
        "secret_hash": hash_secret(pepper, secret.hex()),
        "per_minute": key.per_minute,
    }
    _write(app, ADDED, body, actor, key.added_at)
    return f"kx_{key.key_id}_{secret.hex()}"


def revoke_key(app: sa.Engine, key_id: str, at: int, *, actor: str) -> None:
    """Revoke a key for good; once more changes nothing.

    Raises:
        ApiKeyError: There is no such key.
    """
    found = list_keys(app).get(key_id)
    if found is None:
        raise ApiKeyError("the key", "there is no such key", "kuanxian api key list shows them.")
    if found.revoked_at is None:
        _write(app, REVOKED, {"key_id": key_id}, actor, at)


def list_keys(app: sa.Engine) -> dict[str, Key]:
    """List every key by its id."""
    with app.connect() as connection:
        return _fold({}, read_stream(connection, STREAM))


def _write(app: sa.Engine, kind: str, body: Mapping[str, Any], actor: str, at: int) -> None:
    moment = EPOCH + timedelta(microseconds=at)
    key = f"{kind}:{body['key_id']}"
    draft = Draft(STREAM, kind, moment.date(), moment, actor, canonical.encode(body), key)
    with app.begin() as connection:
        append(connection, [draft])


def _fold(keys: Mapping[str, Key], entries: Iterable[Entry]) -> dict[str, Key]:
    found = dict(keys)
    for entry in entries:
        body = canonical.decode(entry.body)
        at = (entry.happened_at - EPOCH) // timedelta(microseconds=1)
        key_id = body["key_id"]
        if entry.kind == ADDED:
            scopes = frozenset(body["scopes"])
            found[key_id] = Key(
                key_id, body["party"], scopes, body["secret_hash"], body["per_minute"], at
            )
        elif entry.kind == REVOKED:
            found[key_id] = found[key_id]._replace(revoked_at=at)
    return found


class Keyring:
    """The keys in force; reads the journal anew at most once a second."""

    def __init__(self, app: sa.Engine, pepper: bytes, clock: Callable[[], int]) -> None:
        self._app = app
        self._pepper = pepper
        self._clock = clock
        self._lock = Lock()
        self._keys: dict[str, Key] = {}
        self._version = 0
        self._read_at: int | None = None

    def find(self, sent: str) -> tuple[Key | None, str]:
        """Find the key that was sent.

        Returns:
            The key, or None where it is not good; and the id it named, empty where there is no
            key of that id.
        """
        shape = _KEY.fullmatch(sent)
        if shape is None:
            return None, ""
        if self.is_stale():
            self.refresh()
        key = self._keys.get(shape[1])
        if key is None:
            return None, ""
        same = hmac.compare_digest(hash_secret(self._pepper, shape[2]), key.secret_hash)
        return (key if same and key.revoked_at is None else None), key.key_id

    def is_stale(self) -> bool:
        """Say whether the journal is to be read before a key is looked for."""
        return self._read_at is None or not 0 <= self._clock() - self._read_at < STALE_US

    def refresh(self) -> None:
        """Read what is new of the keys."""
        at = self._clock()
        with self._lock:
            if not self.is_stale():
                return
            with self._app.connect() as connection:
                entries = read_stream(connection, STREAM, after_version=self._version)
            if entries:
                self._keys = _fold(self._keys, entries)
                self._version = entries[-1].stream_version
            self._read_at = at
