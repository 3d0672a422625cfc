"""Which part of the debt a payment clears, each reckoned by hand."""

import pytest
from tests.loan.story import Story, name_of, read_stories

STORIES = """
# interest before penalty before principal of the oldest instalment, then of the next
with fee=5.00
payment 03-20 30.00
= 03-20 paid_fee=5.00 paid_interest=12.00 paid_penalty=6.60 paid_principal=6.40

# principal first, where the contract says so
with fee=5.00 allocation_order=4321
payment 03-20 450.00
= 03-20 paid_principal=426.40 paid_interest=12.00 paid_penalty=6.60 paid_fee=5.00 credit=0.00
= 03-20 due_principal=373.60

# across instalments, part by part: both fees, both interests, both penalties
with fee=5.00 direction=VERTICAL
payment 03-20 37.00
= 03-20 paid_fee=10.00 paid_interest=20.00 paid_penalty=7.00 paid_principal=0.00

# the overdue goes before what is due today, in whatever direction
with fee=5.00 direction=VERTICAL
payment 03-15 17.00
= 03-15 paid_fee=5.00 paid_interest=12.00 due_fee=5.00 due_interest=8.00

# what is due today comes after all that is overdue
payment 03-15 417.60
= 03-15 overdue_principal=0.00 due_principal=400.00 due_interest=8.00 credit=0.00 status=CURRENT

# what exceeds what is due is kept for the next due day
payment 02-15 500.00
= 02-15 credit=88.00 outstanding_principal=800.00

# or pays the next instalment: interest of it first
with future_rule=NEXT
payment 02-15 500.00
= 02-15 credit=0.00 paid_interest=20.00 paid_principal=480.00 next_due=320.00

# paid through to the end, two instalments ahead
with future_rule=NEXT
payment 02-15 1300.00
= 02-15 credit=76.00 paid_interest=24.00 outstanding_principal=0.00 status=SETTLED

# or the last one, interest of it too
with future_rule=LAST
payment 02-15 500.00
= 02-15 paid_interest=16.00 paid_principal=484.00 next_due=408.00 instalments_left=2
= 04-15 due_principal=716.00 due_interest=8.00

# with daily interest the last one has no interest yet: all of it is principal
with future_rule=LAST interest_basis=DAILY
payment 02-15 500.00
= 02-15 paid_interest=12.00 paid_principal=488.00 next_due=407.12
= 03-15 due_interest=7.12 due_principal=400.00

# with daily interest the next one: ten days of 12.00, then principal, the rest of it is held
with future_rule=NEXT interest_basis=DAILY
payment 01-25 412.00
= 01-25 paid_interest=4.00 paid_principal=402.67 credit=5.33
= 02-15 status=CURRENT due_principal=0.00 due_interest=0.00

# a designated part of what is due: the principal alone
payment 02-25 100.00 part=PRINCIPAL
= 02-25 overdue_interest=12.00 overdue_penalty=2.00 overdue_principal=300.00

# the penalty alone, the rest by the contract's order
payment 02-25 10.00 part=PENALTY
= 02-25 overdue_penalty=0.00 overdue_interest=4.00

# a designated instalment although another is overdue
payment 02-25 408.00 count=2
= 02-25 overdue_principal=400.00 overdue_interest=12.00 next_due_on=04-15

# a designated part of a designated instalment
payment 02-25 100.00 count=3 part=PRINCIPAL
= 02-25 overdue_principal=400.00 outstanding_principal=1100.00 next_due=408.00
= 04-15 due_principal=1100.00

# more than the designated instalment asks for goes the ordinary way
payment 02-25 420.00 count=2
= 02-25 overdue_interest=0.00 overdue_penalty=2.00 overdue_principal=400.00

# an instalment that does not exist is no designation
payment 02-25 12.00 count=4
= 02-25 overdue_interest=0.00 overdue_principal=400.00

# larger than everything: what is left is the borrower's
payment 05-15 2000.00
= 05-15 status=SETTLED paid_interest=24.00 paid_penalty=36.00 credit=740.00

# an instalment designated ahead takes its principal; daily interest not accrued is left over
with interest_basis=DAILY fee=5.00
payment 01-25 500.00 count=1
= 01-25 paid_fee=5.00 paid_interest=4.00 paid_principal=400.00 credit=91.00

# of its interest alone no more than has accrued
with interest_basis=DAILY
payment 01-25 10.00 count=1 part=INTEREST
= 01-25 paid_interest=4.00 credit=6.00

# and of one whose period has not begun none
with interest_basis=DAILY
payment 01-25 10.00 count=2 part=INTEREST
= 01-25 paid_interest=0.00 credit=10.00

# the pay-off settles though interest to come is held: 1,192.00 and 0.79 less the 5.60 held
with method=INTEREST_ONLY interest_basis=DAILY future_rule=NEXT
payment 02-01 20.00
payment 02-03 1187.19
= 02-01 credit=5.60 outstanding_principal=1192.00
= 02-03 status=SETTLED credit=0.00 paid_interest=7.19
= 05-30 status=SETTLED
"""


@pytest.mark.parametrize("story", read_stories(STORIES), ids=name_of)
def test_a_payment_clears(story: Story) -> None:
    story.check()
