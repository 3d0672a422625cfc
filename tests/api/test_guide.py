"""The guide for a dialler: what it tells a reader to send is sent, and answered."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from tests.action.contact.conftest import OVERDUE
from tests.action.contact.scene import NOON, case_told
from tests.api.conftest import Line

from kuanxian.action.contact.record import open_case

PAGES = ["docs/how-to/connect-a-dialler.md", "docs/how-to/connect-a-dialler.zh.md"]


class Sent(NamedTuple):
    """What a line of curl sends."""

    method: str
    url: str
    headers: dict[str, str]
    body: str | None


def lines_of(page: Path) -> Iterator[str]:
    """Take the lines a reader is told to type."""
    for block in re.findall(
        r"^ *```sh\n(.*?)^ *```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE
    ):
        joined = block.replace("\\\n", " ")
        yield from re.split(r"^ *(?=curl )", joined, flags=re.MULTILINE)[1:]


def read_curl(line: str) -> Sent:
    """Read a line of curl as curl does, the few options that the guide uses."""
    words = shlex.split(line)
    assert words[:2] == ["curl", "-s"]
    url, headers, body = words[2], {}, None
    for option, value in zip(words[3::2], words[4::2], strict=True):
        if option == "-H":
            name, _, said = value.partition(": ")
            headers[name] = said
        else:
            assert option == "-d"
            body = value
    return Sent("GET" if body is None else "POST", url, headers, body)


def send(line: str, known: dict[str, str]) -> httpx.Response:
    for name, value in known.items():
        line = line.replace(f"${name}", value)
    told = read_curl(line)
    assert "$" not in told.url
    return httpx.request(told.method, told.url, headers=told.headers, content=told.body, timeout=30)


@pytest.mark.parametrize("page", PAGES)
def test_what_the_guide_sends_is_answered(line: Line, scene: Any, root: Path, page: str) -> None:
    case = f"case-guide-{PAGES.index(page)}"
    open_case(scene.gate, case, case_told(), tenant=case, actor="system:test")
    scene.clock.now, scene.ledger.positions = NOON, {"d-1": OVERDUE}
    known = {"GATE": line.url, "KEY": line.keys["a-1"], "GRANT": ""}
    answers = []
    for one in lines_of(root / page):
        answer = send(one.replace("case-17", case), known)
        assert answer.status_code == 200, answer.text
        answers.append(answer.json())
        if answers[-1].get("grant"):
            known["GRANT"] = answers[-1]["grant"]["grant_id"]
    windows, proposed, told, batch, outcomes = answers
    assert {way["channel"] for way in windows["ways"] if way["open"]} >= {"voice_human"}
    assert proposed["allowed"]
    assert told["grant_id"] == proposed["grant"]["grant_id"]
    assert [one["status"] for one in batch["results"]] == [200]
    assert [one["status"] for one in outcomes["results"]] == [200]


def test_both_languages_send_the_same(root: Path) -> None:
    first, second = ([*lines_of(root / page)] for page in PAGES)
    assert first == second
