"""The first schedule of each repayment method, each reckoned by hand."""

import pytest
from tests.loan.story import Story, name_of, read_stories

STORIES = """
# equal principal: interest falls
row 1 02-15 400.00 12.00
row 2 03-15 400.00 8.00
row 3 04-15 400.00 4.00

# equal instalments: 1,200.00 * 0.01 / (1 - 1.01^-3) is 408.0265
with method=LEVEL
row 1 02-15 396.03 12.00
row 2 03-15 399.99 8.04
row 3 04-15 403.98 4.04

# interest first, the principal last
with method=INTEREST_ONLY
row 1 02-15 0.00 12.00
row 2 03-15 0.00 12.00
row 3 04-15 1200.00 12.00

# equal principal and equal interest on the first principal
with method=FLAT
row 1 02-15 400.00 12.00
row 2 03-15 400.00 12.00
row 3 04-15 400.00 12.00

# flat interest under another method is the same interest
with interest_basis=FLAT
row 3 04-15 400.00 12.00

# once, at the end: one period
with method=SINGLE instalments=1
row 1 02-15 1200.00 12.00

# a single payment after 181 actual days of a year of 365
with method=SINGLE instalments=1 first_due=07-15 day_count=ACT_365
row 1 07-15 1200.00 71.41

# a quarter down, the rest in three
with method=PAY_IN_N rate=0% down_payment=300.00 period_unit=WEEK period_count=2
row 1 01-15 300.00 0.00
row 2 01-29 300.00 0.00
row 3 02-12 300.00 0.00
row 4 02-26 300.00 0.00
= 01-15 due_principal=300.00 status=CURRENT days_past_due=0
= 01-16 days_past_due=1 overdue_principal=300.00

# a fen that does not divide goes to the last
with principal=1000.00 rate=0%
row 1 02-15 333.33 0.00
row 3 04-15 333.34 0.00

# a part is rounded to its multiple once: 333.496 is 333, not 333.50 and then 334
with principal=1667.48 rate=0% instalments=5 instalment_multiple=1.00
row 1 02-15 333.00 0.00
row 5 06-15 335.48 0.00

# or to the first
with principal=1000.00 rate=0% absorb=FIRST
row 1 02-15 333.34 0.00
row 2 03-15 333.33 0.00
row 3 04-15 333.33 0.00

# rounded up the last one has less
with principal=1000.00 rate=0% instalment_rounding=CEIL
row 1 02-15 333.34 0.00
row 3 04-15 333.32 0.00

# in whole yuan
with principal=1000.00 rate=0% instalment_multiple=100
row 1 02-15 333.00 0.00
row 3 04-15 334.00 0.00

# in tens of yuan, up
with principal=1000.00 rate=0% instalment_multiple=1000 instalment_rounding=CEIL
row 1 02-15 340.00 0.00
row 3 04-15 320.00 0.00

# rounded up to hundreds the last ones may ask for nothing
with principal=1000.00 rate=0% instalments=8 instalment_multiple=20000 instalment_rounding=CEIL
row 5 06-15 200.00 0.00
row 6 07-15 0.00 0.00
row 8 09-15 0.00 0.00

# a fen in three instalments
with principal=0.01
row 1 02-15 0.00 0.00
row 2 03-15 0.00 0.00
row 3 04-15 0.01 0.00

# a balloon
with residual=600.00
row 1 02-15 200.00 12.00
row 3 04-15 800.00 8.00

# a balloon in equal instalments without interest: 200.00 each and 600.00 at the end
with residual=600.00 method=LEVEL rate=0%
row 1 02-15 200.00 0.00
row 3 04-15 800.00 0.00

# a balloon as large as the loan allows: interest alone, then everything
with residual=1199.99 method=LEVEL
row 1 02-15 0.00 12.00
row 3 04-15 1200.00 12.00

# a promotion for the first two
with promo_rate=6% promo_instalments=2
row 1 02-15 400.00 6.00
row 2 03-15 400.00 4.00
row 3 04-15 400.00 4.00

# free of interest before a promotion
with promo_rate=6% promo_instalments=2 interest_free_instalments=1
row 1 02-15 400.00 0.00
row 2 03-15 400.00 4.00
row 3 04-15 400.00 4.00

# grace on principal for all instalments: the last one takes everything
with grace_principal_instalments=3
row 1 02-15 0.00 12.00
row 3 04-15 1200.00 12.00

# grace on interest for all but the last
with grace_interest_instalments=3
row 1 02-15 400.00 0.00
row 2 03-15 400.00 0.00
row 3 04-15 400.00 24.00

# grace on interest in equal instalments keeps the principal as it was
with method=LEVEL grace_interest_instalments=1
row 1 02-15 396.03 0.00
row 2 03-15 399.99 20.04

# a stated instalment smaller than the interest pays no principal
with method=LEVEL instalment=10.00
row 1 02-15 0.00 12.00
row 3 04-15 1200.00 12.00

# a stated instalment larger than the debt ends early
with method=LEVEL instalment=1000.00
row 1 02-15 988.00 12.00
row 2 03-15 212.00 2.12
row 3 04-15 0.00 0.00

# smoothing moves an equal instalment nearer to its last one: 333.00 and 334.00 in yuan stay
with method=LEVEL principal=1000.00 rate=0% instalment_multiple=100 smooth=1
row 1 02-15 333.00 0.00
row 3 04-15 334.00 0.00

# rounded down to fifty yuan, a correction of fifty more would overshoot as far: it stays
with method=LEVEL rate=0% instalments=8 instalment_multiple=5000 instalment_rounding=FLOOR smooth=1
row 1 02-15 150.00 0.00
row 8 09-15 150.00 0.00

# 480 rounded up would leave 3.20 too little at the end; a fen less each leaves 1.60 too much
with method=LEVEL principal=1000.00 rate=0% instalments=480 instalment_rounding=CEIL smooth=1
row 1 02-15 2.08 0.00
row 480 2066-01-15 3.68 0.00

# without smoothing the last ones ask for nothing
with method=LEVEL principal=1000.00 rate=0% instalments=480 instalment_rounding=CEIL
row 1 02-15 2.09 0.00
row 479 2065-12-15 0.98 0.00
row 480 2066-01-15 0.00 0.00

# a fen in 480 equal instalments: all of it at the end
with method=LEVEL principal=0.01 instalments=480
row 1 02-15 0.00 0.00
row 480 2066-01-15 0.01 0.00

# interest rounded up at each instalment
with rate=12.0001% interest_rounding=CEIL
row 1 02-15 400.00 12.01
row 3 04-15 400.00 4.01

# interest rounded as a running total: 0.50, 1.00 - 0.50, 1.50 - 1.00 of a fen at half up
with principal=1.50 interest_round_at=TOTAL rate=4% method=INTEREST_ONLY
row 1 02-15 0.00 0.01
row 2 03-15 0.00 0.00
row 3 04-15 1.50 0.01

# and without: half a fen up each time
with principal=1.50 rate=4% method=INTEREST_ONLY
row 2 03-15 0.00 0.01

# and to the even fen
with principal=1.50 rate=4% method=INTEREST_ONLY interest_rounding=HALF_EVEN
row 2 03-15 0.00 0.00
row 3 04-15 1.50 0.00
"""


@pytest.mark.parametrize("story", read_stories(STORIES), ids=name_of)
def test_a_loan_opens_so_that(story: Story) -> None:
    story.check()
