"""Re-instalment and re-ageing, each reckoned by hand."""

import pytest
from tests.loan.story import Story, name_of, read_stories

STORIES = """
# nine days after a missed instalment everything becomes four new ones; old costs come first
reinstalment 02-25 count=4 rate=6% until=03-25
= 02-25 status=CURRENT days_past_due=0 outstanding_principal=1200.00 due_principal=0.00
= 02-25 cured=02-25 default_since=none capitalised=0.00 instalments_left=4
row 4 03-25 300.00 20.67
row 5 04-25 300.00 4.50
row 6 05-25 300.00 3.00
row 7 06-25 300.00 1.50
= 03-25 due_penalty=2.00 due_interest=20.67 due_principal=300.00
= 03-26 days_past_due=1 default_since=03-26

# the same with everything capitalised: 1,200.00 + 12.00 + 2.67 + 2.00 in four parts
reinstalment 02-25 count=4 rate=6% until=03-25 part=PRINCIPAL
= 02-25 outstanding_principal=1216.67 capitalised=16.67 drawn=1200.00
row 4 03-25 304.17 6.08
row 5 04-25 304.17 4.56
row 6 05-25 304.17 3.04
row 7 06-25 304.16 1.52

# without a first due day the first one is a month later
payment 02-15 412.00
reinstalment 02-20 count=2 rate=0%
row 4 03-20 400.00 1.33
row 5 04-20 400.00 0.00

# what was paid stays where it was paid
payment 02-15 412.00
reinstalment 02-20 count=2 rate=0%
row 1 02-15 400.00 12.00
row 2 02-20 0.00 0.00
row 3 02-20 0.00 0.00
= 02-20 paid_principal=400.00 paid_interest=12.00 outstanding_principal=800.00

# a re-instalment due today is refused
reinstalment 02-20 count=2 rate=0% until=02-20
refused BAD_FIELD 1

# a re-instalment of a loan that owes no principal is refused
payment 01-20 2000.00
settlement 01-20 0.01
reinstalment 02-20 count=2 rate=0%
refused NOTHING_LEFT 3

# a re-instalment beyond the last day is refused
with disbursed=2199-01-15
reinstalment 2199-02-20 count=11 rate=0%
refused OUT_OF_BOUNDS 1

# a re-instalment beyond the room for rows is refused
with instalments=480
reinstalment 01-20 count=480 rate=0%
reinstalment 01-21 count=480 rate=0%
refused OUT_OF_BOUNDS 2

# re-instalments follow the method of the contract: three equal instalments of 2 % a month
with method=LEVEL rate=0%
reinstalment 01-15 count=3 rate=24% until=02-15
row 4 02-15 392.11 24.00
row 5 03-15 399.95 16.16
row 6 04-15 407.94 8.16

# a single payment in several instalments becomes equal instalments
with method=SINGLE instalments=1
reinstalment 02-15 count=2 rate=0% until=03-15
row 2 03-15 600.00 12.00
row 3 04-15 600.00 0.00

# a single payment in one instalment stays one
with method=SINGLE instalments=1
reinstalment 02-15 count=1 rate=12% until=03-15
row 2 03-15 1200.00 24.00

# a given schedule becomes equal parts of principal
with method=GIVEN
instalment 01-15 until=02-15 amount=700.00 interest=10.00
instalment 01-15 until=03-15 amount=500.00 interest=5.00
reinstalment 02-15 count=2 rate=12% until=03-15
row 3 03-15 600.00 22.00
row 4 04-15 600.00 6.00

# instalments after a down payment become equal parts of principal
with method=PAY_IN_N rate=0% down_payment=300.00
payment 01-15 300.00
reinstalment 01-20 count=3 rate=0%
row 5 02-20 300.00 0.00

# a new plan has no promotion and no grace of the old one
with promo_rate=0% promo_instalments=3 interest_free_instalments=1 grace_principal_instalments=2
reinstalment 02-15 count=2 rate=12% until=03-15
row 4 03-15 600.00 12.00
row 5 04-15 600.00 6.00

# interest whose collection was put off is owed in the new plan
with grace_interest_instalments=2
payment 02-15 400.00
reinstalment 02-15 count=2 rate=12% until=03-15
row 4 03-15 400.00 20.00

# undone, a re-instalment never was
reinstalment 02-25 count=4 rate=6% until=03-25
reversal 03-01 ref=1
= 02-28 days_past_due=0
= 03-01 days_past_due=14 overdue_principal=400.00 overdue_penalty=2.80 instalments_left=3
row 3 04-15 400.00 4.00

# re-ageing moves the overdue into the next instalment and starts ageing afresh
reage 02-25
= 02-25 status=CURRENT days_past_due=0 next_due=822.00 outstanding_principal=1200.00 cured=02-25
= 03-15 due_principal=800.00 due_interest=20.00 due_penalty=2.00 days_past_due=0
= 03-16 days_past_due=1 default_since=03-16 overdue_principal=800.00

# a re-aged part of principal bears no interest of its own with interest by period
reage 02-25
row 2 03-15 800.00 20.00
row 3 04-15 400.00 4.00

# until it is due, what was moved bears none either: 12.00 and 16 days of 800.00, then 29 of them
reage 03-01
= 03-01 accrued_interest=4.27
payoff 02-28 interest=16.00
payoff 03-01 interest=16.27
payoff 03-14 interest=19.73
payoff 03-15 interest=20.00

# interest paid that was moved takes nothing off what accrues: 12.00 in front of 4.27
reage 02-25
payment 02-25 12.00 count=2 part=INTEREST
= 03-01 accrued_interest=4.27
payoff 03-01 interest=4.27

# moved twice: 12.00 and 8.00 and 29 of 30 days of 400.00
reage 02-20
reage 03-20
payoff 04-14 interest=23.87
payoff 04-15 interest=24.00

# what is paid ahead meets the row's own principal before what was moved there
reage 02-25
payment 02-25 100.00 count=2 part=PRINCIPAL
payoff 02-25 principal=1100.00 interest=14.67
payoff 02-26 interest=14.93

# laid out anew, its own bears interest and what was moved does not: a day of 700.00
reage 02-25
payment 02-25 100.00 count=2 part=PRINCIPAL
due_day 02-25 count=20
payoff 02-26 interest=14.90

# re-ageing where nothing has fallen due finds nothing
reage 02-14
refused NOTHING_LEFT 1

# re-ageing after the last period finds nothing to move into
reage 04-15
refused NOTHING_LEFT 1

# re-ageing with daily interest: the moved principal bears interest again from then on
with interest_basis=DAILY
reage 02-25
= 02-25 next_due=824.67
= 03-15 due_interest=22.67 due_principal=800.00

# and what the next instalment asks for, paid ahead, leaves nothing due then
with interest_basis=DAILY future_rule=NEXT
reage 02-25
payment 02-25 824.67
= 02-25 paid_interest=14.66 paid_penalty=2.00 paid_principal=805.34 credit=2.67
= 03-15 status=CURRENT due_principal=0.00 due_interest=0.00 due_penalty=0.00

# re-ageing equal instalments with daily interest keeps the next own instalment whole
with method=LEVEL interest_basis=DAILY rate=0%
reage 02-25
= 02-25 next_due=802.00
= 03-15 due_principal=800.00 due_interest=0.00
= 04-15 due_principal=1200.00

# a single payment put off as one instalment can be extended as one
with method=SINGLE instalments=1
reinstalment 02-15 count=1 rate=12% until=03-15
extension 02-20 count=1
row 2 04-15 1200.00 36.00
= 02-20 instalments_left=1

# an instalment due today is not overdue: there is nothing to re-age
reage 02-15
refused NOTHING_LEFT 1
= 02-15 due_principal=400.00

# once the one before is overdue, only that one is moved: 12.00 and 400.00, penalty of 5.60
reage 03-15
= 03-15 due_principal=400.00 due_interest=8.00 status=CURRENT next_due=821.60
= 03-16 days_past_due=1 overdue_principal=400.00
row 3 04-15 800.00 16.00

# and one paid on its day stays paid
payment 03-15 408.00 count=2
reage 03-15
= 03-15 due_principal=0.00 instalments_left=1 next_due=821.60

# a fee that is moved counts once against the cap on all cost: 30.00 and 12.00, 8.00, 4.00
with total_cost_cap=5% penalty_rate=0%
fee 01-20 30.00
reage 02-20
= 04-15 due_fee=30.00 due_interest=24.00

# a fee brought into new instalments, too: 12.00 and 1.33, then 12.00 and 4.67 are left for them
with total_cost_cap=5% penalty_rate=0%
fee 01-20 30.00
reinstalment 02-20 count=3 rate=12%
= 05-20 due_fee=30.00 due_interest=30.00

# moving the due day leaves what was paid ahead where it was put: 50.00 of 110.02, interest 18.36
with principal=1200.00 instalments=12 rate=18% method=LEVEL future_rule=NEXT
payment 02-01 50.00
= 02-01 next_due=60.02
due_day 02-01 count=16
= 02-01 next_due=60.02
= 02-16 due_principal=59.66 due_interest=0.36

# also of an equal part of principal, and with daily interest
with instalments=12 rate=18% future_rule=NEXT interest_basis=DAILY
payment 02-01 50.00
due_day 02-01 count=16
row 1 02-16 100.00 18.30
row 2 03-16 100.00 16.50

# an instalment paid whole ahead is not asked again: its 12.00 of interest stay paid
with method=LEVEL future_rule=NEXT
payment 02-01 408.03
due_day 02-01 count=16
= 02-01 next_due=408.03 next_due_on=03-16
= 02-20 status=CURRENT

# what was moved into an instalment stays there when the due day moves: 195.06 and 12.00
with method=LEVEL instalments=6 penalty_rate=0%
reage 02-20
= 02-20 next_due=414.12
due_day 02-20 count=16
= 02-20 next_due=414.12 next_due_on=03-16
= 04-16 due_principal=590.72 due_interest=30.46

# also of equal parts, and with daily interest: 5 days of 1,000.00, 26 of 1,200.00, and 12.00
with instalments=6 interest_basis=DAILY
reage 02-20
due_day 02-20 count=16
row 2 03-16 400.00 24.07

# and what of it was paid is no part of the plan: 100.00 of the 200.00 moved
with instalments=6
reage 02-20
payment 02-21 300.00 count=2 part=PRINCIPAL
due_day 02-21 count=16
= 03-16 due_principal=100.00
row 3 04-16 200.00 8.00

# to the day on which it falls due anyway nothing changes
with method=LEVEL future_rule=LAST
payment 02-14 600.00
due_day 02-14 count=15
row 1 02-15 396.03 12.00

# nothing falls due on a claim that was handed over
assignment 02-20
= 02-20 status=ASSIGNED next_due_on=none next_due_fen=0.00
"""


@pytest.mark.parametrize("story", read_stories(STORIES), ids=name_of)
def test_a_restructuring_is(story: Story) -> None:
    story.check()
