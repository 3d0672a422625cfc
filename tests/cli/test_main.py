"""The command line starts at once and never shows a stack trace."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import typer

from kuanxian import __version__
from kuanxian.base.errors import BookError
from kuanxian.cli import main as command_line

Cost = Callable[[Sequence[str | Path]], float]
PROGRAM = Path(sys.executable).with_name("kuanxian")
HEAVY = {"numpy", "numba", "pyarrow", "duckdb", "pandas", "polars", "jinja2", "llvmlite"}


def run(args: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        command_line.main(args)
    said = capsys.readouterr()
    assert isinstance(stop.value.code, int)
    return stop.value.code, said.out, said.err


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"], capsys) == (0, f"kuanxian {__version__}\n", "")


def test_the_program_tells_its_version_within_300_ms(cost_of: Cost) -> None:
    # By the starts of a bare Python in the same minute; see ``test_loan``.
    assert cost_of([PROGRAM, "--version"]) <= 36 * cost_of([sys.executable, "-c", "pass"])


SMALL = [["--version"], ["--help"], *([name, "--help"] for name in command_line.COMMANDS)]


@pytest.mark.parametrize("args", SMALL, ids=" ".join)
def test_small_commands_import_nothing_heavy(args: list[str]) -> None:
    code = (
        "import sys\n"
        "from kuanxian.cli.main import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "except SystemExit as stop:\n    assert stop.code == 0, stop.code\n"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert HEAVY & set(done.stderr.split()) == set()


@pytest.mark.parametrize("name", command_line.COMMANDS)
def test_every_command_is_listed_and_shows_an_example(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert f"  {name} " in run(["--help"], capsys)[1]
    code, said, _ = run([name, "--help"], capsys)
    assert code == 0
    assert f"kuanxian {name}" in said


LEAVES = [["demo"], ["intake"], ["simulate"], ["close"],
          *(["loan", name] for name in ("schedule", "position", "payoff", "apr")),
          *(["law", name] for name in
            ("list", "show", "decide", "test", "prove", "diff", "coverage", "schema")),
          *(["person", name] for name in (
              "add", "owes", "put", "correct", "show", "find", "nominate", "export", "restrict",
              "release", "erase", "settle", "stop", "consents", "explain", "notice", "ask",
              "view")),
          *(["vault", name] for name in ("new-key", "rotate", "retention", "budget",
                                             "poison")),
          *(["contact", name] for name in
            ("propose", "send", "outcome", "windows", "open-case", "add", "state", "answers",
             "heard")),
          ["api", "key", "add"], ["api", "key", "list"], ["api", "key", "revoke"],
          ["api", "serve"]]  # fmt: skip


@pytest.mark.parametrize("words", LEAVES, ids=" ".join)
def test_the_examples_of_a_command_stand_on_lines_of_their_own(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    said = run([*words, "--help"], capsys)[1]
    examples = said[said.index("Example") :].split("\n\n")[0]
    assert f"kuanxian {' '.join(words)} " in f"{examples} ".replace("\n", " \n")
    assert "\\b" not in said
    assert all(line.count(f"kuanxian {words[0]}") <= 1 for line in examples.splitlines())


def test_a_wrong_command_is_an_error_with_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, said = run(["clsoe"], capsys)
    assert code == 2
    assert "close" in said


def failing(error: BaseException) -> typer.Typer:
    app = typer.Typer(pretty_exceptions_enable=False)

    @app.command()
    def fail() -> None:
        raise error

    return app


ERRORS = [
    (BookError("book.json", "is missing", "Run kuanxian intake."), 2,
     "error: book.json: is missing\nRun kuanxian intake.\n"),
    (BookError("book.json", "is missing"), 2, "error: book.json: is missing\n"),
    (FileNotFoundError(2, "No such file or directory", "a.toml"), 2,
     "error: a.toml: No such file or directory\n"),
    (OSError("disk gone"), 2, "error: the system: disk gone\n"),
    (KeyboardInterrupt(), 130, ""),
    (ValueError("a cell of somebody's file"), 70,
     "error: kuanxian: a defect in this program (ValueError)\n"
     "Run it again with KUANXIAN_TRACEBACK=1 and report what it prints.\n"),
]  # fmt: skip


@pytest.mark.parametrize(("error", "code", "said"), ERRORS)
def test_an_error_is_words_and_a_code(
    error: BaseException,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("KUANXIAN_TRACEBACK", raising=False)
    monkeypatch.setattr(command_line, "build", lambda: failing(error))
    assert run([], capsys) == (code, "", said)


def test_a_stack_trace_is_shown_to_who_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUANXIAN_TRACEBACK", "1")
    monkeypatch.setattr(command_line, "build", lambda: failing(ValueError("seen")))
    with pytest.raises(ValueError, match="seen"):
        command_line.main([])


MISPLACED = [
    ["{}"], ["person", "{}"], ["person", "--{}", "show", "p-1"], ["person", "show", "p-1", "--{}"],
    ["person", "put", "p-1", "phone", "{}"], ["journal", "export", "--format", "{}"],
    ["contact", "open-case", "/tmp/{}", "--id", "case-1"], ["screen", "{}"],
]  # fmt: skip


@pytest.mark.parametrize("args", MISPLACED, ids=" ".join)
def test_a_number_typed_in_a_wrong_place_is_not_printed_back(
    args: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for number in ("17405000001", "174-0500-0001", "11010519491231002X"):
        code, out, error = run([word.format(number) for word in args], capsys)
        assert (code, number in out + error, "***" in error) == (2, False, True), error
    for loan in ("20260131000017", "L-2026-01-31-7"):
        assert loan in run([word.format(loan) for word in args], capsys)[2]
