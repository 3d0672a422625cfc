"""Write the reference pages that come out of the source: fields, codes, commands, errors.

What a field means is the docstring under it in its class; the Chinese term, and a
sentence for a field whose name says enough in its file, are in `reference_words.toml`. A
field with neither stops the tool. `--check` writes nothing and fails where a page differs.
"""

import ast
import os
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src/kuanxian"
WORDS = ROOT / "tools/reference_words.toml"
MADE = "<!-- Made by tools/reference.py from the source; `make docs` writes it anew. -->\n"

CODES = {"status", "letter", "bucket", "grade", "refused_reason"}
UNITS = {
    "fen": ("int64", "fen"),
    "ppb": ("int64", "parts per billion"),
    "on": ("date32", "day; empty: none"),
    "days": ("int32", "days"),
}


class Member(NamedTuple):
    """A field of a NamedTuple or a member of an enumeration."""

    name: str
    value: str
    """The default of a field (empty: none), the number of a code."""
    meaning: str


def main(arguments: list[str]) -> int:
    """Write the pages, or check them; return 1 where a page is not as it should be."""
    stale = []
    for where, write in PAGES.items():
        path = ROOT / "docs/reference" / where
        text = MADE + write()
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        if "--check" in arguments:
            stale.append(f"docs/reference/{where}: not what the source says; run make docs")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    print(*stale, sep="\n", end="\n" if stale else "")
    return 1 if stale else 0


def position_page() -> str:
    """Write the columns of a position."""
    identity = [
        ("loan_no", "int32", "row number", "借款序号", "Its place in the book, from 0."),
        ("loan_id", "string", "", "借款编号", "The lender's own pseudonymous number."),
        ("lender_id", "string", "", "出借人", "The actual lender in the contract; may be empty."),
        (
            "segment",
            "string",
            "",
            "分组",
            "A channel or product name of the lender's; may be empty.",
        ),
        ("product_no", "int32", "row number", "产品序号", "Which conventions the contract has."),
    ]
    rows = [_cells(f"`{name}`", kind, unit, zh, text) for name, kind, unit, zh, text in identity]
    for member in members("loan/position.py", "Position"):
        kind, unit = kind_of(member.name)
        rows.append(
            _cells(f"`{member.name}`", kind, unit, chinese("Position", member), member.meaning)
        )
    return _join(
        "# Position\n\nA row is a loan at the close of a day: what `kuanxian close` writes to "
        "`positions.parquet`, what `kuanxian.state.batch.positions` returns, and, without the "
        "first five columns, what `kuanxian.loan.position` returns. Money is whole fen (分, 1 yuan "
        "= 100 fen). An amount is *due* when its due day has come and *overdue* when its due day "
        "has passed.",
        _table(("column", "type", "unit", "中文", "meaning"), rows),
        "In Python a day is an integer, days since 1970-01-01, and -1 where the column is empty. "
        "The codes are in [terms.md](terms.md#status); how ageing is shown is set by "
        "[Policy](terms.md#policy).",
    )


def terms_page() -> str:
    """Write the figures and settings of a contract, and every code."""
    parts = [
        "# Terms, settings and codes\n\nA contract is two records of whole numbers: its figures "
        "(`Terms`) and the settings by which they are read (`Conventions`). How a loan file spells "
        "them is in [loan-file.md](loan-file.md); the columns of a book folder have these names.",
    ]
    for where, name in RECORDS:
        heads = ("field", "default", "中文", "meaning")
        rows = [
            _cells(f"`{one.name}`", one.value, chinese(name, one), one.meaning)
            for one in members(where, name)
        ]
        parts += [f"## {name}\n\n{about(where, name)}", _table(heads, rows)]
    for where, name in ENUMERATIONS:
        rows = [_cells(one.value, f"`{one.name}`", one.meaning) for one in members(where, name)]
        parts += [f"## {name}\n\n{about(where, name)}", _table(("code", "name", "meaning"), rows)]
    return _join(*parts)


def errors_page() -> str:
    """Write the error classes and the exit codes."""
    tree = ast.parse((SOURCE / "base/errors.py").read_text(encoding="utf-8"))
    rows = [
        _cells(f"`{node.name}`", _sentence(ast.get_docstring(node) or ""))
        for node in tree.body
        if isinstance(node, ast.ClassDef)
    ]
    codes = [
        _cells("0", "Done."),
        _cells("2", "An error that the message explains, or a command typed wrongly."),
        _cells("70", "A defect of this program. `KUANXIAN_TRACEBACK=1` shows where."),
        _cells("130", "Interrupted from the keyboard."),
    ]
    return _join(
        "# Errors\n\nWhat this package raises on purpose is a `KuanxianError` with a `subject` (a "
        "field, a file, a day; never a person's data), a `reason` and an `advice`. The command "
        "line prints `error: subject: reason`, then the advice, and no stack trace. A row of an "
        "input file that is not taken is no error: it is a refusal, with row, column and reason.",
        _table(("class", "meaning"), rows),
        "## Exit codes",
        _table(("code", "meaning"), codes),
    )


def cli_page() -> str:
    """Write every command's help."""
    os.environ |= {"COLUMNS": "88", "TERMINAL_WIDTH": "88", "NO_COLOR": "1", "LANG": "C.UTF-8"}
    from typer.main import get_command

    from kuanxian.cli.main import build

    parts = ["# Commands\n\nWhat `--help` says of each command."]
    for words, said in helps(get_command(build()), "kuanxian"):
        parts.append(f"## {words}\n\n```text\n{said.strip()}\n```")
    return _join(*parts)


def case_file_page() -> str:
    """Write the keys of a case file, its events, and what each computed fact needs to know."""
    from kuanxian.law import case_tables as tables
    from kuanxian.law.case_events import COMMON, GROUPS, KINDS
    from kuanxian.law.timeline import COMPUTED

    heads = ("key", "form", "must", "中文", "meaning", "words")
    parts = [
        "# Case file: every key · 案卷文件各键\n\nHow they work together is in "
        "[case-file.md](case-file.md) · [案卷文件](case-file.zh.md).",
    ]
    nouns = {"lender": tables.LENDER, **{key: one for key, (one, _) in tables.LISTS.items()}}
    for key, fields in {**nouns, "act": tables.ACT}.items():
        parts += [f"## `{key}`", _table(heads, _field_rows(fields))]
    common = {key: field for key, field in COMMON.items() if key != "kind"}
    parts += ["## Every event · 各类事件共有", _table(heads, _field_rows(common))]
    for name, kind in KINDS.items():
        parts.append(f"## `{name}` · {kind.zh}\n\n{kind.en} Group: `{kind.group}`.")
        own = {key: field for key, field in kind.keys.items() if key != "replaces"}
        if name == "consent":
            parts[-1] += (
                " In the list `consents`, `step` is written `event`, and there is no `kind`."
            )
        parts += [_table(heads, _field_rows(own))] if own else []
    groups = " ".join(f"`{group}`" for group in GROUPS)
    rows = [
        _cells(f"`{name}`", " ".join(f"`{group}`" for group in needs) or "—")
        for name, needs in sorted(COMPUTED.items())
    ]
    parts += [
        f"## `complete` · 已完整\n\nThe groups: {groups}.\n\nWhere a group that a fact needs is "
        "not declared complete, its absence (no, 0, none) is unknown. · 未声明完整的，"
        "“没有”即为不知。",
        _table(("fact", "needs complete"), rows),
    ]
    return _join(*parts)


def _field_rows(fields: Any) -> list[str]:
    return [
        _cells(
            f"`{key}`",
            one.form + (f" → {one.values[0]}" if one.form in ("ref", "refs") else ""),
            "yes" if one.need else "",
            one.zh,
            one.en,
            "" if one.form in ("ref", "refs") else " ".join(f"`{word}`" for word in one.values),
        )
        for key, one in fields.items()
    ]


def law_page() -> str:
    """Write the rulebook of mainland China for a lawyer."""
    sys.path.insert(0, str(ROOT))
    from tools.lawyers_page import lawyers_page

    return lawyers_page("cn")


def verdict_page() -> str:
    """Write which facts the verdicts of a close need besides the ledger."""
    sys.path.insert(0, str(ROOT))
    from tools.verdict_facts import verdict_facts_page

    return verdict_facts_page("cn")


def act_page() -> str:
    """Write which facts a case file states for each act."""
    from tools.act_facts import act_facts_page

    return act_facts_page()


def helps(command: Any, words: str, above: Any = None) -> Iterator[tuple[str, str]]:
    """Walk a command and those below it: its words and its help.

    The classes of the command-line library are not part of its public interface, hence
    ``Any``.
    """
    name = words.rsplit(" ", 1)[-1]
    context = command.make_context(name, [], parent=above, resilient_parsing=True)
    yield words, "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    if hasattr(command, "commands"):
        for name in command.list_commands(context):
            yield from helps(command.commands[name], f"{words} {name}", context)


def members(where: str, name: str) -> list[Member]:
    """Read the fields or codes of a class, with what each means."""
    found: list[Member] = []
    described: set[str] = set()
    for node in _class(where, name).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.append(Member(node.target.id, _default(node.value), ""))
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.append(Member(node.targets[0].id, _default(node.value), ""))
        elif isinstance(node, ast.Expr) and found and isinstance(node.value, ast.Constant):
            described.add(found[-1].name)
            found[-1] = found[-1]._replace(meaning=_sentence(str(node.value.value)))
    return [
        one if one.name in described else one._replace(meaning=_said_here(where, name, one.name))
        for one in found
    ]


def _said_here(where: str, name: str, field: str) -> str:
    """Find the sentence for a field that has no docstring. A code may go without."""
    said = str(_words().get(name, {}).get(field, {}).get("en", ""))
    if not said and (where, name) not in ENUMERATIONS:
        raise SystemExit(
            f"{where}: {name}.{field} has no docstring and no sentence in {WORDS.name}"
        )
    return said


def chinese(name: str, member: Member) -> str:
    """Find the Chinese term of a field."""
    try:
        return str(_words()[name][member.name]["zh"])
    except KeyError:
        raise SystemExit(f"{name}.{member.name} has no Chinese term in {WORDS}") from None


def kind_of(column: str) -> tuple[str, str]:
    """Tell the Arrow type and the unit of a column by its name."""
    if column in CODES:
        return "int8", "code"
    return UNITS.get(column.rsplit("_", 1)[-1], ("int32", "days" if "days" in column else "count"))


def about(where: str, name: str) -> str:
    """Read what a class is."""
    return _sentence(ast.get_docstring(_class(where, name)) or "")


def _class(where: str, name: str) -> ast.ClassDef:
    tree = ast.parse((SOURCE / where).read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            return node
    raise SystemExit(f"{where}: no class {name}")


def _default(value: ast.expr | None) -> str:
    if value is None:
        return ""
    return f"`{ast.unparse(value)}`" if isinstance(value, ast.Attribute) else ast.unparse(value)


def _words() -> dict[str, Any]:
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))


def _sentence(text: str) -> str:
    return " ".join(text.split()).replace("``", "`")


def _cells(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _table(heads: tuple[str, ...], rows: list[str]) -> str:
    return "\n".join([_cells(*heads), "|" + " --- |" * len(heads), *rows])


def _join(*parts: str) -> str:
    return "\n" + "\n\n".join(parts) + "\n"


RECORDS = [
    ("loan/terms.py", "Terms"),
    ("loan/terms.py", "Conventions"),
    ("loan/position.py", "Policy"),
    ("loan/view.py", "Row"),
    ("loan/settle.py", "Payoff"),
]
ENUMERATIONS = [
    *(
        ("loan/terms.py", name)
        for name in (
            "Method", "PeriodUnit", "Roll", "DaysOff", "DayCount", "RateUnit", "InterestBasis",
            "RoundAt", "Absorb", "Direction", "FutureRule", "PenaltyBase", "EarlyInterest", "Part",
        )
    ),
    ("base/fen.py", "Rounding"),
    ("loan/events.py", "Kind"),
    ("loan/events.py", "Refused"),
    ("loan/position.py", "Status"),
    ("loan/position.py", "Letter"),
    ("loan/trace.py", "What"),
]  # fmt: skip
PAGES: dict[str, Callable[[], str]] = {
    "position.md": position_page,
    "terms.md": terms_page,
    "errors.md": errors_page,
    "cli.md": cli_page,
    "case-file-tables.md": case_file_page,
    "law/cn.zh.md": law_page,
    "verdict-facts.md": verdict_page,
    "act-facts.md": act_page,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
