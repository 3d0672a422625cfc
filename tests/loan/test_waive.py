"""What the lender gives up, each reckoned by hand."""

import pytest
from tests.loan.story import Story, name_of, read_stories

STORIES = """
# all penalty so far; what accrues after is charged
waiver 02-25 part=PENALTY
= 02-25 outstanding_penalty=0.00 waived=2.00 waived_principal=0.00 status=OVERDUE
= 02-26 outstanding_penalty=0.20

# part of the interest
waiver 02-25 5.00 part=INTEREST
= 02-25 outstanding_interest=7.00 waived=5.00

# all interest that has fallen due, none that has not
waiver 02-25 part=INTEREST
= 02-25 outstanding_interest=0.00 waived=12.00 next_due=408.00

# an amount may reach what is not yet due
waiver 02-25 15.00 part=INTEREST
= 02-25 outstanding_interest=0.00 waived=15.00 next_due=405.00

# with daily interest there is none yet to be given up
with interest_basis=DAILY
waiver 02-25 15.00 part=INTEREST
= 02-25 waived=12.00

# principal: the books say how much of the waiver was principal
waiver 02-25 100.00 part=PRINCIPAL
= 02-25 outstanding_principal=1100.00 overdue_principal=300.00 waived=100.00
= 02-25 waived_principal=100.00

# an instalment whose rest is waived is no longer overdue
waiver 02-25 part=PRINCIPAL
waiver 02-25 part=INTEREST
waiver 02-25 part=PENALTY
= 02-25 status=CURRENT cured=02-25 waived=414.00 days_past_due=0

# everything that has fallen due
waiver 02-25
= 02-25 waived=414.00 outstanding_principal=800.00 status=CURRENT

# an amount of anything, in the order of the contract: interest before penalty
waiver 02-25 13.00
= 02-25 outstanding_interest=0.00 outstanding_penalty=1.00 waived=13.00

# fees come first in that order
with fee=5.00
waiver 02-25 6.00
= 02-25 outstanding_fee=0.00 outstanding_interest=11.00 outstanding_penalty=2.00

# exactly the amount stops there
with fee=5.00
waiver 02-25 5.00 part=FEE
= 02-25 outstanding_fee=0.00 outstanding_interest=12.00 waived=5.00

# more than is owed cannot be waived
waiver 02-25 50.00 part=PENALTY
= 02-25 waived=2.00 outstanding_penalty=0.00

# where nothing is owed there is nothing to waive
waiver 02-15 part=PENALTY
refused NOTHING_LEFT 1

# principal given up bears no interest after the day: none is left, none is owed
payment 02-15 412.00
waiver 02-15 800.00 part=PRINCIPAL
= 02-15 status=SETTLED outstanding_principal=0.00 payoff=0.00 next_due=0.00
= 04-20 status=SETTLED due_interest=0.00 days_past_due=0

# interest up to the day stays: 800.00 at 12 % for 16 days of 360
payment 02-15 412.00
waiver 03-01 800.00 part=PRINCIPAL
= 03-01 payoff=4.27 outstanding_principal=0.00
= 03-15 due_interest=4.27
= 04-15 due_interest=4.27

# half of it given up: both instalments bear interest on the other half
payment 02-15 412.00
waiver 02-15 400.00 part=PRINCIPAL
row 2 03-15 400.00 4.00
row 3 04-15 400.00 4.00
= 02-15 next_due=4.00

# interest deferred to a later instalment is reckoned anew, too
with grace_interest_instalments=2
payment 02-15 400.00
waiver 02-15 400.00 part=PRINCIPAL
row 2 03-15 400.00 0.00
row 3 04-15 400.00 20.00

# after a re-age: of the principal moved nothing bears interest, of the rest 100.00 less
reage 02-25
waiver 03-01 100.00 part=PRINCIPAL
row 2 03-15 800.00 19.53
row 3 04-15 400.00 4.00
= 03-15 due_principal=700.00 due_interest=19.53

# flat interest stays while any principal is left; then a day of 30 of it is left
with method=FLAT
payment 02-15 412.00
waiver 02-15 400.00 part=PRINCIPAL
= 02-15 next_due=12.00
waiver 02-16 400.00 part=PRINCIPAL
= 03-20 outstanding_principal=0.00 due_interest=0.40

# of everything ahead, the interest first
payment 02-15 412.00
waiver 02-15 8.00
= 02-15 next_due=400.00 waived=8.00

# on a loan written off nothing bears interest anyway
write_off 02-20
waiver 02-21 1200.00 part=PRINCIPAL
= 02-21 outstanding_principal=0.00 waived_principal=1200.00
"""


@pytest.mark.parametrize("story", read_stories(STORIES), ids=name_of)
def test_a_waiver_is(story: Story) -> None:
    story.check()
