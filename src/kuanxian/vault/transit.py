"""Transit: the key-encryption key stays in OpenBao or Vault and never comes here.

A person's key goes there to be wrapped, and comes back wrapped. The service's transit
engine keeps versions of its key, so ``key_id`` carries the version and rotation there is
followed by ``rewrap`` here. Never make one transit key a person: such a key cannot be
deleted unless ``deletion_allowed`` was set, so erasure would fail on the defaults.

Needs the extra ``transit`` (hvac).

Source: the HTTP interface of the transit engine (``encrypt``, ``decrypt``, ``keys``), with
``associated_data``. Tried against a stand-in that checks the form of the requests, not
against a running service.
"""

from base64 import b64decode, b64encode
from typing import Any

from kuanxian.base.errors import KeyHolderError
from kuanxian.vault.keys import Wrapped
from kuanxian.vault.seal import KEY_BYTES
from kuanxian.vault.secret import SecretBytes


class TransitKeys:
    """A key of a transit engine.

    Args:
        client: An ``hvac.Client`` that is signed in.
        name: The transit key: type ``aes256-gcm96``.
        mount: Where the engine is mounted.
    """

    def __init__(self, client: Any, name: str, mount: str = "transit") -> None:
        self._engine = client.secrets.transit
        self._name = name
        self._mount = mount
        self._current = ""

    def current(self) -> str:
        """Name the key and its latest version, as last read from the service.

        Raises:
            KeyHolderError: The service cannot be asked.
        """
        if not self._current:
            answer = self._ask("read_key", name=self._name)
            self._current = self._version(answer["latest_version"])
        return self._current

    def wrap(self, key: SecretBytes, bound: bytes) -> Wrapped:
        """Have a key wrapped.

        Raises:
            KeyHolderError: The service cannot be asked.
        """
        answer = self._ask(
            "encrypt_data",
            name=self._name,
            plaintext=b64encode(key.reveal()).decode(),
            associated_data=b64encode(bound).decode(),
        )
        body = str(answer["ciphertext"])
        self._current = self._version(body.split(":")[1].removeprefix("v"))
        return Wrapped(self._current, body.encode())

    def unwrap(self, wrapped: Wrapped, bound: bytes) -> SecretBytes:
        """Have a key given back.

        Raises:
            KeyHolderError: The service refuses, or cannot be asked.
        """
        answer = self._ask(
            "decrypt_data",
            name=self._name,
            ciphertext=wrapped.body.decode("ascii", "replace"),
            associated_data=b64encode(bound).decode(),
        )
        key = b64decode(answer["plaintext"])
        if len(key) != KEY_BYTES:
            raise KeyHolderError(wrapped.key_id, "the service gave back something that is no key")
        return SecretBytes(key)

    def _version(self, number: object) -> str:
        return f"{self._mount}:{self._name}:v{number}"

    def _ask(self, what: str, **words: str) -> dict[str, Any]:
        try:
            answer = getattr(self._engine, what)(mount_point=self._mount, **words)
            data: dict[str, Any] = answer["data"]
        except Exception as error:  # noqa: BLE001 - hvac and requests raise of many kinds
            # Their messages may quote the request, and the request holds a key.
            reason = f"the key service did not answer ({type(error).__name__})"
            advice = "Look at the service's own log; check address, token and policy."
            raise KeyHolderError(f"transit key {self._name}", reason, advice) from None
        return data
