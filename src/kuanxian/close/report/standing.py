"""Standing: where the loans are on the day. Sections of the report."""

from collections.abc import Sequence

from kuanxian.close.report.amounts import share_of, show_count, show_share
from kuanxian.close.report.charts import Bar, draw_bars
from kuanxian.close.report.desk import (
    Cell,
    Desk,
    Facts,
    Section,
    Table,
    add_up,
    count_cell,
    name_cell,
)


def status_section(desk: Desk) -> Section:
    """How many loans have each status, and what is owed on them."""
    w = desk.words
    rows = desk.facts["status"]
    names = ("principal", "interest", "penalty", "fee")
    head = [w["status"], w["loans"], *(w[f"outstanding_{name}"] for name in names)]

    def cells(row: Facts) -> list[Cell]:
        amounts = [desk.yuan(row[f"outstanding_{name}_fen"]) for name in names]
        return [count_cell(row["loans"]), *amounts]

    body = [[name_cell(w[f"status_{row['status']}"]), *cells(row)] for row in rows]
    whole = {
        key: sum(row[key] for row in rows)
        for key in ("loans", *(f"outstanding_{name}_fen" for name in names))
    }
    foot = [name_cell(w["total"]), *cells(whole)]
    table = Table(w["status_table"], head, body, foot)
    return Section("status", w["status_title"], w["status_intro"], None, [table])


def ageing_section(desk: Desk) -> Section:
    """The open loans by days past due."""
    w = desk.words
    rows = desk.facts["ageing"]
    bars = [
        Bar(
            row["bucket"],
            desk.days(row),
            row["outstanding_principal_fen"],
            f"{desk.amount(row['outstanding_principal_fen'])} · "
            + desk.say("loans_unit", n=show_count(row["loans"])),
            place,
        )
        for place, row in enumerate(rows)
        if place
    ]
    late = any(bar.size for bar in bars)
    chart = desk.chart("ageing", draw_bars, bars) if late else None
    fine = _ageing_table(desk, w["ageing_table"], rows, w["bucket"], by_instalment=True)
    coarse = _ageing_table(desk, w["ageing_coarse_table"], desk.facts["coarse"], w["range"])
    notes = [] if late else [w["nothing_overdue"]]
    return Section("ageing", w["ageing_title"], w["ageing_intro"], chart, [fine, coarse], notes)


def _ageing_table(
    desk: Desk, caption: str, rows: Sequence[Facts], first: str, *, by_instalment: bool = False
) -> Table:
    w = desk.words
    whole = add_up(rows)
    head = [first, w["loans"], w["outstanding_principal"], w["share_of_principal"]]
    head += [w["overdue_principal"], *([w["by_instalment"]] if by_instalment else [])]
    body = []
    for row in rows:
        name = f"{row['bucket']} · {desk.days(row)}" if "bucket" in row else desk.days(row)
        share = share_of(row["outstanding_principal_fen"], whole["principal_fen"])
        cells = [name_cell(name), count_cell(row["loans"])]
        cells += [desk.yuan(row["outstanding_principal_fen"]), Cell(show_share(share))]
        cells.append(desk.yuan(row["overdue_principal_fen"]))
        if by_instalment:
            cells.append(desk.yuan(row["instalments_principal_fen"]))
        body.append(cells)
    foot = [name_cell(w["total"]), count_cell(whole["loans"])]
    foot += [desk.yuan(whole["principal_fen"]), Cell("")]
    foot += [desk.yuan(whole["overdue_fen"])] * (2 if by_instalment else 1)
    return Table(caption, head, body, foot)


def grades_section(desk: Desk) -> Section:
    """The open loans by the five grades, as policy data."""
    w = desk.words
    rows = desk.facts["grades"]
    whole = add_up(rows)
    tones = (0, 1, 3, 5, 7)
    body = []
    bars = []
    for place, row in enumerate(rows):
        name = w[f"grade_{row['grade']}"]
        share = show_share(share_of(row["outstanding_principal_fen"], whole["principal_fen"]))
        amount = desk.yuan(row["outstanding_principal_fen"])
        count = count_cell(row["loans"])
        body.append([name_cell(name), count, amount, Cell(share)])
        if place:
            fen = row["outstanding_principal_fen"]
            bars.append(Bar(name, share, fen, amount.text, tones[place]))
    chart = desk.chart("grades", draw_bars, bars) if any(bar.size for bar in bars) else None
    policy = desk.facts["policy"]
    intro = desk.say("grades_intro", **{k.removesuffix("_days"): v for k, v in policy.items()})
    head = [w["grade"], w["loans"], w["outstanding_principal"], w["share_of_principal"]]
    table = Table(w["grades_table"], head, body)
    return Section("grades", w["grades_title"], intro, chart, [table], [w["grades_warning"]])


def places_section(desk: Desk) -> Section:
    """The open loans by lender and segment."""
    w = desk.words
    tables = []
    for name in ("lender", "segment"):
        rows = desk.facts[f"{name}s"]
        if not any(row["name"] for row in rows):
            continue
        body = []
        for row in rows:
            title = row["name"] or w["no_name"]
            if row["name"] is None:
                title = desk.say("the_rest", names=show_count(row["names"]))
            cells = [count_cell(row["loans"]), count_cell(row["overdue_loans"])]
            cells += [desk.yuan(row["outstanding_principal_fen"])]
            cells += [desk.yuan(row["overdue_principal_fen"])]
            body.append([name_cell(title), *cells])
        head = [w[name], w["loans"], w["overdue_loans"], w["outstanding_principal"]]
        tables.append(Table(w[f"{name}s_table"], [*head, w["overdue_principal"]], body))
    return Section("places", w["places_title"], w["places_intro"], None, tables)
