"""Penalty, late fees and default, each reckoned by hand."""

import pytest
from tests.loan.story import Story, name_of, read_stories

STORIES = """
# a fifth of a yuan a day on 400.00 at 18 % of 360 days
= 02-16 outstanding_penalty=0.20
= 02-25 outstanding_penalty=2.00
= 03-15 outstanding_penalty=5.60
= 03-16 outstanding_penalty=6.00

# on the instalment: 412.00
with penalty_base=OVERDUE_INSTALMENT
= 02-25 outstanding_penalty=2.06

# on everything outstanding: 1,200.00, however many are overdue
with penalty_base=OUTSTANDING
= 02-25 outstanding_penalty=6.00
= 03-25 outstanding_penalty=22.80

# within grace nothing; after it from the due day
with grace_days=3
= 02-18 outstanding_penalty=0.00 days_past_due=3 days_past_due_grace=0 status=OVERDUE
= 02-19 outstanding_penalty=0.80 days_past_due=4 days_past_due_grace=4

# after grace from its end, where the contract says so, ageing likewise
with grace_days=3 penalty_grace=1 ageing_grace=1
= 02-18 outstanding_penalty=0.00 days_past_due_grace=0
= 02-19 outstanding_penalty=0.20 days_past_due=4 days_past_due_grace=1

# paid on the last day of grace nothing was charged
with grace_days=3
payment 02-18 412.00
= 02-19 outstanding_penalty=0.00 status=CURRENT cured=02-18 paid_penalty=0.00

# paid a day later four days were
with grace_days=3
payment 02-19 412.80
= 02-19 status=CURRENT paid_penalty=0.80 credit=0.00

# a fixed late fee once an instalment, the day after grace
with late_fee=20.00 penalty_rate=0% grace_days=2
= 02-17 outstanding_penalty=0.00
= 02-18 outstanding_penalty=20.00
= 03-17 outstanding_penalty=20.00
= 03-18 outstanding_penalty=40.00

# a late fee as a share of what is unpaid of the instalment
with late_fee=5% penalty_rate=0%
payment 02-15 12.00
= 02-16 outstanding_penalty=20.00
= 03-01 outstanding_penalty=20.00

# a late fee is not charged on a day without penalty
with late_fee=20.00 penalty_rate=0%
penalty_stop 02-16 until=02-16
= 03-01 outstanding_penalty=0.00

# the late fee does not grow with interest after the last period
with instalments=1 interest_basis=DAILY overdue_interest=1 late_fee=5% penalty_rate=0% grace_days=5
= 02-21 outstanding_penalty=60.60 outstanding_interest=14.40
= 03-17 outstanding_penalty=60.60 outstanding_interest=24.00

# nor does penalty on the instalment: 1,212.00 at 18 % for 30 days
with instalments=1 interest_basis=DAILY overdue_interest=1 penalty_base=OVERDUE_INSTALMENT
= 03-17 outstanding_penalty=18.18 outstanding_interest=24.00

# interest after the last period comes under the cap on the total cost: 20.00 of 1,200.00
with instalments=1 interest_basis=DAILY overdue_interest=1 penalty_rate=0% total_cost_cap=1.6666667%
= 03-07 outstanding_interest=20.00
= 12-31 outstanding_interest=20.00

# penalty of an instalment is capped at a share of it: 1 % of 412.00
with penalty_cap=1%
= 03-06 outstanding_penalty=3.80
= 03-07 outstanding_penalty=4.00
= 03-08 outstanding_penalty=4.12
= 03-15 outstanding_penalty=4.12

# exactly at the cap one fen less is charged a day before
with penalty_cap=0.97087378%
= 03-06 outstanding_penalty=3.80
= 03-07 outstanding_penalty=3.99

# interest and penalty a day are capped together: 0.04 % of 400.00
with daily_cost_cap=0.04%
= 02-25 outstanding_penalty=1.60

# with daily interest beside it, what interest leaves: 0.04 % less 12 % of a 360th
with interest_basis=DAILY overdue_interest=1 daily_cost_cap=0.04%
= 02-25 outstanding_penalty=0.27

# where interest alone reaches the cap there is no penalty
with interest_basis=DAILY overdue_interest=1 daily_cost_cap=0.03%
= 02-25 outstanding_penalty=0.00

# the cap on all cost: 12.00, then 2.40 of penalty fills 14.40
with total_cost_cap=1.2%
= 02-27 outstanding_penalty=2.40
= 02-28 outstanding_penalty=2.40
= 03-15 outstanding_penalty=2.40 due_interest=12.00

# a stop from the due day on: none at all
penalty_stop 02-10
= 06-15 outstanding_penalty=0.00

# a stop of five days, both ends included
penalty_stop 02-18 until=02-22
= 02-17 outstanding_penalty=0.40
= 02-22 outstanding_penalty=0.40
= 02-23 outstanding_penalty=0.60

# two stops that touch, and one apart
penalty_stop 02-18 until=02-19
penalty_stop 02-20 until=02-21
penalty_stop 02-24 until=02-24
= 02-25 outstanding_penalty=1.00

# a stop inside a stop adds nothing
penalty_stop 02-16 until=02-25
penalty_stop 02-18 until=02-20
= 02-26 outstanding_penalty=0.20

# a stop within grace is remembered when grace ends
with grace_days=5
penalty_stop 02-17 until=02-18
= 02-21 outstanding_penalty=0.80

# a payment cuts the base from its own day on: the day's penalty was on the whole
payment 02-20 200.00
= 02-20 paid_penalty=1.00 paid_interest=12.00 paid_principal=187.00 overdue_principal=213.00
= 02-25 outstanding_penalty=0.53

# short by exactly the tolerance is not overdue
with tolerance=1.00
payment 02-15 411.00
= 02-25 status=CURRENT days_past_due=0 outstanding_penalty=0.00 default_since=none

# short by a fen more is
with tolerance=1.00
payment 02-15 410.99
= 02-25 status=OVERDUE days_past_due=10 overdue_principal=1.01 outstanding_penalty=0.01

# fees overdue alone make a loan overdue and bear no penalty
with fee=5.00
payment 02-15 412.00 part=INTEREST
payment 02-15 0.01
= 02-25 status=OVERDUE days_past_due=10

# penalty is rounded down where the contract says so: 1.01 at 0.05 % for ten days
with penalty_rounding=FLOOR
payment 02-15 410.99
= 02-25 outstanding_penalty=0.00

# and up
with penalty_rounding=CEIL
payment 02-15 411.99
= 02-16 outstanding_penalty=0.01
= 03-15 outstanding_penalty=0.01

# a stop from before the due day ends with its last day
penalty_stop 02-10 until=02-18
= 02-18 outstanding_penalty=0.00
= 02-19 outstanding_penalty=0.20

# two stops that share a day count it once
penalty_stop 02-18 until=02-22
penalty_stop 02-22 until=02-24
= 02-25 outstanding_penalty=0.60

# the cap of an instalment is not raised by interest after the last period: 1 % of 1,212.00
with instalments=1 interest_basis=DAILY overdue_interest=1 penalty_cap=1%
= 04-15 outstanding_penalty=12.12 outstanding_interest=35.60

# what is overdue is paid while another falls due today: the default is over
payment 03-15 417.60
= 03-14 default_since=02-16
= 03-15 status=CURRENT cured=03-15 default_since=none due_principal=400.00
= 03-16 default_since=03-16 cured=none

# a due day rolled beyond the last period charges no interest for the days between
with instalments=1 method=SINGLE roll=FORWARD interest_basis=DAILY overdue_interest=1 late_fee=20.00
payment 02-16 1212.00
= 02-18 status=SETTLED due_penalty=0.00

# from the rolled day on it runs: 12.00 and two days of 0.40
with instalments=1 method=SINGLE roll=FORWARD interest_basis=DAILY overdue_interest=1
= 02-18 due_interest=12.80

# under the daily cap the promotional rate in force counts: 20 days of 0.20 are left for penalty
with penalty_rate=36% promo_rate=0% promo_instalments=3 day_count=ACT_365
with interest_basis=DAILY overdue_interest=1 daily_cost_cap=0.05%
= 03-07 due_penalty=4.00
"""


@pytest.mark.parametrize("story", read_stories(STORIES), ids=name_of)
def test_being_late_is(story: Story) -> None:
    story.check()
