"""Each kind of event, and each reason to refuse one."""

import pytest
from tests.loan.story import Story, name_of, read_stories

from kuanxian.base.bounds import ROWS_MAX
from kuanxian.loan import Refused
from kuanxian.loan.apply import charge_fee
from kuanxian.loan.memory import Loan

STORIES = """
# a payment of nothing is refused
payment 02-15
refused BAD_FIELD 1

# a payment of more than ten million yuan is refused
payment 02-15 10000000.01
refused OUT_OF_BOUNDS 1

# ten million are not
payment 02-15 10000000.00
= 02-15 paid=10000000.00 credit=9999588.00

# a payment before the money was paid out is refused
payment 01-14 1.00
= 01-15 refused_events=1 refused_reason=BEFORE_DISBURSEMENT refused_seq=1 paid=0.00

# on the day it was paid out it is held
payment 01-15 1.00
= 01-15 credit=1.00 refused_events=0

# a part that does not exist is refused
payment 02-15 1.00 part=5
refused BAD_FIELD 1

# a part below the first is refused
payment 02-15 1.00 part=-1
refused BAD_FIELD 1

# a rate beyond 400 % is refused
rate 02-01 rate=400.0000001%
refused OUT_OF_BOUNDS 1

# 400 % is not
rate 02-15 rate=400%
row 2 03-15 400.00 266.67

# a day beyond the last one is refused
pause 02-01 until=2199-12-31
reinstalment 02-01 count=1 until=2200-01-01
refused OUT_OF_BOUNDS 2

# a grace of no days is refused
grace 02-01
refused BAD_FIELD 1

# a grace of more than a year is refused
grace 02-01 count=367
refused BAD_FIELD 1

# a due day beyond the 31st is refused
due_day 02-01 count=32
refused BAD_FIELD 1

# more than 480 new instalments are refused
reinstalment 02-01 count=481
refused BAD_FIELD 1

# an unknown kind of event would be refused; a reversal of nothing is
reversal 02-01 ref=9
refused NO_SUCH_EVENT 1

# a refund of more than the credit is refused
payment 02-10 100.00
refund 02-11 100.01
refused REFUND_EXCEEDS_CREDIT 2

# a refund of exactly the credit empties it
payment 02-10 100.00
refund 02-11 100.00
= 02-11 credit=0.00 refunded=100.00 paid=100.00

# goodwill clears what is owed and is no cash
credit 02-16 412.20
= 02-16 status=CURRENT credited=412.20 paid=0.00 last_payment_on=none paid_interest=12.00

# a fee is due with the next instalment
fee 01-20 30.00
row 1 02-15 400.00 12.00 30.00
row 2 03-15 400.00 8.00
= 02-15 due_fee=30.00

# on a due day it is due with the next one
fee 02-15 30.00
= 02-15 due_fee=0.00 next_due=438.00

# after the last due day it is owed at once
fee 04-16 30.00
= 04-16 due_fee=30.00 overdue_fee=30.00

# held money pays a fee charged after the last due day
payment 01-20 2000.00
fee 04-16 30.00
= 04-15 credit=776.00 status=SETTLED
= 04-16 credit=746.00 paid_fee=30.00 status=SETTLED

# fees beyond twenty million yuan on one row are refused
fee 01-20 10000000.00
fee 01-21 10000000.00
fee 01-22 0.01
refused OUT_OF_BOUNDS 3

# what is prepaid reduces the instalments to come; it stands in the running row as met
with future_rule=REAMORTISE
payment 02-15 812.00
row 2 03-15 600.00 4.00
row 3 04-15 200.00 2.00
= 02-15 next_due=204.00 outstanding_principal=400.00 paid_principal=800.00 credit=0.00

# prepaid in the middle of a period: 15 days on 1,200.00 and 15 on 600.00
with future_rule=REAMORTISE
payment 01-30 600.00
row 1 02-15 800.00 9.00
= 01-30 next_due=209.00 outstanding_principal=600.00
= 02-15 due_interest=9.00 due_principal=200.00

# prepaid to the last fen, interest so far is paid of what is left, and the rest is credit
with future_rule=REAMORTISE
payment 01-25 1300.00
= 01-25 outstanding_principal=0.00 credit=96.00 status=SETTLED
= 02-15 paid_interest=4.00 credit=96.00 status=SETTLED

# after the last due day more than everything is credit
with future_rule=REAMORTISE
payment 04-15 1300.00
= 04-15 credit=58.00 status=SETTLED paid_penalty=18.00

# designated to the principal it prepays whatever the contract's rule
payment 01-30 600.00 part=PRINCIPAL
= 01-30 outstanding_principal=600.00 credit=0.00

# the last payment and the payments of the month
payment 02-15 412.00
payment 03-10 100.00
payment 03-12 50.00
= 03-12 last_payment_on=03-12 last_payment=50.00 paid_in_period=150.00 paid=562.00
= 04-01 paid_in_period=0.00

# a fee on a loan on which nothing is owed is due on its own day, not since maturity
with late_fee=9.00
payment 02-15 412.00
payment 03-15 408.00
payment 04-15 404.00
fee 06-01 10.00
= 06-01 due_fee=10.00 days_past_due=0 overdue_fee=0.00 maturity=04-15 instalments_left=1
= 06-02 days_past_due=1 overdue_fee=10.00 oldest_unpaid_due=06-01
= 06-11 days_past_due=10 outstanding_penalty=0.00
payment 06-12 10.00
= 06-12 status=SETTLED days_past_due=0
fee 07-01 5.00
= 07-03 days_past_due=2 overdue_fee=5.00 maturity=04-15

# one on a loan that is overdue is as old as what is overdue
payment 02-15 412.00
payment 03-15 408.00
fee 06-01 10.00
= 06-01 overdue_fee=10.00 oldest_unpaid_due=04-15

# small change within the tolerance is due and not overdue
with tolerance=5.00
payment 02-15 408.00
= 02-20 status=CURRENT due_principal=4.00 overdue_principal=0.00 days_past_due=0
= 02-20 overdue_principal_1=0.00

# a fee where penalty alone is left ages from its own day: 400.00 at 18 % for 10 days
with allocation_order=1342
payment 02-15 412.00
payment 03-15 408.00
payment 04-25 404.00
fee 08-01 10.00
= 08-01 status=CURRENT days_past_due=0 due_fee=10.00 due_penalty=2.00
= 08-02 status=OVERDUE days_past_due=1 default_since=08-02

# so does a fee where no more than the tolerance is left
with tolerance=0.50
payment 02-15 412.00
payment 03-15 408.00
payment 04-15 403.50
fee 08-01 10.00
= 08-02 days_past_due=1 due_principal=0.50 overdue_principal=0.00

# a fee on an instalment that is overdue is part of it
payment 02-15 412.00
payment 03-15 408.00
fee 04-25 10.00
= 04-25 days_past_due=10 due_fee=10.00

# a fee after the last due day comes under the cap on the total cost: 24.00 and 6.00 of 30.00
with total_cost_cap=2.5% penalty_rate=0%
fee 05-01 100.00
= 05-01 due_interest=24.00 due_fee=6.00

# where the cap leaves nothing of it no row is made for it
with total_cost_cap=2% penalty_rate=0%
payment 02-15 412.00
payment 03-15 408.00
payment 04-15 404.00
fee 05-01 100.00
= 05-02 status=SETTLED due_fee=0.00 refused_events=0
"""


@pytest.mark.parametrize("story", read_stories(STORIES), ids=name_of)
def test_an_event_is_applied_so_that(story: Story) -> None:
    story.check()


def test_a_fee_that_finds_no_row_left_is_refused() -> None:
    loan = Loan()
    loan.rows = loan.fallen = loan.open_row = ROWS_MAX

    assert charge_fee(loan, 100) == Refused.OUT_OF_BOUNDS
    assert loan.rows == ROWS_MAX
