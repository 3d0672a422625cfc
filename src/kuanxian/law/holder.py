"""Holder: the rulebook in force in a running process, and how another takes its place.

A folder that is broken, contradicts itself or no longer proves what it must never takes
the place of the rulebook that decides: the last good one stays.
"""

from pathlib import Path

from kuanxian.base.errors import RulebookError, RuleFileError
from kuanxian.law.load import load_rulebook, load_theorems
from kuanxian.law.rulebook import Rulebook


class Holder:
    """Holds the rulebook in force.

    Args:
        book: The one to begin with.
        root: The rules folder; None for the shipped one.
        policy: A firm's policy file.
    """

    def __init__(
        self, book: Rulebook, root: Path | None = None, policy: Path | None = None
    ) -> None:
        self.book = book
        self._root = root
        self._policy = policy

    def adopt(self) -> Rulebook:
        """Read the folder again and, if it is whole and proved, put it in force.

        Returns:
            The rulebook now in force.

        Raises:
            RulebookError: The folder is not whole, or a promise does not hold; the one
                before stays in ``book``.
        """
        fresh = load_rulebook(self.book.country.id, self._root, self._policy)
        if fresh.hash != self.book.hash:
            check_proofs(fresh, self._root)
            self.book = fresh
        return self.book


def check_proofs(book: Rulebook, root: Path | None = None) -> None:
    """Refuse a rulebook that does not keep its promises.

    Raises:
        RulebookError: A rule is dead, two contradict each other, a policy is wider than
            the law, or a theorem fails; each with the row that shows it.
    """
    from kuanxian.law.prove import prove

    broken = prove(book, load_theorems(book, root)).broken
    if not broken:
        return
    files = {rule.id: (rule.file, rule.line) for rule in book.rules}
    problems = []
    for one in broken:
        file, line = files.get(one.id.split(" / ")[0], (f"{book.country.id}/theorems.toml", 1))
        row = f"; row: {one.row}" if one.row else ""
        reason = f"{one.id} ({one.span()}): {one.reason}{row}"
        problems.append(RuleFileError(file, line, reason, "Mend the rule, or say restates."))
    raise RulebookError(f"the rulebook of {book.country.id}", tuple(problems))
