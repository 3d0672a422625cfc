from pathlib import Path

import pytest

import kuanxian.loan
from kuanxian.base import errors
from kuanxian.loan import Conventions, Position, Terms
from tools import reference


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the tool write one page into an empty folder."""
    monkeypatch.setattr(reference, "ROOT", tmp_path)
    monkeypatch.setattr(reference, "PAGES", {"errors.md": reference.errors_page})
    return tmp_path / "docs/reference"


def test_a_page_is_written_and_then_found_in_order(
    pages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reference.main([]) == 0
    assert "`BookError`" in (pages / "errors.md").read_text("utf-8")
    assert reference.main(["--check"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("edit", ["missing", "changed"])
def test_a_page_that_is_not_what_the_source_says_is_refused(
    pages: Path, edit: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if edit == "changed":
        reference.main([])
        with (pages / "errors.md").open("a") as page:
            page.write("by hand\n")
    assert reference.main(["--check"]) == 1
    assert "docs/reference/errors.md: not what the source says" in capsys.readouterr().out


def test_a_field_with_neither_docstring_nor_sentence_stops_the_tool() -> None:
    with pytest.raises(SystemExit, match="no docstring and no sentence"):
        reference._said_here("loan/position.py", "Position", "brand_new_fen")


def test_a_field_without_a_chinese_term_stops_the_tool() -> None:
    with pytest.raises(SystemExit, match="no Chinese term"):
        reference.chinese("Position", reference.Member("brand_new_fen", "", "New."))


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("payoff_fen", ("int64", "fen")),
        ("cured_on", ("date32", "day; empty: none")),
        ("days_past_due", ("int32", "days")),
        ("instalments_left", ("int32", "count")),
        ("bucket", ("int8", "code")),
    ],
)
def test_a_column_tells_its_unit_by_its_name(column: str, kind: tuple[str, str]) -> None:
    assert reference.kind_of(column) == kind


RECORDS = [("position.md", Position), ("terms.md", Terms), ("terms.md", Conventions)]


@pytest.mark.parametrize(("page", "record"), RECORDS)
def test_every_field_of_a_record_has_its_row(root: Path, page: str, record: type) -> None:
    text = (root / "docs/reference" / page).read_text("utf-8")
    fields: tuple[str, ...] = record._fields  # type: ignore[attr-defined]
    assert [name for name in fields if f"| `{name}` |" not in text] == []


def test_the_page_of_positions_has_the_columns_of_the_batch_in_order(root: Path) -> None:
    from kuanxian.state.columns import POSITION_SCHEMA

    text = (root / "docs/reference/position.md").read_text("utf-8")
    rows = [line.split("|")[1:3] for line in text.splitlines() if line.startswith("| `")]
    written = [(name.strip(" `"), kind.strip()) for name, kind in rows]
    types = {"date32[day]": "date32"}
    assert written == [
        (field.name, types.get(str(field.type), str(field.type))) for field in POSITION_SCHEMA
    ]


def test_every_code_and_every_error_has_its_row(root: Path) -> None:
    terms = (root / "docs/reference/terms.md").read_text("utf-8")
    codes = {name for _, name in reference.ENUMERATIONS}
    offered = {name: getattr(kuanxian.loan, name) for name in kuanxian.loan.__all__}
    public = {name for name, thing in offered.items() if hasattr(thing, "__members__")}
    assert public <= codes
    assert [name for name in codes if f"## {name}\n" not in terms] == []
    said = (root / "docs/reference/errors.md").read_text("utf-8")
    raised = [name for name in vars(errors) if name.endswith("Error")]
    assert [name for name in raised if f"| `{name}` |" not in said] == []


@pytest.mark.slow
def test_the_pages_are_what_the_source_says() -> None:
    assert reference.main(["--check"]) == 0
