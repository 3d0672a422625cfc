"""Errors: small classes that carry their values. Words for people live at the edge.

::

    KuanxianError
      · TermsError          a figure of a contract is missing, unknown or out of bounds
      · EventError          an event is malformed
      · LayoutError         a layout file cannot be used
      · SourceError         an input file cannot be read as what it claims to be
      · BookError           a book folder is incomplete, damaged or not ours
      · CloseError          a close cannot go on (other inputs under the same output, no space)
      · StoreError          the database cannot be started, reached or migrated
      · PatternError        a pattern file for messages cannot be used
      · TemplateError       a message template cannot be used or filled
      · ProposalError       an act was proposed that cannot be one
      · CaseError           there is no such case, or it cannot be opened so
      · ClockError          two clocks that must agree do not
      · OutcomeError        an outcome does not fit the grant it is reported of
      · ChannelError        a channel cannot be configured so, or was told something untrue
      · JournalError        the journal cannot do what was asked, or is not what it was
        · EntryError        an entry to append has a field that is not what it must be
        · ConflictError     a stream is not at the version expected: somebody was first
        · RepeatedKeyError  an idempotency key was used for another entry
      · NoRateError         no rate solves the cash flows, or more than one does
      · LawError            a question to the law room cannot be answered as it was put
          · CaseFileError   a case file cannot be read as what the format says
          · RuleFileError   a file of the law folder says what cannot be followed
          · RulebookError   a rulebook is not whole, or contradicts itself
      · AddressBookError    what was handed in is shaped like an address book
      · FieldError          a typed value is not what its field takes
      · SealError           sealed bytes do not open in this place
      · KeyHolderError      who holds the key-encryption keys cannot be asked, or refuses
      · GrantError          an opening is not allowed, or no longer
      · PersonError         there is no such person, or this cannot be done for them
        · GoneError         nobody is there to do it to: erased or frozen before
      · ConsentError        a consent cannot be asked for, given or withdrawn in this way
      · ApiKeyError         an API key cannot be made so, or there is no such key
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


class StoreError(KuanxianError):
    """The database cannot be started, reached or migrated."""


class PatternError(KuanxianError):
    """A pattern file for messages cannot be used, or a pattern fails its examples."""


class TemplateError(KuanxianError):
    """A message template cannot be used or filled."""


class ProposalError(KuanxianError):
    """An act was proposed that cannot be one."""


class CaseError(KuanxianError):
    """There is no such case, or it cannot be opened so."""


class ClockError(KuanxianError):
    """Two clocks that must agree do not."""


class OutcomeError(KuanxianError):
    """An outcome does not fit the grant it is reported of."""


class ChannelError(KuanxianError):
    """A channel cannot be configured so, or was told something untrue."""


class JournalError(KuanxianError):
    """The journal cannot do what was asked, or is not what it was."""


class EntryError(JournalError):
    """An entry to append has a field that is not what it must be."""


class ConflictError(JournalError):
    """A stream is not at the version expected: another writer was first."""


class RepeatedKeyError(JournalError):
    """An idempotency key was used before, for an entry with other content."""


class NoRateError(KuanxianError):
    """No rate solves the cash flows, or more than one does."""


class LawError(KuanxianError):
    """A question to the law room cannot be answered as it was put."""


class CaseFileError(LawError):
    """A case file cannot be read as what the format says."""


class RuleFileError(LawError):
    """A file of the law folder says something that cannot be followed.

    Attributes:
        file: The file, from the rules folder on.
        line: The line, from 1.
    """

    def __init__(self, file: str, line: int, reason: str, advice: str = "") -> None:
        self.file = file
        self.line = line
        super().__init__(f"{file}:{line}", reason, advice)


class RulebookError(LawError):
    """A rulebook is not whole, or contradicts itself; nothing is decided by it.

    Attributes:
        problems: Every mistake that was found, each with its file and line.
    """

    def __init__(self, subject: str, problems: "tuple[RuleFileError, ...]") -> None:
        self.problems = problems
        several = "" if len(problems) == 1 else f" (and {len(problems) - 1} more)"
        first = problems[0]
        super().__init__(subject, f"{first.subject}: {first.reason}{several}", first.advice)


class AddressBookError(KuanxianError):
    """What was handed in is shaped like an address book."""


class FieldError(KuanxianError):
    """A typed value is not what its field takes. The value itself is never in it."""


class SealError(KuanxianError):
    """Sealed bytes do not open in this place, or a place is none."""


class KeyHolderError(KuanxianError):
    """Who holds the key-encryption keys cannot be asked, or refuses."""


class GrantError(KuanxianError):
    """An opening is not allowed, or no longer."""


class PersonError(KuanxianError):
    """There is no such person, or this cannot be done for them."""


class GoneError(PersonError):
    """Nobody is there to do it to: they were erased or frozen before, perhaps a moment ago."""


class ConsentError(KuanxianError):
    """A consent cannot be asked for, given or withdrawn in this way."""


class ApiKeyError(KuanxianError):
    """An API key cannot be made so, or there is no such key."""
