"""Gate: decide, and reserve what was decided on.

A case is read (only what is new of it), decided in memory, and written in one step that
refuses if anything it was decided on has moved since; then it is decided anew. The attempt
that a decision allows stands in the timeline before anybody else can decide, with its
outcome unknown, which counts as the worst it could be. Refusals are written down too.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from threading import Lock
from typing import Final

import sqlalchemy as sa

from kuanxian.action.contact.answer import Answer
from kuanxian.action.contact.casebook import (
    DECIDED,
    Known,
    advance,
    read_case,
    stream_of,
)
from kuanxian.action.contact.data_use import ask_stopped, is_stopped
from kuanxian.action.contact.decided import decision_body, decision_id_of, hash_of, key_of
from kuanxian.action.contact.kept import Kept
from kuanxian.action.contact.ledger import (
    Ledger,
    columns_of,
    facts_of_position,
)
from kuanxian.action.contact.names import facts_at
from kuanxian.action.contact.ordered import order_of
from kuanxian.action.contact.proposal import Grant, Proposal, check, check_names, has_names
from kuanxian.action.contact.reserve import Order, Written, reserve, reserve_each
from kuanxian.action.contact.standing import LIVE, Standing, standing_of
from kuanxian.action.contact.stated import stated_facts
from kuanxian.action.contact.together import Together
from kuanxian.action.contact.words import Lexicon, Words, check_template, words_of
from kuanxian.base.errors import ClockError, ProposalError, RepeatedKeyError, TemplateError
from kuanxian.journal import canonical
from kuanxian.journal.read import Told, read_by_key, read_told
from kuanxian.law.ask import clock_minutes, day_of_act
from kuanxian.law.decide import Decision, decide
from kuanxian.law.rule import Value
from kuanxian.law.rulebook import Rulebook
from kuanxian.law.scope import scope_of
from kuanxian.law.timeline import instants_of_change
from kuanxian.loan import Position

FRESH_SECONDS: Final = 300
"""How long a grant holds at most."""
TOLERANCE_MS: Final = 2_000
"""How far the gate's clock may be from the database's."""
LOCKS: Final = 256
TRIES: Final = 200
"""Each try that fails means that somebody else's decision stands."""

LOCK: Final = sa.text("SELECT pg_advisory_xact_lock(471520, hashtext(:stream) & 1023)")
"""The lock under which the journal appends to a stream."""


class Gate:
    """The one door. One for a process; safe to use from many threads."""

    def __init__(
        self,
        app: sa.Engine,
        book: Rulebook,
        read_lexicon: Callable[[], Lexicon],
        ledger: Ledger,
        clock: Callable[[], int],
        tolerance_ms: int | None = TOLERANCE_MS,
    ) -> None:
        """Make a gate.

        Args:
            app: The database, as a member of ``kx_app``.
            book: The rulebook in force.
            read_lexicon: Reads the words that may be said, when one is to be said: it takes
                seconds, and most of what is done here says none.
            ledger: Says where a debt stands.
            clock: Now in microseconds UTC; the database refuses one that is far from its own.
            tolerance_ms: How far; None does not compare (a replay).
        """
        self.app = app
        self.book = book
        self._read_lexicon = read_lexicon
        self.ledger = ledger
        self.clock = clock
        self.tolerance_ms = tolerance_ms
        # A question is no transaction: to begin and to end one are two more round trips.
        self._reader = app.execution_options(isolation_level="AUTOCOMMIT")
        self._columns = columns_of(book.catalogue)
        self._kept = Kept()
        # The last words, replaced as one: threads may take turns at it, never see a half.
        self._said: tuple[Proposal | None, Position | None, int, Words | None]
        self._said = (None, None, 0, None)
        self._locks = tuple(Lock() for _ in range(LOCKS))
        # What several threads want of the database at once they ask for in one go.
        self._reads = Together(self._read_each)
        self._writes = Together[Order, Written](lambda orders: reserve_each(self.app, orders))

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words that may be said."""
        return self._read_lexicon()

    def adopt(self, book: Rulebook) -> None:
        """Decide by another rulebook from the next decision on."""
        self._columns = columns_of(book.catalogue)
        self.book = book

    def propose(self, proposal: Proposal) -> Answer:
        """Decide on an act, and reserve it where it is allowed.

        The same key with the same proposal gives the first answer again, while its grant holds;
        after that, what became of the grant.

        Raises:
            ProposalError: The proposal cannot be one, or the vault grants nothing; nothing was
                decided or written.
            CaseError: There is no such case.
            RepeatedKeyError: The key was used for another proposal.
            ClockError: The gate's clock is not the database's.
        """
        check(proposal)
        check_template(proposal, self.lexicon)
        # Threads of this process take turns at a case; other processes are told that it moved.
        with self._locks[hash(proposal.case_id) % LOCKS]:
            known = self._kept.get(proposal.case_id)
            if known is None:
                known = self._first(proposal.case_id)
            elif not has_names(proposal, known.case):
                # What was kept may be from before they were added.
                known = self.read(proposal.case_id, known)
            for _ in range(TRIES):
                answer = self._try(proposal, known)
                if answer is not None:
                    return answer
                known = self.read(proposal.case_id, known)
        raise ProposalError("case_id", "too many decide on it at once", "try again")

    def read(self, case_id: str, known: Known | None = None) -> Known:
        """Read what is new of a case, going on from what is known of it, or was kept.

        Raises:
            CaseError: There is no such case.
        """
        known = read_case(self._read, case_id, known or self._kept.get(case_id))
        self.keep(case_id, known)
        return known

    def read_used(self, case_id: str) -> Known:
        """Read what is new of a case, and whose data the vault has stopped using.

        For whoever decides and does not write: the step that writes asks the vault by itself.

        Raises:
            CaseError: There is no such case.
        """
        return self._as_used(case_id, self.read(case_id))

    def _as_used(self, case_id: str, known: Known) -> Known:
        """Ask the vault whose data of a case it has stopped using."""
        with self._reader.connect() as connection:
            stopped = ask_stopped(connection, [(case_id, known.case)])
        known = known._replace(stopped=stopped.get(case_id, frozenset()))
        self.keep(case_id, known)
        return known

    def _first(self, case_id: str) -> Known:
        """Read a case to decide on; its parties as they stood last, where they are known.

        Raises:
            CaseError: There is no such case.
        """
        return read_case(self._read, case_id, None, self._kept.parties())

    def _read(self, after: Mapping[str, int]) -> dict[str, list[Told]]:
        """Read what streams tell from behind the versions given."""
        told = self._reads(after)
        return self._read_each([after])[0] if told is None else told

    def _read_each(self, asked: Sequence[Mapping[str, int]]) -> list[dict[str, list[Told]]]:
        with self._reader.connect() as connection:
            return read_told(connection, asked)

    def keep(self, case_id: str, known: Known) -> None:
        """Keep what is known of a case, once all of it is committed."""
        self._kept.put(case_id, known)

    @contextmanager
    def held(self, case_id: str) -> Iterator[tuple[sa.Connection, Known]]:
        """Hold a case: nobody else writes to it until what is done within is committed.

        Raises:
            CaseError: There is no such case.
        """
        with self.app.begin() as connection:
            connection.execute(LOCK, {"stream": stream_of(case_id)})

            def read(after: Mapping[str, int]) -> dict[str, list[Told]]:
                return read_told(connection, [after])[0]

            yield connection, read_case(read, case_id, self._kept.get(case_id))

    def decide(
        self, proposal: Proposal, known: Known, at: int, ledger: Ledger | None = None
    ) -> tuple[Decision, Words | None]:
        """Decide a proposal at an instant, and write nothing.

        Args:
            proposal: What is proposed.
            known: The case.
            at: The instant.
            ledger: Another than the gate's own, for what is only looked ahead at.

        Raises:
            ProposalError: The proposal names what is not of the case, or cannot be put in words;
                or the gate's rulebook is not of the case's country.
        """
        if known.case.country != self.book.country.id:
            # Another country's law says nothing of it, so nobody knows that it may be.
            raise ProposalError("case_id", "a case of another country", "ask a gate of its country")
        check_names(proposal, known.case)
        day_on = day_of_act(self.book, at)
        told = ledger or self.ledger
        facts, position = self._facts(proposal, known, at, told)
        words = self._words_of(proposal, position, told.stood_on(day_on))
        facts.update(stated_facts(proposal, known, words))
        return decide(self.book, proposal.act, facts, day_on, known.case.lender.type), words

    def _facts(
        self, proposal: Proposal, known: Known, at: int, ledger: Ledger
    ) -> tuple[dict[str, Value], Position | None]:
        """Say what the timeline and the ledger tell, and where the debt stands."""
        facts = facts_at(known.case, proposal.act_of(), at)
        # What was paid today is in no close: what is owed is not known until the next one.
        is_known = proposal.debt is not None and facts["paid_today"] is not True
        position = ledger(proposal.debt or "", day_of_act(self.book, at)) if is_known else None
        return facts | facts_of_position(position, self._columns), position

    def _decide_unsaid(
        self, proposal: Proposal, known: Known, at: int, said: Mapping[str, Value]
    ) -> Decision:
        """Decide on what was granted and has no words now, as if it said what it said then."""
        facts, _ = self._facts(proposal, known, at, self.ledger)
        day_on, lender_type = day_of_act(self.book, at), known.case.lender.type
        facts["data_use_stopped"] = is_stopped(known, proposal.to)
        stale = {"ledger_amount_fen", *(name for name, _, _ in self._columns)}
        words = {name: value for name, value in said.items() if name not in stale}
        return decide(self.book, proposal.act, {**words, **facts}, day_on, lender_type)

    def standing(self, proposal: Proposal, grant_id: str) -> Standing:
        """Say what has become of a grant, for whoever is about to use it.

        Raises:
            CaseError: There is no such case.
            ProposalError: As `decide`.
        """
        known = self.read_used(proposal.case_id)
        return standing_of(
            known, grant_id, self.clock(), lambda case, at: self.decide(proposal, case, at),
            lambda case, at, said: self._decide_unsaid(proposal, case, at, said),
        )  # fmt: skip

    def _words_of(
        self, proposal: Proposal, position: Position | None, as_of_on: int
    ) -> Words | None:
        """Put a proposal in words; asked of one instant after another, it is screened once."""
        asked, stood, day, words = self._said
        if asked is not proposal or (stood, day) != (position, as_of_on):
            words = words_of(proposal, self.lexicon, position, as_of_on)
            self._said = (proposal, position, as_of_on, words)
        return words

    def _try(self, proposal: Proposal, known: Known) -> Answer | None:
        """Decide and write; None where something moved meanwhile."""
        at = self.clock()
        try:
            decision, words = self.decide(proposal, known, at)
        except (ProposalError, TemplateError):
            # What was granted and cannot be put in words any more has an answer all the same.
            if (before := self._before(proposal)) is None:
                raise
            return self._again(proposal, before)
        grant = None
        if decision.allowed:
            said, hashed = (words.text, words.template_hash) if words else ("", "")
            until = self._until(proposal, known, at)
            name = decision_id_of(proposal)
            grant = Grant(name, "", proposal.field or "", until, said, hashed)
        body = decision_body(proposal, decision, grant, at, day_of_act(self.book, at))
        order = order_of(proposal, known, body, grant, self.tolerance_ms)
        written = self._writes(order) or reserve(self.app, order)
        if written.outcome == "moved":
            return None
        if written.outcome == "vault":
            return self._try(proposal, self._as_used(proposal.case_id, known))
        if written.outcome == "clock":
            raise ClockError("the gate's clock", "is not the database's", "set both by one source")
        if written.outcome == "repeated":
            return self._again(proposal, written)
        assert written.version is not None
        self.keep(proposal.case_id, advance(known, DECIDED, body, written.version))
        if grant is not None:
            grant = grant._replace(opening=written.opening or "")
        return Answer(decision, self.book, body, grant, written.version)

    def _until(self, proposal: Proposal, known: Known, at: int) -> int:
        """Find how long a grant holds: up to the first instant at which it would be refused.

        What is queued at 21:59 is not sent at 22:01.
        """
        return self._first_refusal(proposal, known, at, at + FRESH_SECONDS * 1_000_000)

    def until(self, proposal: Proposal, grant_id: str, at: int, latest: int) -> int:
        """Find the first instant up to a latest at which a granted act would be refused.

        The attempt that was granted is left out of account.

        Raises:
            CaseError: There is no such case.
        """
        known = self.read_used(proposal.case_id)
        others = tuple(one for one in known.case.events if one.id != grant_id)
        known = known._replace(case=known.case._replace(events=others))
        return self._first_refusal(proposal, known, at, latest)

    def _first_refusal(self, proposal: Proposal, known: Known, at: int, latest: int) -> int:
        lender_type = known.case.lender.type
        scope = scope_of(self.book, proposal.act, day_of_act(self.book, at), lender_type)
        minutes = clock_minutes(scope)
        for probe in instants_of_change(known.case, proposal.act_of(), at, latest, minutes):
            if not self.decide(proposal, known, probe)[0].allowed:
                return probe
        return latest

    def _before(self, proposal: Proposal) -> Written | None:
        """Find what was written under a proposal's key before."""
        with self._reader.connect() as connection:
            entry = read_by_key(connection, key_of(proposal))
        if entry is None:
            return None
        return Written("repeated", entry.stream_version, entry.body, None)

    def _again(self, proposal: Proposal, written: Written) -> Answer:
        """Give the first answer again.

        Raises:
            RepeatedKeyError: It was the answer to another proposal.
        """
        assert written.body is not None
        assert written.version is not None
        body = canonical.decode(written.body)
        if body["proposal_hash"] != hash_of(proposal):
            raise RepeatedKeyError("key", "was used for another proposal", "choose another key")
        # By today's book: the verdict stands as it was, its grounds are told as far as they agree.
        lender_type, day_on = body["lender_type"], body["day_on"]
        decision = decide(self.book, proposal.act, body["facts"], day_on, lender_type)
        grant = Grant(**body["grant"]) if body["grant"] else None
        if grant is None:
            return Answer(decision, self.book, body, None, written.version)
        standing = self.standing(proposal, grant.grant_id)
        if standing.word != LIVE:
            lapsed = standing.decision or decision
            return Answer(lapsed, self.book, body, None, written.version, standing.word)
        grant = grant._replace(opening=written.opening or "", text=proposal.text or grant.text)
        return Answer(decision, self.book, body, grant, written.version)
