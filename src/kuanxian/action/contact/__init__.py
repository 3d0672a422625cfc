"""Contact: the one door to a person.

``propose`` decides and reserves in one transaction; ``report`` takes back what became of it;
``windows`` says when a person may be reached. Whoever dials, texts or visits comes through
here, because nothing else yields a grant.
"""

from kuanxian.action.contact.answer import Answer
from kuanxian.action.contact.gate import Gate
from kuanxian.action.contact.proposal import Grant, Proposal

__all__ = ["Answer", "Gate", "Grant", "Proposal"]
