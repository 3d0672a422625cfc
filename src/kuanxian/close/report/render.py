"""Report: the figures of the day as one page that needs nothing else.

No script, no network, no file beside it. Chinese first, English in the same file;
without a style sheet both can be read one after the other.
"""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from kuanxian.close.report.amounts import share_of, show_count, show_share
from kuanxian.close.report.desk import Desk, Section, add_up
from kuanxian.close.report.law import law_section
from kuanxian.close.report.movement import (
    cures_section,
    roll_section,
    vintages_section,
    way_section,
)
from kuanxian.close.report.proof import checks_section, cost_section, refusals_section
from kuanxian.close.report.standing import (
    ageing_section,
    grades_section,
    places_section,
    status_section,
)

REPORT: Final = "report.html"
LANGUAGES: Final = ("zh", "en")
SECTIONS: Final = (
    status_section,
    ageing_section,
    grades_section,
    law_section,
    roll_section,
    vintages_section,
    cures_section,
    cost_section,
    places_section,
    way_section,
    refusals_section,
    checks_section,
)
"""In the order of the page."""


def write_report(folder: Path, summary: dict[str, Any]) -> None:
    """Write ``report.html`` from the summary; same summary, same bytes."""
    (folder / REPORT).write_text(render(summary), encoding="utf-8")


def render(summary: dict[str, Any]) -> str:
    """Render the page."""
    words = read_words()
    environment = Environment(
        loader=PackageLoader("kuanxian.close.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    style = (
        files("kuanxian.close.report").joinpath("templates/report.css").read_text(encoding="utf-8")
    )
    desks = [Desk(summary, words[lang], lang) for lang in LANGUAGES]
    versions = [
        {
            "code": desk.lang,
            "words": desk.words,
            "tiles": build_tiles(desk),
            "sections": build_sections(desk),
        }
        for desk in desks
    ]
    return environment.get_template("report.html.j2").render(
        facts=summary, versions=versions, style=style, count=show_count
    )


def read_words() -> dict[str, dict[str, str]]:
    """Read the words of the report, by language."""
    text = files("kuanxian.close.report").joinpath("words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def build_sections(desk: Desk) -> list[Section]:
    """Build every section that has something to say."""
    sections = [build(desk) for build in SECTIONS]
    return [section for section in sections if section.tables or section.notes]


def build_tiles(desk: Desk) -> list[tuple[str, str, str]]:
    """Build the headline: (what, figure, remark)."""
    facts = desk.facts
    still_open = add_up(facts["ageing"])
    late = add_up(facts["ageing"][1:])
    share = share_of(late["principal_fen"], still_open["principal_fen"])
    return [
        (
            desk.words["tile_outstanding"],
            desk.amount(still_open["principal_fen"]),
            desk.say("tile_open", n=show_count(still_open["loans"])),
        ),
        (
            desk.words["tile_overdue"],
            desk.amount(late["principal_fen"]),
            desk.say("loans_unit", n=show_count(late["loans"]))
            + " · "
            + desk.say("tile_overdue_share", share=show_share(share)),
        ),
        (
            desk.words["tile_paid"],
            desk.amount(facts["totals"]["paid_in_period_fen"]),
            desk.say("tile_paid_note", **{"from": facts["period_from"]}),
        ),
        (
            desk.words["tile_cured"],
            desk.say("loans_unit", n=show_count(facts["cures"]["loans"])),
            desk.amount(facts["cures"]["outstanding_principal_fen"]),
        ),
    ]
