"""Kuanxian 宽限: an open servicing system for overdue consumer loans.

Importing the package is light: nothing but the version is here. The loan kernel is
``kuanxian.loan``; the command line is ``kuanxian.cli``.
"""

__version__ = "0.1.0"
