"""The firm's own pace: figures of its policy, which may only narrow the shipped ones."""

from pathlib import Path

import pytest
from tests.action.contact.scene import NOON
from tests.action.notice.pace import PACE
from tests.action.notice.test_notice_due import IN_TIME, TODAY, case

from kuanxian.action.notice import next_step, notices_due, pace_of
from kuanxian.action.notice.life import Attempt, Do, Notice
from kuanxian.base.errors import RulebookError
from kuanxian.law.load import load_rulebook

DAY_US = 86_400_000_000


def house(folder: Path, **figures: int) -> Path:
    told = "".join(f"{name} = {figure}\n" for name, figure in figures.items())
    path = folder / "house.toml"
    path.write_text(f'country = "cn"\nname = "house"\n[parameters]\n{told}', "utf-8")
    return path


def test_the_shipped_policy_is_the_pace(tmp_path: Path) -> None:
    policy = house(tmp_path, notice_reminder_days=1, notice_wait_sms_hours=48)
    assert pace_of(load_rulebook().policy.values) == PACE
    own = pace_of(load_rulebook(policy=policy).policy.values)
    coming = IN_TIME._replace(next_due_on=TODAY + 2)
    for pace, due in ((PACE, ["due_reminder"]), (own, [])):
        assert [one.kind for one in notices_due(case(), {"d-1": coming}, NOON, pace)] == due
    sent = Notice("k", "report_notice", {}, (Attempt(1, "sms", "g", NOON, NOON, "accepted", NOON),))
    steps = [next_step("report_notice", sent, NOON + DAY_US, {"sms", "email"}, pace).do
             for pace in (PACE, own)]  # fmt: skip
    assert steps == [Do.PROPOSE, Do.WAIT]


WIDER = {"notice_reminder_days": 4, "notice_lasts_days": 31, "notice_wait_sms_hours": 23,
         "notice_wait_letter_hours": 239}  # fmt: skip


@pytest.mark.parametrize(("name", "figure"), WIDER.items(), ids=WIDER.keys())
def test_a_firm_that_would_write_more_often_is_refused(
    tmp_path: Path, name: str, figure: int
) -> None:
    with pytest.raises(RulebookError, match=name):
        load_rulebook(policy=house(tmp_path, **{name: figure}))
