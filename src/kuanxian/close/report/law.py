"""Law: what may, must and must not be done today, in how many loans. A section."""

from kuanxian.close.report.desk import Desk, Section, Table, count_cell, name_cell
from kuanxian.close.said import ANSWERS


def law_section(desk: Desk) -> Section:
    """What the rules of the day say of the overdue loans, and what is due in all loans."""
    w = desk.words
    law = desk.facts["law"]
    if law is None:
        return Section("law", w["law_title"], "", None, [])
    titles = {row["act"]: row[desk.lang] for row in law["acts"]}
    acts = [
        [name_cell(titles[row["act"]]), *(count_cell(row[name]) for name in ANSWERS)]
        for row in law["acts"]
    ]
    by_rule = [
        [name_cell(f"{titles[row['act']]} · {row['rule']}"), count_cell(row["loans"])]
        for row in law["forbidding"]
    ]
    duties = [
        [name_cell(f"{row[desk.lang]} · {row['rule']}"), count_cell(row["loans"])]
        for row in law["duties"]
    ]
    tables = [Table(w["law_acts_table"], [w["act"], *(w[f"law_{one}"] for one in ANSWERS)], acts)]
    if by_rule:
        tables.append(Table(w["law_rules_table"], [w["act_rule"], w["loans"]], by_rule))
    if duties:
        tables.append(Table(w["law_duties_table"], [w["deed_rule"], w["loans"]], duties))
    intro = desk.say("law_intro", n=law["overdue_loans"], hash=law["rulebook"][:12])
    return Section("law", w["law_title"], intro, None, tables, [w["law_note"]])
