"""A secret shows itself to nobody who does not ask for it by name."""

import copy
import dataclasses
import json
import logging
import pickle
import pprint
import traceback
from collections.abc import Callable
from typing import Any

import pytest
import structlog

from kuanxian.base.personal import MASK
from kuanxian.vault.secret import Secret, SecretBytes

VALUE = "17405000001"
SECRETS: list[Any] = [Secret(VALUE), SecretBytes(VALUE.encode())]

SHOWN: dict[str, Callable[[Any], str]] = {
    "str": str,
    "repr": repr,
    "format": lambda secret: f"{secret:>30} {secret!r} {secret!s}",
    "percent": lambda secret: "%s %r" % (secret, secret),  # noqa: UP031
    "inside a list": lambda secret: str([secret, {"to": secret}]),
    "pprint": pprint.pformat,
    "ascii": ascii,
    "json with default=str": lambda secret: json.dumps({"to": secret}, default=str),
    "structlog": lambda secret: str(structlog.processors.JSONRenderer()(None, "", {"to": secret})),
    "logging": lambda secret: logging.makeLogRecord({"msg": "%s", "args": (secret,)}).getMessage(),
    "dir and vars": lambda secret: str([getattr(secret, "__dict__", ""), dir(secret)]),
    "a copy": lambda secret: str([copy.copy(secret), copy.deepcopy({"a": secret})]),
}


@pytest.mark.parametrize("way", SHOWN)
@pytest.mark.parametrize("secret", SECRETS, ids=["text", "bytes"])
def test_a_secret_prints_as_stars(way: str, secret: Any) -> None:
    shown = SHOWN[way](secret)
    assert VALUE not in shown
    assert MASK in shown or way == "dir and vars"


@pytest.mark.parametrize("secret", SECRETS, ids=["text", "bytes"])
def test_a_secret_is_not_pickled_not_json_not_hashed_not_joined(secret: Any) -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError):
            pickle.dumps([secret], protocol)
    ways: list[Callable[[Any], object]] = [json.dumps, hash, list, len, dict, bytes, int]
    for refused in ways:
        with pytest.raises(TypeError):
            refused(secret)
    with pytest.raises(TypeError):
        "to " + secret


def test_a_secret_in_a_dataclass_stays_one() -> None:
    @dataclasses.dataclass
    class Person:
        phone: Secret

    assert VALUE not in str(dataclasses.asdict(Person(Secret(VALUE))))


def test_a_stack_trace_with_its_variables_does_not_show_a_secret() -> None:
    def fail(secret: Secret) -> None:
        raise RuntimeError(f"could not reach {secret}")

    try:
        fail(Secret(VALUE))
    except RuntimeError as error:
        trace = traceback.TracebackException.from_exception(error, capture_locals=True)
        shown = "".join(trace.format())
    assert VALUE not in shown.replace("VALUE", "")


def test_secrets_compare_by_value_and_kind() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != SecretBytes(b"a")
    assert Secret("a") != "a"


def test_reveal_is_the_only_way_out() -> None:
    assert [secret.reveal() for secret in SECRETS] == [VALUE, VALUE.encode()]
