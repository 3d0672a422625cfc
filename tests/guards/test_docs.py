"""The documents say what is so: links lead somewhere, tests exist, commands run."""

import ast
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from kuanxian.cli.main import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*/*.md")]
    if not {".venv", ".venv-oracles"} & set(path.parts)
)
LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
GUIDES = ["README.md", "README.zh.md", "docs/tutorial/first-close.md",
          "docs/tutorial/first-close.zh.md"]  # fmt: skip


def anchors(page: Path) -> set[str]:
    """Name the headings and the anchors of a page as links name them."""
    text = page.read_text("utf-8")
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    found: Counter[str] = Counter()
    names = set(re.findall(r'<a id="([^"]+)"></a>', text))
    for title in titles:
        name = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        names.add(f"{name}-{found[name]}" if found[name] else name)
        found[name] += 1
    return names


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    for link in LINK.findall(text):
        where, _, anchor = link.partition("#")
        if "://" in where:
            continue
        target = (page.parent / where).resolve() if where else page
        assert target.exists(), f"{link} leads nowhere"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{link}: no such heading"


def test_every_page_is_listed_in_the_index() -> None:
    text = (ROOT / "docs/README.md").read_text("utf-8")
    pages = {
        path.relative_to(ROOT / "docs").as_posix()
        for path in PAGES
        if ROOT / "docs" in path.parents
    }
    own = {page for page in pages if not page.startswith("decisions/")} - {"README.md"}
    assert [page for page in sorted(own) if f"({page})" not in text] == []


def named_tests(text: str) -> list[tuple[str, str]]:
    return re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)


def test_every_invariant_names_a_test_and_the_test_exists() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    promises = text.split("**Invariant:**")[1:]
    assert len(promises) >= 16
    for promise in promises:
        named = named_tests(promise.split("\n\n")[0])
        assert named, f"no test holds:{promise[:80]}"
        for where, name in named:
            tree = ast.parse((ROOT / where).read_text("utf-8"))
            assert name in {getattr(node, "name", "") for node in tree.body}, f"{where}::{name}"


def test_every_room_is_on_the_map() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    rooms = {path.parent.name for path in (ROOT / "src/kuanxian").glob("*/__init__.py")}
    assert [room for room in sorted(rooms) if f"`src/kuanxian/{room}/`" not in text] == []


def test_every_decision_is_listed() -> None:
    listed = (ROOT / "docs/decisions/README.md").read_text("utf-8")
    pages = {path.name for path in (ROOT / "docs/decisions").glob("0*.md")}
    assert [name for name in sorted(pages) if f"({name})" not in listed] == []


def test_every_command_has_a_section_in_the_reference() -> None:
    text = (ROOT / "docs/reference/cli.md").read_text("utf-8")
    assert [name for name in COMMANDS if f"## kuanxian {name}\n" not in text] == []


def commands_in(page: str) -> Iterator[list[str]]:
    """Take the commands a reader is told to type from the shell blocks of a page."""
    text = (ROOT / page).read_text("utf-8")
    for block in re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        joined = block.replace("\\\n", " ")
        yield from (shlex.split(line, comments=True) for line in joined.splitlines())


@pytest.fixture
def desk() -> Iterator[Path]:
    """Give a folder that the account of the database server may enter, as a reader's is."""
    with tempfile.TemporaryDirectory(prefix="kx") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.mark.slow
@pytest.mark.parametrize("page", GUIDES)
def test_the_commands_of_a_guide_run(page: str, desk: Path) -> None:
    (desk / "examples").symlink_to(ROOT / "examples")
    programs = Path(sys.executable).parent
    lines = [line for line in commands_in(page) if line and line[0] == "kuanxian"]
    assert len(lines) >= 3
    for line in lines:
        done = subprocess.run(
            [programs / line[0], *line[1:]],
            cwd=desk,
            env={**os.environ, "COLUMNS": "100"},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{shlex.join(line)}\n{done.stderr}"


def test_the_make_targets_of_the_guides_exist() -> None:
    made = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page in [*GUIDES, "CONTRIBUTING.md"]:
        told = {line[1] for line in commands_in(page) if line and line[0] == "make"}
        assert told <= made, page


def test_the_python_of_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 1
    exec(compile(blocks[0], "README.md", "exec"), {})
    days, overdue_fen = capsys.readouterr().out.split()
    assert (int(days), int(overdue_fen)) == (46, 188193)
