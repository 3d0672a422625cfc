"""The instants at which a fact may change."""

from tests.law.cases import BASE, Json, a_case, call, event, instant, stamp

from kuanxian.law.timeline import instants_of_change


def between(begin: str, end: str, *timeline: Json, **changes: object) -> list[int]:
    case = a_case(*timeline, **changes)
    return instants_of_change(case, case.act, instant(begin), instant(end), (480, 1320))


def test_midnights_and_minutes_that_matter_in_rising_order() -> None:
    expected = [
        "11-25 22:00", "11-25 22:01", "11-26 00:00", "11-26 08:00", "11-26 08:01",
    ]  # fmt: skip
    assert between("11-25 21:55", "11-26 09:00") == [instant(at) for at in expected]


def test_the_first_instant_is_left_out_and_the_last_is_in() -> None:
    assert between("11-25 08:01", "11-25 22:00") == [instant("11-25 22:00")]
    assert between("11-25 22:00", "11-25 22:00") == []


def test_what_comes_to_count_or_runs_out_is_listed() -> None:
    known_late = call("e-1", "11-25 09:00", known="11-25 15:30")
    runs_out = event("c-1", "consent", "11-01 10:00", person="p-1", purpose="report", step="given",
                     until_at=stamp("11-25 16:00"))  # fmt: skip
    arrives = event("n-1", "notice", "11-25 09:00", to="p-1", notice="other",
                    delivered_at=stamp("11-25 16:30"))  # fmt: skip
    found = between("11-25 15:00", "11-25 17:00", known_late, runs_out, arrives)
    assert found == [instant(f"11-25 {clock}") for clock in ("15:30", "16:00", "16:30")]


def test_a_persons_own_window_is_listed() -> None:
    own = event("c-1", "consent", "11-01 10:00", person="p-1", purpose="contact_window",
                step="given", form="own_request", from_minute=1350, until_minute=1380)  # fmt: skip
    found = between("11-25 22:02", "11-25 23:59", own)
    assert {instant("11-25 22:30"), instant("11-25 23:00")} <= set(found)


def test_every_zone_of_debtor_person_and_point_counts() -> None:
    people = [BASE["people"][0] | {"zones": ["Asia/Shanghai", "Asia/Urumqi"]}, BASE["people"][1]]
    found = between("11-25 07:00", "11-25 11:00", people=people)
    assert {instant("11-25 08:00"), instant("11-25 10:00")} <= set(found)


def test_a_day_on_which_the_clocks_change_is_looked_at_closely() -> None:
    people = [BASE["people"][0] | {"zones": ["America/New_York"]}, BASE["people"][1]]
    change = instant("2026-03-08T07:00:00Z")
    found = between("2026-03-08T05:30:00Z", "2026-03-08T08:00:00Z", people=people)
    assert change in found
