"""Screen: what a message to a borrower must not say, found before it is sent."""

from kuanxian.screen.load import Screen, load_screen
from kuanxian.screen.match import Hit
from kuanxian.screen.pattern import Category, Pattern

__all__ = ["Category", "Hit", "Pattern", "Screen", "load_screen"]
