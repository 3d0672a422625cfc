"""Early settlement, write-off and assignment, each reckoned by hand."""

import pytest
from tests.loan.story import Story, name_of, read_stories

STORIES = """
# ten days in: 1,200.00 and a third of 12.00
payoff 01-25 principal=1200.00 interest=4.00 penalty=0.00 fee=0.00 settlement_fee=0.00 total=1204.00

# the day before the due day 30 days of 30 less one: 11.60
payoff 02-14 interest=11.60 total=1211.60

# on the due day the instalment is owed and nothing of the next
payoff 02-15 interest=12.00 total=1212.00

# one day after: a day on 800.00, and a day of penalty on 400.00
payoff 02-16 interest=12.27 penalty=0.20 total=1212.47

# the quote settles: nothing is left, interest to come is dropped
settlement 01-25 1204.00
= 01-25 status=SETTLED_EARLY payoff=0.00 outstanding_principal=0.00 paid_interest=4.00 credit=0.00
= 04-30 status=SETTLED_EARLY letter=SETTLED paid_interest=4.00 instalments_left=0 credit=0.00

# a fen short, it is a payment like any other and the loan stays open
settlement 01-25 1203.99
= 01-25 status=CURRENT credit=1203.99 outstanding_principal=1200.00
= 02-15 paid_principal=400.00 paid_interest=12.00 credit=791.99

# a fen short of the tolerance is forgiven
with tolerance=0.01
settlement 01-25 1203.99
= 01-25 status=SETTLED_EARLY waived=0.01 waived_principal=0.01 outstanding_principal=0.00

# two fen short are not
with tolerance=0.01
settlement 01-25 1203.98
= 01-25 status=CURRENT

# too much becomes credit and can be sent back
settlement 01-25 1300.00
refund 01-26 96.00
= 01-25 credit=96.00 payoff=0.00
= 01-26 credit=0.00 refunded=96.00

# credit counts towards the settlement
payment 01-20 204.00
settlement 01-25 1000.00
= 01-25 status=SETTLED_EARLY credit=0.00 paid_principal=1200.00 paid_interest=4.00

# settling an overdue loan pays the penalty too
settlement 02-16 1212.47
= 02-16 status=SETTLED_EARLY paid_penalty=0.20 paid_interest=12.27 cured=02-16 days_past_due=0

# settling after the last due day is not early: 24.00, penalty of 12.00 + 6.40 + 0.20
settlement 04-16 1242.60
= 04-15 outstanding_penalty=18.00
= 04-16 status=SETTLED paid_interest=24.00 paid_penalty=18.60 credit=0.00

# the whole running period, where the contract says so; its fee too (the quote)
with early_interest=FULL_PERIOD fee=5.00
payoff 01-25 interest=12.00 fee=5.00 total=1217.00

# the whole running period, where the contract says so; its fee too (paid)
with early_interest=FULL_PERIOD fee=5.00
settlement 01-25 1217.00
= 01-25 status=SETTLED_EARLY paid_interest=12.00 paid_fee=5.00

# to the day, no fee that is not yet due is asked for (the quote)
with fee=5.00
payoff 01-25 interest=4.00 fee=0.00 total=1204.00

# to the day, no fee that is not yet due is asked for (paid)
with fee=5.00
settlement 01-25 1204.00
= 05-01 status=SETTLED_EARLY paid_fee=0.00

# all that was scheduled, where the contract says so (the quote)
with early_interest=ALL fee=5.00
payoff 01-25 interest=24.00 fee=15.00 total=1239.00

# all that was scheduled, where the contract says so (paid)
with early_interest=ALL fee=5.00
settlement 01-25 1239.00
= 01-25 status=SETTLED_EARLY paid_interest=24.00 paid_fee=15.00 credit=0.00

# a fee for settling early is a share of the principal not yet due (the quote)
with early_fee=1%
payoff 01-25 settlement_fee=12.00 total=1216.00
payoff 02-15 settlement_fee=8.00 total=1220.00
payoff 04-15 settlement_fee=0.00

# a fee for settling early is a share of the principal not yet due (paid)
with early_fee=1%
settlement 01-25 1216.00
= 01-25 status=SETTLED_EARLY paid_fee=12.00

# the cap on the total cost holds on the day of settlement too: 0.5 % of 1,200.00 (the quote)
with total_cost_cap=0.5% early_fee=1%
payoff 01-25 interest=4.00 settlement_fee=2.00 total=1206.00
payoff 02-14 interest=6.00 settlement_fee=0.00 total=1206.00

# the cap on the total cost holds on the day of settlement too: 0.5 % of 1,200.00 (paid)
with total_cost_cap=0.5% early_fee=1%
settlement 01-25 1206.00
= 01-25 status=SETTLED_EARLY paid_interest=4.00 paid_fee=2.00

# interest waived ahead counts against the cap on all cost, in the quote too: 4.00 of 18.00 are left
with total_cost_cap=1.5% early_fee=1%
waiver 01-20 14.00 part=INTEREST
payoff 01-25 interest=0.00 settlement_fee=4.00 total=1204.00

# and a settlement takes the same
with total_cost_cap=1.5% early_fee=1%
waiver 01-20 14.00 part=INTEREST
settlement 01-25 1204.00
= 01-25 status=SETTLED_EARLY paid_fee=4.00 credit=0.00

# but row by row, as they fall due: 12.00 waived and the fee of the first come first
with total_cost_cap=2% early_interest=FULL_PERIOD fee=5.00
waiver 01-20 20.00 part=INTEREST
payoff 01-25 interest=0.00 fee=5.00 total=1205.00

# and a settlement gives up no fen of principal for it
with total_cost_cap=2% early_interest=FULL_PERIOD fee=5.00
waiver 01-20 20.00 part=INTEREST
settlement 01-25 1205.00
= 01-25 status=SETTLED_EARLY paid_fee=5.00 waived=20.00 waived_principal=0.00 credit=0.00

# flat interest is owed by days passed, as the contract counts them: 10 of 30 days of 12.00
with method=FLAT interest_basis=FLAT
payoff 01-25 interest=4.00

# by actual days it is 1,200.00 for 10 days of 365
with method=FLAT day_count=ACT_365
payoff 01-25 interest=3.95

# the pay-off paid plainly settles where it clears the principal: 6.00 for half a month
with method=FLAT future_rule=REAMORTISE
payment 01-30 1206.00
= 01-30 status=SETTLED paid_interest=6.00 credit=0.00

# and no fen less
with method=FLAT future_rule=REAMORTISE
payment 01-30 1205.99
= 01-30 status=CURRENT

# flat interest put off is owed once: 12.00 and 29 of 30 days of 12.00, a day later all of it
with method=FLAT interest_basis=FLAT grace_interest_instalments=1
payoff 01-25 interest=4.00
payoff 02-15 interest=12.00
payoff 03-14 interest=23.60
payoff 03-15 interest=24.00

# a given schedule likewise: 10 of 31 days of 31.00
with method=GIVEN
instalment 01-15 until=02-15 amount=1200.00 interest=31.00
payoff 01-25 interest=10.00 total=1210.00

# interest put off is owed with what runs: 12.00 and 10 days of 8.00 (the quote)
with grace_interest_instalments=1
payment 02-15 400.00
payoff 02-25 interest=14.67 total=814.67

# interest put off is owed with what runs: 12.00 and 10 days of 8.00 (paid)
with grace_interest_instalments=1
payment 02-15 400.00
settlement 02-25 814.67
= 02-25 status=SETTLED_EARLY paid_interest=14.67

# on the day it is paid out a loan costs nothing to give back (the quote)
payoff 01-15 interest=0.00 total=1200.00

# on the day it is paid out a loan costs nothing to give back (paid)
settlement 01-15 1200.00
= 01-15 status=SETTLED_EARLY paid_interest=0.00

# before it is paid out there is nothing to settle
payoff 01-14 total=0.00
= 01-14 status=PENDING letter=NOT_OPEN instalments_left=0 next_due_on=none maturity=none

# written off, the debt stays and nothing grows: 12.00 + 2.67 and 2.00 of penalty on 25 February
write_off 02-25
= 02-25 status=WRITTEN_OFF letter=BAD outstanding_principal=1200.00 payoff=1216.67
= 03-10 payoff=1216.67 accrued_interest=0.00
= 03-25 payoff=1216.67
= 08-25 payoff=1216.67 outstanding_penalty=2.00 written_off=02-25 days_past_due=191

# there is no fee for settling a loan early that was written off
with early_fee=1%
write_off 01-25
= 01-26 payoff=1204.00

# nor interest that was only scheduled, and no fee
with early_interest=ALL fee=5.00
write_off 01-25
= 01-26 payoff=1204.00

# a recovery after the write-off clears what is owed, oldest first
write_off 02-25
recovery 05-01 414.00
= 05-01 status=WRITTEN_OFF recovered=414.00 paid=414.00 paid_penalty=2.00 paid_principal=400.00
= 05-01 paid_interest=12.00 payoff=802.67

# recovered in full it is settled
write_off 02-25
recovery 05-01 1216.67
= 05-01 status=SETTLED recovered=1216.67 payoff=0.00 credit=0.00

# a recovery without a write-off is a payment
recovery 02-15 12.00
= 02-15 paid=12.00 paid_interest=12.00 recovered=0.00 refused_events=0

# a recovery stays where the write-off before it is undone: 12.00 and 106 days of 0.20 come first
write_off 05-01
recovery 06-01 100.00
reversal 07-01 ref=1
= 06-30 paid=100.00 recovered=100.00
= 07-01 paid=100.00 recovered=0.00 refused_events=0
= 07-01 paid_interest=12.00 paid_penalty=21.20 paid_principal=66.80

# an ordinary payment after the write-off counts as recovered
write_off 02-25
payment 03-01 100.00
settlement 03-02 1.00
= 03-02 recovered=101.00

# after the write-off no plan is changed
write_off 02-25
extension 02-26 count=1
refused AFTER_END 2

# a second write-off is refused
write_off 02-25
write_off 02-26
refused AFTER_END 2
= 02-26 written_off=02-25

# in its grace at the write-off, no penalty comes after it
with grace_days=30
write_off 02-25
= 04-25 outstanding_penalty=2.00

# assigned, the loan is somebody else's and takes nothing more
assignment 02-25
payment 02-26 100.00
refused AFTER_END 2
= 02-26 status=ASSIGNED letter=ENDED paid=0.00 outstanding_principal=1200.00

# written off and then assigned
write_off 02-25
assignment 03-25
= 03-25 status=ASSIGNED written_off=02-25 outstanding_penalty=2.00 payoff=1216.67

# a write-off undone never was
write_off 02-25
reversal 03-01 ref=1
= 03-01 status=OVERDUE written_off=none outstanding_penalty=2.80

# but not of a period that has no day yet: on the due day, once that is paid
with early_interest=FULL_PERIOD fee=5.00
payment 02-15 417.00
payoff 02-15 interest=0.00 fee=0.00 total=800.00
payoff 02-16 interest=8.00 fee=5.00 total=813.00

# under the cap interest comes first, then the fee
with total_cost_cap=1.25% early_interest=FULL_PERIOD fee=5.00
payoff 01-25 interest=12.00 fee=3.00 total=1215.00

# before a rolled due day daily interest is what accrued: 0.40, 29 days of 0.1333, then none
with disbursed=09-01 roll=FORWARD days_off=CN interest_basis=DAILY future_rule=LAST
payment 09-02 800.00
payoff 09-30 interest=4.13 total=404.13
payoff 10-01 interest=4.27 total=404.27
payoff 10-07 interest=4.27 total=404.27
payoff 10-08 interest=4.27 total=404.27

# and that settles it
with disbursed=09-01 roll=FORWARD days_off=CN interest_basis=DAILY future_rule=LAST
payment 09-02 800.00
settlement 10-07 404.27
= 10-07 status=SETTLED_EARLY paid_interest=4.27 paid_principal=1200.00 credit=0.00

# with the last period ended too
with disbursed=09-01 instalments=1 roll=FORWARD days_off=CN interest_basis=DAILY future_rule=LAST
payment 09-02 800.00
settlement 10-05 404.27
= 10-05 status=SETTLED paid_interest=4.27 credit=0.00

# an instalment whose interest is collected later hands it on: 12.00, and six days of 800.00
with disbursed=09-01 roll=FORWARD days_off=CN interest_basis=DAILY grace_interest_instalments=1
payoff 10-07 interest=13.60

# a settled loan has no claim to assign
settlement 01-30 1206.00
assignment 06-01
refused NOTHING_LEFT 2
= 06-01 status=SETTLED_EARLY letter=SETTLED

# nor one to write off
settlement 01-30 1206.00
write_off 06-01
refused NOTHING_LEFT 2
= 06-01 status=SETTLED_EARLY written_off=none

# interest put off and paid ahead counts: of 24.00 that were paid 11.60 are asked for, then 12.00
with instalments=2 method=FLAT grace_interest_instalments=1 future_rule=LAST
payment 01-16 624.00
payoff 02-14 interest=0.00 credit=12.40 total=587.60
= 02-14 accrued_interest=0.00 payoff=587.60
payoff 02-15 interest=0.00 total=588.00

# the same where interest declines: 600.00 and 18.00 were paid, 11.60 are asked for
with instalments=2 grace_interest_instalments=1 future_rule=LAST
payment 01-16 618.00
payoff 02-14 interest=0.00 total=593.60

# where a part of it was paid ahead the rest is asked for: 11.60 less 4.00
with instalments=2 grace_interest_instalments=1
payment 01-16 4.00 part=INTEREST count=2
payoff 02-14 interest=7.60 total=1207.60

# and a settlement asks what the pay-off said
with instalments=2 grace_interest_instalments=1
payment 01-16 4.00 part=INTEREST count=2
settlement 02-14 1207.60
= 02-14 status=SETTLED_EARLY paid_interest=11.60 credit=0.00

# flat interest accrued before the rate fell stays in the pay-off: 24.00 for half a month
with method=FLAT rate=24%
rate 01-30 rate=0%
payoff 01-30 interest=12.00
payoff 02-10 interest=12.00

# a settlement takes the same
with method=FLAT rate=24%
rate 01-30 rate=0%
settlement 02-10 1212.00
= 02-10 status=SETTLED_EARLY paid_interest=12.00

# a fee that was moved was charged before: settling early pays it, not the one to come
with fee=5.00 penalty_rate=0%
fee 01-20 30.00
reage 02-25
payoff 02-25 interest=14.67 fee=35.00 total=1249.67

# the same settled
with fee=5.00 penalty_rate=0%
fee 01-20 30.00
reage 02-25
settlement 02-25 1249.67
= 02-25 status=SETTLED_EARLY paid_fee=35.00 credit=0.00

# it has counted against the cap on all cost: 12.00 and 30.00 of 42.00 leave nothing
with total_cost_cap=3.5% penalty_rate=0%
fee 01-20 30.00
reage 02-25
payoff 02-25 interest=12.00 fee=30.00 total=1242.00

# a row longer than its interest was reckoned for: 400.00 and 28 days of 800.00, no more
with day_count=ACT_365
deferral 01-20 count=1
payoff 04-13 interest=19.59
payoff 04-14 interest=19.59
payoff 04-15 interest=19.59

# daily interest that has not accrued cannot be paid: all given back on the first day is free
with interest_basis=DAILY
payment 01-15 404.00 count=3
settlement 01-15 796.00
= 01-15 status=SETTLED_EARLY paid=1200.00 paid_interest=0.00 credit=0.00

# and a rate that rises counts from its day on
with method=FLAT rate=0%
rate 02-14 rate=36%
payoff 02-14 interest=0.00
"""


@pytest.mark.parametrize("story", read_stories(STORIES), ids=name_of)
def test_settling_is(story: Story) -> None:
    story.check()
