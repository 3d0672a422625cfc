"""Clocks: how far a clock that is not ours may be from ours.

A dialler, a provider and whoever types set their clocks themselves; what they tell within the
tolerance is heard, and put between what we know ourselves. The gate's own clock and the
database's are both ours: they are held much closer, by the gate.
"""

from typing import Final

SKEW_SECONDS: Final = 300
"""Five minutes, as Kerberos lets pass. For no longer, too, can a signed message be played again."""
SKEW_US: Final = SKEW_SECONDS * 1_000_000
