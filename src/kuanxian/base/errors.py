"""Errors: small classes that carry their values. Words for people live at the edge.

::

    KuanxianError
      · TermsError          a figure of a contract is missing, unknown or out of bounds
      · EventError          an event is malformed
      · LayoutError         a layout file cannot be used
      · SourceError         an input file cannot be read as what it claims to be
      · BookError           a book folder is incomplete, damaged or not ours
      · CloseError          a close cannot go on (other inputs under the same output, no space)
      · NoRateError         no rate solves the cash flows, or more than one does
"""


class KuanxianError(Exception):
    """Everything this package raises on purpose.

    Attributes:
        subject: What it is about: a field, a file, a day. Never a person's data.
        reason: What is wrong, one sentence.
        advice: What to do about it, one sentence, or empty.
    """

    def __init__(self, subject: str, reason: str, advice: str = "") -> None:
        self.subject = subject
        self.reason = reason
        self.advice = advice
        super().__init__(": ".join(filter(None, (subject, reason, advice))))


class TermsError(KuanxianError):
    """A figure of a contract is missing, unknown or out of bounds."""


class EventError(KuanxianError):
    """An event is malformed."""


class LayoutError(KuanxianError):
    """A layout file cannot be used."""


class SourceError(KuanxianError):
    """An input file cannot be read as what it claims to be."""


class BookError(KuanxianError):
    """A book folder is incomplete, damaged or not ours."""


class CloseError(KuanxianError):
    """A close cannot go on."""


class NoRateError(KuanxianError):
    """No rate solves the cash flows, or more than one does."""
