"""Movement: what changed, since the close before and over the months. Sections of the report."""

from collections.abc import Sequence
from typing import Final

from kuanxian.close.compare import STATES
from kuanxian.close.report.amounts import share_of, show_share
from kuanxian.close.report.charts import Bar, draw_columns
from kuanxian.close.report.desk import (
    Cell,
    Desk,
    Facts,
    Section,
    Table,
    Words,
    count_cell,
    name_cell,
)

_COLUMNS_SHOWN: Final = 36
"""Months of disbursement drawn in the chart of vintages."""


def roll_section(desk: Desk) -> Section:
    """Where the loans of each earlier bucket are now."""
    w = desk.words
    seen = desk.facts["previous"]
    if seen is None:
        return Section("roll", w["roll_title"], w["roll_none"], None, [], [w["roll_none"]])
    loans: dict[tuple[str, str], int] = {}
    for cell in seen["roll"]:
        loans[cell["before"], cell["now"]] = cell["loans"]
    columns = list(dict.fromkeys(c["now"] for c in sorted(seen["roll"], key=_order_now)))
    befores = list(dict.fromkeys(c["before"] for c in sorted(seen["roll"], key=_order_before)))
    body = []
    for before in befores:
        whole = sum(loans.get((before, now), 0) for now in columns)
        shares = [share_of(loans.get((before, now), 0), whole) for now in columns]
        cells = [Cell(show_share(s) if s else "–", heat=s) for s in shares]
        name = w["state_new"] if before == "absent" else _state_name(w, before)
        body.append([name_cell(name), count_cell(whole), *cells])
    head = [w["roll_from"], w["loans"], *(_state_name(w, now) for now in columns)]
    table = Table(w["roll_table"], head, body)
    intro = desk.say("roll_intro", before=seen["as_of"])
    return Section("roll", w["roll_title"], intro, None, [table])


def _order_now(cell: Facts) -> int:
    return STATES.index(cell["now"])


def _order_before(cell: Facts) -> int:
    return STATES.index(cell["before"])


def _state_name(words: Words, state: str) -> str:
    return words.get(f"state_{state}", state)


def vintages_section(desk: Desk) -> Section:
    """How late the loans of each month of disbursement are."""
    w = desk.words
    rows = desk.facts["vintages"]
    bars: list[Bar] = []
    body = []
    for row in reversed(rows):
        now = row["points"][-1]
        share = show_share(share_of(now["late_loans"], row["loans"]))
        bars.insert(0, Bar(row["month"], "", share_of(now["late_loans"], row["loans"]), share, 4))
        cells = [count_cell(row["loans"]), Cell(share), count_cell(now["late_loans"])]
        cells += [desk.yuan(now["late_principal_fen"]), desk.yuan(row["drawn_fen"])]
        cells.append(count_cell(now["months"]))
        body.append([name_cell(row["month"]), *cells])
    names = ("month", "loans", "late_share", "late_loans", "late_principal", "drawn")
    head = [w[name] for name in (*names, "months_on_book")]
    tables = [Table(w["vintages_table"], head, body)] if rows else []
    if any(len(row["points"]) > 1 for row in rows):
        tables.append(_history(desk, rows))
    chart = desk.chart("vintages", draw_columns, bars[-_COLUMNS_SHOWN:]) if rows else None
    return Section("vintages", w["vintages_title"], w["vintages_intro"], chart, tables)


def _history(desk: Desk, rows: Sequence[Facts]) -> Table:
    """Lay the points of all closes out by months on book."""
    months = sorted({point["months"] for row in rows for point in row["points"]})
    shares = {
        (row["month"], point["months"]): share_of(point["late_loans"], row["loans"])
        for row in rows
        for point in row["points"]
    }
    highest = max(shares.values()) or 1
    body = []
    for row in reversed(rows):
        found = [shares.get((row["month"], month)) for month in months]
        cells = [
            Cell("") if share is None else Cell(show_share(share), heat=share * 1000 // highest)
            for share in found
        ]
        body.append([name_cell(row["month"]), *cells])
    head = [desk.words["month"], *(str(month) for month in months)]
    return Table(desk.words["vintages_history"], head, body)


def cures_section(desk: Desk) -> Section:
    """The loans that came back in time."""
    w = desk.words
    cures = desk.facts["cures"]
    cells = [count_cell(cures["loans"]), count_cell(cures["settled_loans"])]
    cells.append(desk.yuan(cures["outstanding_principal_fen"]))
    period = desk.say(
        "period_text", **{"from": desk.facts["period_from"], "to": desk.facts["as_of"]}
    )
    head = [w["period"], w["cured_loans"], w["cured_settled"], w["cured_principal"]]
    table = Table(w["cures_table"], head, [[name_cell(period), *cells]])
    return Section("cures", w["cures_title"], w["cures_intro"], None, [table])


def way_section(desk: Desk) -> Section:
    """From the outstanding principal before to the one now."""
    w = desk.words
    seen = desk.facts["previous"]
    if seen is None:
        return Section("way", w["way_title"], "", None, [])
    rows = [
        [name_cell(w[f"way_{name}"]), desk.exact(amount)]
        for name, amount in seen["principal"].items()
    ]
    cash = seen["cash"]
    body = [
        [name_cell(w[f"cash_{name}"]), desk.exact(cash[name])]
        for name in ("dated_fen", "moved_fen")
    ]
    for reason, found in cash["differences"].items():
        title = desk.say("cash_difference", reason=w[f"cash_{reason}"], loans=found["loans"])
        body.insert(-1, [name_cell(title), desk.exact(found["fen"])])
    head = [w["way_item"], w["way_amount"]]
    tables = [Table(w["way_table"], head, rows), Table(w["cash_table"], head, body)]
    notes = [w["cash_note"]] if cash["differences"] else []
    contracts = seen["contracts"]
    notes += [desk.say(f"contracts_{name}", loans=n) for name, n in contracts.items() if n]
    intro = desk.say("way_intro", before=seen["as_of"])
    return Section("way", w["way_title"], intro, None, tables, notes)
