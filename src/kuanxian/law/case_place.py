"""Case place: where in a case file something stands, and the errors that name it."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from kuanxian.base.errors import CaseFileError
from kuanxian.law.case_values import Field, advise, read_value

Read = TypeVar("Read")


class Place(NamedTuple):
    """A place in a case file: its name and a JSON pointer (RFC 6901).

    Example:
        >>> str(Place("case.json").at("timeline").at(3).at("outcome"))
        'case.json: /timeline/3/outcome'
    """

    name: str
    pointer: str = ""

    def at(self, key: str | int) -> "Place":
        """Go into a key of an object or an item of a list."""
        # A key nobody knows may be anything: cut it short and keep it on one line.
        text = ascii(str(key))[1:-1][:64].replace("~", "~0").replace("/", "~1")
        return Place(self.name, f"{self.pointer}/{text}")

    def __str__(self) -> str:
        return f"{self.name}: {self.pointer or '/'}"

    def error(self, reason: str, advice: str = "") -> CaseFileError:
        """Make the error of this place."""
        return CaseFileError(str(self), reason, advice)

    def missing(self, key: str) -> CaseFileError:
        """Make the error of a key that is not there."""
        return self.at(key).error("it is missing", "Add it.")

    def unknown(self, key: str, known: Sequence[str]) -> CaseFileError:
        """Make the error of a key that the format does not have."""
        return self.at(key).error("there is no such key here", advise(key, tuple(known)))

    def read(self, reader: Callable[[], Read], key: str) -> Read:
        """Run a reader whose ``ValueError`` becomes the error of a key of this place."""
        try:
            return reader()
        except ValueError as problem:
            reason, _, advice = str(problem).partition("\n")
            raise self.at(key).error(reason, advice) from None

    def read_field(self, key: str, field: Field, value: object) -> object:
        """Read the value of a key by its field."""
        try:
            return read_value(field, value)
        except ValueError as problem:
            reason, _, advice = str(problem).partition("\n")
            raise self.at(key).error(reason, advice) from None

    def items(self, value: object, most: int) -> list[Any]:
        """Take a list of at most so many items."""
        if not isinstance(value, list):
            raise self.error("it is not a list", "Write it in square brackets.")
        if len(value) > most:
            raise self.error(f"it has more than {most} items", "Leave out what does not matter.")
        return value
