"""Bounds: a limit on everything, proven where it is written.

Compiled arithmetic wraps silently past 63 bits, so each product the kernel forms is
bounded here and the bound is checked when this module is imported. Intake refuses
what exceeds a bound; the kernel relies on it.

Nothing here is law. The figures are far above any consumer loan: the largest
principal is 10 million yuan, the largest rate 400 % a year.
"""

from typing import Final

INT64_MAX: Final = 2**63 - 1

PRINCIPAL_FEN_MAX: Final = 1_000_000_000
"""Largest principal, and largest single amount, in fen (10 million yuan)."""

BALANCE_FEN_MAX: Final = 2 * PRINCIPAL_FEN_MAX
"""Largest amount interest may be charged on: principal plus what was capitalised."""

RATE_PPB_MAX: Final = 4_000_000_000
"""Largest rate, in parts per billion a year (400 % a year)."""

DAILY_RATE_PPB_MAX: Final = RATE_PPB_MAX // 360
"""Largest rate where the contract states it per day."""

MONTHLY_RATE_PPB_MAX: Final = RATE_PPB_MAX // 12
"""Largest rate where the contract states it per month."""

INSTALMENTS_MAX: Final = 480
"""Most instalments of one plan (40 years of months)."""

ROWS_MAX: Final = 1_024
"""Most schedule rows of one loan over its life, re-instalments included."""

EVENTS_MAX: Final = 20_000
"""Most events of one loan. A loan with more is refused whole at intake."""

DAY_MAX: Final = 84_005
"""Last day the kernel knows, as days since 1970-01-01: 2199-12-31."""

PERIOD_DAYS_MAX: Final = DAY_MAX
"""Longest stretch of days interest is computed over in one step."""

GRACE_DAYS_MAX: Final = 366
TOLERANCE_FEN_MAX: Final = 10_000

UFEN: Final = 1_000_000
"""One fen in micro-fen, the resolution at which interest accrues before it is rounded."""

LOANS_PER_BOOK_MAX: Final = 2**31 - 1

# interest_ufen forms balance * rate, then quotient * days and remainder * days.
assert BALANCE_FEN_MAX * RATE_PPB_MAX <= INT64_MAX
assert BALANCE_FEN_MAX * RATE_PPB_MAX // (1_000 * 360) * PERIOD_DAYS_MAX <= INT64_MAX
assert BALANCE_FEN_MAX * DAILY_RATE_PPB_MAX // 1_000 * PERIOD_DAYS_MAX <= INT64_MAX
assert BALANCE_FEN_MAX * MONTHLY_RATE_PPB_MAX // (1_000 * 30) * PERIOD_DAYS_MAX <= INT64_MAX
assert 1_000 * 366 * PERIOD_DAYS_MAX <= INT64_MAX
# mul_div and shift_div: amounts below 2**61, annuities (at most one a row) below 2**60.
assert BALANCE_FEN_MAX * UFEN < 2**61
assert INSTALMENTS_MAX * 2**51 < 2**60
