"""Chance: the one door to randomness, and it opens only with a seed.

The generator behind single lives is Python's own, whose sequence for a seed is fixed;
whole books draw from NumPy's counter-based generator (``slices.py``).
"""

from random import Random as Chance

__all__ = ["Chance"]
