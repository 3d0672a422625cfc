"""Changes of the plan, each reckoned by hand."""

import pytest
from tests.loan.story import Story, name_of, read_stories

STORIES = """
# an extension spreads what is not yet due over more instalments: 800.00 in three parts
payment 02-15 412.00
extension 02-16 count=1
row 1 02-15 400.00 12.00
row 2 03-15 266.67 8.00
row 3 04-15 266.67 5.33
row 4 05-15 266.66 2.67
= 02-16 maturity=05-15 instalments_left=3 status=CURRENT

# an extension leaves what is overdue overdue
extension 02-20 count=1
= 02-20 days_past_due=5 overdue_principal=400.00 overdue_interest=12.00 overdue_penalty=1.00
row 1 02-15 400.00 12.00

# a loan repaid at once gets a later maturity: 1,200.00 for 1 + 2 months at 1 % a month
with method=SINGLE instalments=1
extension 02-10 count=2
row 1 04-15 1200.00 36.00
= 02-10 instalments_left=1 maturity=04-15

# an extension after the last due day finds nothing
extension 04-15 count=1
refused NOTHING_LEFT 1

# an extension beyond the last day is refused and changes nothing
with disbursed=2199-01-15
extension 2199-02-01 count=12
refused OUT_OF_BOUNDS 1
= 2199-02-01 maturity=2199-04-15

# an extension beyond the room for rows is refused
with instalments=480
extension 01-20 count=480
extension 01-21 count=480
refused OUT_OF_BOUNDS 2

# a deferral without interest moves days and no fen
deferral 02-10 count=1
row 1 03-15 400.00 12.00
row 2 04-15 400.00 8.00
row 3 05-15 400.00 4.00
= 03-14 status=CURRENT due_principal=0.00
= 03-16 status=OVERDUE days_past_due=1

# a deferral with interest makes the running period two months long
deferral 02-10 count=1 part=INTEREST
row 1 03-15 400.00 24.00
row 2 04-15 400.00 8.00

# a deferral moves nothing that has fallen due
deferral 02-20 count=2
row 1 02-15 400.00 12.00
row 2 05-15 400.00 8.00
row 3 06-15 400.00 4.00
= 02-20 days_past_due=5

# a deferral without interest stops daily interest for a month: 25 days before, 5 after
with interest_basis=DAILY
deferral 02-10 count=1
= 02-10 accrued_interest=10.00
= 03-10 accrued_interest=10.00
= 03-15 due_interest=12.00
payoff 03-10 interest=10.00 total=1210.00

# a deferral after the last due day finds nothing
deferral 04-16 count=1
refused NOTHING_LEFT 1

# a deferral beyond the last day is refused
with disbursed=2199-01-15
deferral 2199-02-01 count=9
refused OUT_OF_BOUNDS 1
= 2199-02-15 status=CURRENT due_principal=400.00

# another due day makes the running period longer: 35 days of 30/360 on 1,200.00
due_day 02-01 count=20
row 1 02-20 400.00 14.00
row 2 03-20 400.00 8.00
row 3 04-20 400.00 4.00

# another due day makes the running period shorter: 25 days
due_day 02-01 count=10
row 1 02-10 400.00 10.00
row 2 03-10 400.00 8.00

# another due day that has passed this month is meant for the next: 1 month and 23 days
due_day 02-12 count=10
row 1 03-10 400.00 22.00
row 2 04-10 400.00 8.00

# the due day can be today only next month: 10 February is the day itself
due_day 02-10 count=10
row 1 03-10 400.00 22.00

# due days at the month end do not drift
due_day 02-01 count=31
row 1 02-28 400.00 18.00
row 2 03-31 400.00 8.00
row 3 04-30 400.00 4.00

# weeks have no day of the month
with period_unit=WEEK
due_day 01-16 count=10
refused BAD_FIELD 1

# after the last due day there is no due day to change
due_day 04-15 count=10
refused NOTHING_LEFT 1

# a due day that would lead beyond the last day is refused
with disbursed=2199-08-30 first_due=2199-09-30 due_day=1
due_day 2199-09-05 count=4
refused OUT_OF_BOUNDS 1
row 3 2199-11-01 400.00 4.00

# a new rate counts from its day: 15 of 30 days at 12 %, 15 at 24 %, then 2 % a month
rate 01-30 rate=24%
row 1 02-15 400.00 18.00
row 2 03-15 400.00 16.00
row 3 04-15 400.00 8.00

# a rate of nothing from the due day on
rate 02-15 rate=0%
row 1 02-15 400.00 12.00
row 2 03-15 400.00 0.00

# a given schedule follows no rate
with method=GIVEN
instalment 01-15 until=02-15 amount=1200.00 interest=30.00
rate 01-20 rate=24%
refused BAD_FIELD 2
row 1 02-15 1200.00 30.00

# a rate after the last period finds nothing
rate 04-15 rate=24%
refused NOTHING_LEFT 1

# re-amortising an untouched plan changes nothing
reamortise 02-20
row 1 02-15 400.00 12.00
row 2 03-15 400.00 8.00
row 3 04-15 400.00 4.00

# re-amortising spreads what was paid ahead: 604.00 in two; 0.98 of 4.00 paid are not interest
with future_rule=LAST
payment 02-15 612.00
reamortise 02-15
= 02-15 outstanding_principal=603.02 next_due=308.04 paid_interest=15.02 credit=0.00
row 2 03-15 302.00 6.04
row 3 04-15 498.00 3.02

# re-amortising after the last period finds nothing
reamortise 04-15
refused NOTHING_LEFT 1

# a drawdown of 600.00 in the middle of a period: 12.00 and 600.00 for 15 days
drawdown 01-30 600.00
row 1 02-15 600.00 15.00
row 2 03-15 600.00 12.00
row 3 04-15 600.00 6.00
= 01-30 drawn=1800.00 outstanding_principal=1800.00

# a drawdown on a due day leaves that instalment as it was
drawdown 02-15 400.00
row 1 02-15 400.00 12.00
row 2 03-15 600.00 12.00
row 3 04-15 600.00 6.00
= 02-15 due_principal=400.00 due_interest=12.00 outstanding_principal=1600.00

# a drawdown after the last due day finds nothing
drawdown 04-15 1.00
refused NOTHING_LEFT 1

# drawdowns beyond the largest balance are refused: 20 million yuan in all
with principal=10000000.00 rate=0%
drawdown 01-16 9999999.99
drawdown 01-17 0.01
drawdown 01-18 0.01
refused OUT_OF_BOUNDS 3
= 01-18 drawn=20000000.00

# extra grace takes back nothing that was charged before it was granted
grace 02-16 count=5
= 02-20 days_past_due_grace=0 outstanding_penalty=0.20
= 02-21 days_past_due_grace=6 outstanding_penalty=1.20

# extra grace goes to the oldest unpaid instalment
grace 02-10 count=5
= 02-20 days_past_due=5 days_past_due_grace=0 outstanding_penalty=0.00
= 02-21 days_past_due=6 days_past_due_grace=6 outstanding_penalty=1.20
= 03-16 outstanding_penalty=6.00

# extra grace goes past what is paid: to the second instalment
payment 02-15 412.00
grace 02-20 count=5
= 03-20 days_past_due_grace=0 outstanding_penalty=0.00
= 03-21 days_past_due_grace=6 outstanding_penalty=1.20

# extra grace on a loan that owes nothing finds nothing
payment 02-15 412.00
settlement 02-15 800.00
grace 02-16 count=5
refused NOTHING_LEFT 3

# extra grace adds up to no more than 366 days
grace 02-16 count=366
grace 02-17 count=1
refused OUT_OF_BOUNDS 2

# on the last day of a period whose due day rolls on, more principal goes to the ones after it
with disbursed=09-01 roll=FORWARD days_off=CN
drawdown 10-01 600.00
row 1 10-08 400.00 12.00
row 2 11-02 700.00 14.00
row 3 12-01 700.00 7.00

# interest put off stays owed when the rate is set anew: 12.00 and 8.00
with grace_interest_instalments=1
rate 02-20 rate=12%
row 2 03-15 400.00 20.00
row 3 04-15 400.00 4.00

# when the plan is computed anew
with grace_interest_instalments=1
reamortise 02-20
row 2 03-15 400.00 20.00
row 3 04-15 400.00 4.00

# when the due day moves: 12.00 and 5 of 30 days more, on 800.00 and on 400.00
with grace_interest_instalments=1
due_day 02-20 count=20
row 2 03-20 400.00 21.33
row 3 04-20 400.00 4.00

# when instalments are added
with grace_interest_instalments=1
extension 02-20 count=2
row 2 03-15 200.00 20.00
row 3 04-15 200.00 6.00

# when more is borrowed: a fen
with grace_interest_instalments=1
drawdown 02-20 0.01
row 2 03-15 400.01 20.00
row 3 04-15 400.00 4.00

# when money is paid ahead and the rest computed anew: 12.00 and 1 % of 700.00
with grace_interest_instalments=1 future_rule=REAMORTISE
payment 02-15 500.00
row 2 03-15 450.00 19.00
row 3 04-15 350.00 3.50

# that of two instalments, while the second of them runs: 12.00, 8.00 and 4.00
with grace_interest_instalments=2
reamortise 02-20
row 2 03-15 400.00 0.00
row 3 04-15 400.00 24.00
payoff 02-25 interest=14.67

# in the rows of a given schedule none is put off
with method=GIVEN grace_interest_instalments=1
instalment 01-15 until=02-15 amount=400.00 interest=10.00
instalment 01-15 until=03-15 amount=400.00 interest=5.00
instalment 01-15 until=04-15 amount=400.00 interest=2.00
reamortise 01-20
reamortise 02-20
row 1 02-15 400.00 10.00
row 2 03-15 400.00 5.00
row 3 04-15 400.00 2.00

# without interest in months of 30 days: 5 days of 800.00, none till 03-20, 25 days more
payment 02-15 412.00
deferral 02-20 count=1
payoff 03-20 interest=1.33
payoff 03-21 interest=1.60
payoff 04-14 interest=7.73
payoff 04-15 interest=8.00

# over the end of February: 18 days, none till 02-19, 12 days more; never above a month's 200.00
with principal=10000.00 disbursed=01-01 instalments=6 rate=24% method=LEVEL
deferral 01-19 count=1
payoff 02-19 interest=120.00
payoff 02-20 interest=126.67
payoff 02-27 interest=173.33
payoff 02-28 interest=193.33
payoff 03-01 interest=200.00

# the same with interest by the day
with principal=10000.00 disbursed=01-01 instalments=6 rate=24% method=LEVEL interest_basis=DAILY
deferral 01-19 count=1
payoff 02-28 interest=193.33
= 03-01 due_interest=200.00

# with interest by the day none is charged for the days later months are longer: 28 of 31
with principal=12000.00 rate=24% instalments=2
with method=INTEREST_ONLY interest_basis=DAILY day_count=ACT_365
deferral 02-09 count=1
row 1 03-15 0.00 244.60
row 2 04-15 12000.00 220.93
payoff 03-18 interest=244.60
payoff 03-19 interest=252.49
= 03-20 next_due=12220.93 due_interest=244.60
= 04-15 due_interest=465.53

# whoever pays what is next on its day is in time, also where interest was put off before
with principal=12000.00 rate=24% instalments=2 method=INTEREST_ONLY
with interest_basis=DAILY day_count=ACT_365 grace_interest_instalments=1
deferral 02-09 count=1
payment 04-15 12465.53
row 2 04-15 12000.00 465.53
= 02-20 next_due=12465.53 next_due_on=04-15
= 04-15 status=SETTLED payoff=0.00

# nor twice, when deferred again; and never for more days than there are: 31, 28 and 28 of 365
with principal=12000.00 rate=24% instalments=3
with method=INTEREST_ONLY interest_basis=DAILY day_count=ACT_365
deferral 02-09 count=1
deferral 02-10 count=1
row 1 04-15 0.00 244.60
row 2 05-15 0.00 220.93
row 3 06-15 12000.00 236.71

# where a later month is shorter, for its days: 31 became 30
with principal=12000.00 rate=24% instalments=2 method=INTEREST_ONLY
with interest_basis=DAILY day_count=ACT_365 disbursed=04-15
deferral 05-09 count=1
row 1 06-15 0.00 236.71
row 2 07-15 12000.00 236.71

# flat interest is charged on what was borrowed, and on more once more is
with method=FLAT
payment 02-15 412.00
drawdown 02-15 400.00
row 2 03-15 600.00 16.00
row 3 04-15 600.00 16.00

# the same rate again changes nothing
with method=FLAT
rate 03-01 rate=12%
row 2 03-15 400.00 12.00
row 3 04-15 400.00 12.00

# nor does the same due day
with method=FLAT
due_day 02-20 count=15
row 2 03-15 400.00 12.00
row 3 04-15 400.00 12.00

# two months of flat interest are 24.00
with method=FLAT
deferral 02-20 count=1 part=INTEREST
row 2 04-15 400.00 24.00

# the instalment the contract states stays where only days change: 330.00 less 12.00
with method=LEVEL instalments=4 instalment=330.00
due_day 01-20 count=15
row 1 02-15 318.00 12.00
row 2 03-15 321.18 8.82

# also where a deferral bears interest: 330.00 less 24.00, then less 8.94
with method=LEVEL instalments=4 instalment=330.00
deferral 01-20 count=1 part=INTEREST
row 1 03-15 306.00 24.00
row 2 04-15 321.06 8.94

# and where the rate is the one in force
with method=LEVEL instalments=4 instalment=330.00
rate 01-20 rate=12%
row 1 02-15 318.00 12.00

# another rate computes it anew: 300.00 without interest, but for 5 days at 12 %
with method=LEVEL instalments=4 instalment=330.00
rate 01-20 rate=0%
row 1 02-15 298.00 2.00
row 2 03-15 300.00 0.00

# flat interest falls with what is paid ahead: half of what is left, half of 12.00
with method=FLAT future_rule=REAMORTISE
payment 02-15 812.00
row 2 03-15 600.00 6.00
row 3 04-15 200.00 6.00
"""


@pytest.mark.parametrize("story", read_stories(STORIES), ids=name_of)
def test_a_change_of_the_plan_is(story: Story) -> None:
    story.check()
