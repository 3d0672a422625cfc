"""The fact layer: what a case's timeline shows at an instant, one theme a file.

It is arithmetic over instants and counts, and knows no law and no country: how many calls are
too many is said by a rule. What had not happened or was not known at the instant does not
exist for it, and what the case does not tell is None, never a guess.
"""

from kuanxian.law.timeline.assemble import COMPUTED, facts_of, undeclared_groups
from kuanxian.law.timeline.changes import instants_of_change

__all__ = ["COMPUTED", "facts_of", "instants_of_change", "undeclared_groups"]
