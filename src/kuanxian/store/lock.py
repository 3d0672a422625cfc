"""Lock: whoever changes the schema does so alone."""

LOCK_NO = 4_715_207_338
"""Any fixed number: the advisory lock of an upgrade, and of mending what one made."""
