"""A lender's life from a seed: whole books, and single loans of any kind.

::

    from kuanxian import simulate

    simulate.life(7)                                        # one loan, any settings
    simulate.book(folder, loans=1_000, years=2, seed=7)     # a book folder
"""

from kuanxian.simulate.lives import Life, life

__all__ = ["Life", "life"]
