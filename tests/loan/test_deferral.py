"""Instalments not yet due move to later due days, also where a calendar rolled those days.

15 February 2026 lies in the holidays of the Spring Festival, 15 March is a Sunday: what ends
on them falls due on 24 February and 16 March.
"""

import pytest
from tests.loan.story import Story, name_of, read_stories

STORIES = """
# a day off after the period and before the due day: the instalment is not yet due, and moves
with roll=FORWARD days_off=CN
deferral 02-20 count=1
row 1 03-16 400.00 12.00
row 2 04-15 400.00 8.00
row 3 05-15 400.00 4.00
= 02-24 status=CURRENT due_principal=0.00 next_due_on=03-16 next_due=412.00
payoff 02-20 interest=13.33
payoff 03-01 interest=13.33

# the same with daily interest, which stands still for a month
with roll=FORWARD days_off=CN interest_basis=DAILY
deferral 02-20 count=1
row 1 03-16 400.00 12.00
row 2 04-15 400.00 8.00
payoff 02-20 interest=13.33
payoff 03-01 interest=13.33

# twice is twice as far
with roll=FORWARD days_off=CN interest_basis=DAILY
deferral 02-20 count=1
deferral 02-21 count=1
row 1 04-15 400.00 12.00
row 2 05-15 400.00 8.00
row 3 06-15 400.00 4.00

# bearing interest: 12.00, then 5 days on 800.00, and from the deferral on 25 on 1,200.00
with roll=FORWARD days_off=CN
deferral 02-20 count=1 part=INTEREST
row 1 03-16 400.00 23.33
row 2 04-15 400.00 8.00
payoff 02-20 interest=13.33

# the same with daily interest
with roll=FORWARD days_off=CN interest_basis=DAILY
deferral 02-20 count=1 part=INTEREST
row 1 03-16 400.00 23.33
row 2 04-15 400.00 8.00
payoff 02-20 interest=13.33

# rounded in the total: 10.3333 + 1.1111 + 7.6667, then 6.8889 on 800.00
with rate=10% day_count=ACT_360 interest_basis=DAILY interest_round_at=TOTAL
with roll=FORWARD days_off=CN
deferral 02-20 count=1 part=INTEREST
row 1 03-16 400.00 19.11
row 2 04-15 400.00 6.89

# the last instalment
with roll=FORWARD days_off=CN instalments=1
deferral 02-20 count=1
row 1 03-16 1200.00 12.00
payoff 02-25 interest=12.00

# and bearing interest, from the day of the deferral on
with roll=FORWARD days_off=CN instalments=1 interest_basis=DAILY
deferral 02-20 count=1 part=INTEREST
row 1 03-16 1200.00 22.00

# a loan repaid at once is extended likewise
with roll=FORWARD days_off=CN instalments=1 method=SINGLE
extension 02-20 count=1
row 1 03-16 1200.00 22.00

# two instalments of a long weekend move together
with period_unit=DAY instalments=3 roll=FORWARD days_off=CN disbursed=02-14
deferral 02-16 count=10
row 1 02-25 400.00 0.40
row 2 02-26 400.00 0.27
row 3 02-27 400.00 0.13
"""


@pytest.mark.parametrize("story", read_stories(STORIES), ids=name_of)
def test_a_deferral_moves_what_is_not_yet_due(story: Story) -> None:
    story.check()
