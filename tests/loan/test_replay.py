"""Reversals, corrections, given rows: what is settled before time passes."""

import pytest
from tests.loan.story import BASE, EQUAL_PRINCIPAL, Story, name_of, on, read_stories

from kuanxian.loan import Event, Kind, position
from kuanxian.loan.memory import STOPS_ROOM

STORIES = """
# a payment charged back never was: ageing, penalty and cure start from the due day
payment 02-15 412.00
reversal 03-20 ref=1
= 03-19 days_past_due=4 paid=412.00 default_since=03-16
= 03-20 days_past_due=33 default_since=02-16 overdue_instalments=2 paid=0.00 last_payment_on=none
= 03-20 outstanding_penalty=7.60

# a reversal reversed: the payment counts again
payment 02-15 412.00
reversal 02-20 ref=1
reversal 02-25 ref=2
= 02-22 days_past_due=7 paid=0.00
= 02-25 status=CURRENT paid=412.00 refused_events=0

# reversed three times over: the middle one is struck, the first strikes again
payment 02-15 412.00
reversal 02-20 ref=1
reversal 02-25 ref=2
reversal 02-26 ref=3
= 02-26 paid=0.00 refused_events=0

# two reversals of one event: the later strikes, the earlier strikes it once more
payment 02-15 412.00
reversal 02-20 ref=1
reversal 02-21 ref=1
= 02-22 paid=0.00 refused_events=0

# two reversals that name each other take nothing back, and each is told
payment 02-15 412.00
reversal 02-20 ref=3
reversal 02-21 ref=2
= 02-22 paid=412.00 refused_events=2 refused_reason=NO_SUCH_EVENT refused_seq=2

# nor does the reversal of one that is refused, nor one of that
payment 02-15 412.00
reversal 02-20 ref=9
reversal 02-21 ref=2
reversal 02-22 ref=3
= 02-22 paid=412.00 refused_events=3 refused_reason=NO_SUCH_EVENT refused_seq=2

# an event cannot be reversed by one with a lower number
reversal 02-20 ref=2
payment 02-15 412.00
= 02-20 paid=412.00 refused_events=1 refused_reason=NO_SUCH_EVENT

# a payment booked late counts from its own day
payment 02-15 412.00 recorded=03-02
= 02-20 status=CURRENT days_past_due=0 outstanding_penalty=0.00
= 03-16 days_past_due=1

# of two payments of one day the lower number comes first
payment 02-16 12.00 seq=9
payment 02-16 400.20 seq=3
= 02-16 last_payment=12.00 status=CURRENT

# a corrected rate always stood there: 24 % from the first day
correction 01-15 part=3 amount=240000000
row 1 02-15 400.00 24.00

# a correction changes nothing before its own day
payment 02-15 412.00
correction 02-20 part=3 amount=240000000
= 02-19 status=CURRENT due_interest=0.00
= 02-20 status=OVERDUE days_past_due=5 overdue_principal=12.00

# a correction out of bounds is refused
correction 02-20 part=2 amount=481
= 02-20 refused_events=1 refused_reason=BAD_FIELD maturity=04-15

# a correction of a figure that does not exist is refused
correction 02-20 part=99 amount=1
= 02-20 refused_events=1 refused_reason=BAD_FIELD

# the day of disbursement can be corrected
correction 02-20 part=1 amount=20483
= 02-20 maturity=04-30 status=CURRENT

# disbursed later than one looks, it is pending, and money that came before is kept
payment 02-15 412.00
correction 02-20 part=1 amount=20600
= 02-20 status=PENDING refused_events=0 paid=412.00 credit=412.00 outstanding_principal=0.00
= 02-20 last_payment=412.00 last_payment_on=02-15

# and used on the first due day after it: 2026-02-20 is the day 20504
payment 02-15 412.00
correction 03-01 part=1 amount=20504
= 03-19 credit=412.00 status=CURRENT
= 03-20 credit=0.00 paid_interest=12.00 paid_principal=400.00 due_principal=0.00

# what is sent back out of it before is sent back
payment 02-15 412.00
refund 02-16 12.00
refund 02-17 400.01
correction 03-01 part=1 amount=20504
= 03-01 credit=400.00 refunded=12.00 paid=412.00 refused_events=1
refused REFUND_EXCEEDS_CREDIT 3

# a goodwill credit is kept too; what is not money is refused
credit 02-15 5.00
fee 02-15 5.00
correction 03-01 part=1 amount=20504
= 03-01 credit=5.00 credited=5.00 refused_events=1 refused_reason=BEFORE_DISBURSEMENT

# money before the day as it was booked first is refused all the same
payment 01-14 1.00
correction 02-20 part=1 amount=20504
= 03-01 refused_events=1 refused_reason=BEFORE_DISBURSEMENT paid=0.00 credit=0.00

# a stop that ends before it begins is refused
penalty_stop 02-20 until=02-19
= 02-25 refused_events=1 refused_reason=BAD_FIELD outstanding_penalty=2.00

# a pause that ends before it begins likewise
pause 02-20 until=02-19
= 02-25 refused_events=1 refused_reason=BAD_FIELD days_past_due=10

# given rows stand in the order of their days, whatever the order they came in
with method=GIVEN
instalment 01-15 until=03-15 amount=500.00 interest=5.00 fee=1.00
instalment 01-15 until=02-15 amount=700.00 interest=10.00 fee=2.00
row 1 02-15 700.00 10.00 2.00
row 2 03-15 500.00 5.00 1.00

# given rows count whatever day they are dated
with method=GIVEN
instalment 06-01 until=02-15 amount=1200.00 interest=10.00
= 02-15 due_principal=1200.00 due_interest=10.00 maturity=02-15

# rows that give too little leave the rest to the last one
with method=GIVEN
instalment 01-15 until=02-15 amount=700.00
instalment 01-15 until=03-15 amount=300.00
row 1 02-15 700.00 0.00
row 2 03-15 500.00 0.00

# rows that give too much are cut
with method=GIVEN
instalment 01-15 until=02-15 amount=1000.00
instalment 01-15 until=03-15 amount=1000.00
row 1 02-15 1000.00 0.00
row 2 03-15 200.00 0.00

# without a row everything is due on the first due day
with method=GIVEN
= 02-15 due_principal=1200.00 maturity=02-15

# a row before the money was paid out is refused
with method=GIVEN
instalment 01-15 until=01-14 amount=1200.00
instalment 01-15 until=02-15 amount=1200.00
= 02-15 refused_events=1 refused_reason=BAD_FIELD refused_seq=1 due_principal=1200.00

# a row of more than ten million yuan is refused
with method=GIVEN
instalment 01-15 until=02-15 amount=1200.00 interest=10000000.01
= 02-15 refused_reason=BAD_FIELD due_interest=0.00

# a contract that is computed takes no given row
instalment 01-15 until=02-15 amount=1200.00
= 02-15 refused_events=1 refused_reason=BAD_FIELD due_principal=400.00

# a given row can be reversed like anything else
with method=GIVEN
instalment 01-15 until=02-15 amount=700.00
instalment 01-15 until=03-15 amount=500.00
reversal 01-20 ref=1
= 02-15 due_principal=0.00 maturity=03-15

# a down payment of a given schedule is its own first row
with method=GIVEN down_payment=200.00
instalment 01-15 until=02-15 amount=1000.00
= 01-15 due_principal=200.00
row 2 02-15 1000.00 0.00

# two given rows of one day keep the order they were given in
with method=GIVEN
instalment 01-15 until=02-15 amount=700.00 interest=10.00
instalment 01-15 until=02-15 amount=500.00 interest=5.00
row 1 02-15 700.00 10.00
row 2 02-15 500.00 5.00
"""


@pytest.mark.parametrize("story", read_stories(STORIES), ids=name_of)
def test_history_is_such_that(story: Story) -> None:
    story.check()


def test_more_penalty_stops_than_there_is_room_for_are_refused_one_by_one() -> None:
    first_on = on("02-16")
    stops = [
        Event(k + 1, Kind.PENALTY_STOP, first_on + 2 * k, until_on=first_on + 2 * k)
        for k in range(STOPS_ROOM + 2)
    ]
    terms = BASE._replace(instalments=1)
    at = position(terms, EQUAL_PRINCIPAL, stops, as_of_on=first_on + 99)

    # 100 days at 0.60 less 32 of them.
    assert at.outstanding_penalty_fen == (100 - STOPS_ROOM) * 60
    assert (at.refused_events, at.refused_seq) == (2, STOPS_ROOM + 1)
