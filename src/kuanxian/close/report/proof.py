"""Proof: what being late cost, what was not taken, and that it all adds up. Sections."""

from kuanxian.close.report.amounts import show_count
from kuanxian.close.report.desk import (
    Cell,
    Desk,
    Facts,
    Section,
    Table,
    count_cell,
    name_cell,
)


def cost_section(desk: Desk) -> Section:
    """What being late cost."""
    w = desk.words
    sums = desk.facts["totals"]
    body = []
    for part in ("penalty", "fee"):
        paid, owed = sums[f"paid_{part}_fen"], sums[f"outstanding_{part}_fen"]
        amounts = [desk.yuan(amount) for amount in (paid, owed, paid + owed)]
        body.append([name_cell(w[f"cost_{part}"]), *amounts])
    waived = sums["waived_fen"] - sums["waived_principal_fen"]
    others = {
        "cost_waived": waived,
        "cost_waived_principal": sums["waived_principal_fen"],
        "cost_overdue": sums["overdue_principal_fen"],
    }
    blank = Cell("")
    body += [
        [name_cell(w[name]), blank, blank, desk.yuan(amount)] for name, amount in others.items()
    ]
    head = [w["cost_kind"], w["cost_paid"], w["cost_owed"], w["cost_sum"]]
    table = Table(w["cost_table"], head, body)
    return Section("cost", w["cost_title"], w["cost_intro"], None, [table])


def refusals_section(desk: Desk) -> Section:
    """What was not taken, by reason."""
    w = desk.words
    found = desk.facts["refusals"]
    reasons = {w.get(f"refused_{name}", name): n for name, n in found["by_reason"].items()}
    tables = []
    if reasons:
        tables.append(_counts(w["refusals_table"], [w["reason"], w["events"]], reasons))
    if found["intake"]["by_reason"]:
        head = [w["reason"], w["rows"]]
        tables.append(_counts(w["intake_table"], head, found["intake"]["by_reason"]))
    left = found["events"] - found["listed"]
    notes = [desk.say("refusals_more", n=show_count(left))] if left else []
    if not tables and not notes:
        notes = [w["none"]]
    return Section("refusals", w["refusals_title"], w["refusals_intro"], None, tables, notes)


def checks_section(desk: Desk) -> Section:
    """The identities of the reconciliation, each with both its sides."""
    w = desk.words
    body = []
    for row in desk.facts["reconciliation"]:
        show = desk.exact if row["unit"] == "fen" else count_cell
        agrees = "check_holds" if row["left"] == row["right"] else "check_explained"
        cells = [show(row["left"]), show(row["right"])]
        result = name_cell(f"✓ {w[agrees]}")
        body.append([name_cell(w[f"check_{row['name']}"]), *cells, result])
    head = [w["check"], w["check_left"], w["check_right"], w["check_result"]]
    corrected = desk.facts["corrected_loans"]
    notes = [desk.say("corrected_note", n=show_count(corrected))] if corrected else []
    table = Table(w["checks_table"], head, body)
    return Section("checks", w["checks_title"], w["checks_intro"], None, [table], notes)


def _counts(caption: str, head: list[str], counts: Facts) -> Table:
    rows = [[name_cell(name), count_cell(n)] for name, n in counts.items()]
    return Table(caption, head, rows)
