"""Copies of functions that refer to copies: compiled without naming a compiler."""

from collections.abc import Callable
from enum import IntEnum
from pathlib import Path
from types import SimpleNamespace

import pytest

from kuanxian.intake.twins import Twins, cache_folder, numbers, sources_hash


class Colour(IntEnum):
    RED = 3
    BLUE = 5


LIMIT = 7


def shade(amount: int) -> int:
    return min(amount, LIMIT) + Colour.BLUE


def mix(first: int, paint: SimpleNamespace) -> int:
    """Read an attribute that has the name of a function of ours."""
    return shade(first) + shade(first) + int(paint.mix)


def test_a_copy_computes_what_the_function_does() -> None:
    twin = Twins(lambda function: function).of(mix)

    assert twin is not mix
    assert twin(100, SimpleNamespace(mix=1)) == mix(100, SimpleNamespace(mix=1)) == 25


def test_each_function_is_compiled_once_and_those_it_calls_before_it() -> None:
    seen: list[str] = []

    def note(function: Callable[..., int]) -> Callable[..., int]:
        seen.append(function.__name__)
        return function

    twins = Twins(note)

    assert twins.of(mix) is twins.of(mix)
    assert seen == ["shade", "mix"]


def test_a_copy_refers_to_compiled_copies_and_to_plain_numbers() -> None:
    twins = Twins(lambda function: function)
    scope = twins.of(mix).__globals__

    assert scope["shade"] is twins.of(shade)
    assert scope["shade"].__globals__["Colour"] == (3, 5)
    assert scope["shade"].__globals__["LIMIT"] == 7


def test_two_functions_share_the_numbers_of_an_enum() -> None:
    twins = Twins(lambda function: function)
    other = twins.of(lambda: Colour.RED)

    assert other() == 3
    assert other.__globals__["Colour"] is twins.of(shade).__globals__["Colour"]


def test_an_enum_as_numbers_keeps_names_and_loses_the_class() -> None:
    told = numbers(Colour)

    assert (told.RED, told.BLUE) == (3, 5)
    assert type(told.RED) is int


def test_a_changed_source_has_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUANXIAN_CACHE", str(tmp_path))
    source = tmp_path / "source.py"
    source.write_text("1")
    before = cache_folder("kernel", [source])
    source.write_text("2")

    assert before.parent == tmp_path / "kuanxian"
    assert before.name.startswith("kernel-")
    assert cache_folder("kernel", [source]) != before


def test_the_user_s_cache_is_the_place_where_none_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KUANXIAN_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))

    assert cache_folder("x", []).parent == tmp_path / ".cache" / "kuanxian"
    assert len(sources_hash([])) == 16
