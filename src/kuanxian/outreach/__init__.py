"""Outreach: a granted message goes out by a channel, and a receipt comes back.

A channel takes an order and something that opens the sealed number once. Nobody else sees
the number: not the officer, not the log, not the receipt.
"""

from kuanxian.outreach.order import Handle, Opener, Order
from kuanxian.outreach.receipt import Receipt, State

__all__ = ["Handle", "Opener", "Order", "Receipt", "State"]
