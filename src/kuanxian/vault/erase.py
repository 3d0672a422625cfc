"""Erase: destroy a person's key, and with it everything sealed under it.

What remains for a while is in copies: backups, and pages and logs of the database that are
not yet written over. They hold the wrapped key, which is worth something only to who has
the key-encryption key. So erasure is complete when the last backup that could hold the
wrapped key has expired, or when the key-encryption key that wrapped it is destroyed,
whichever is first. The certificate says both, and claims no more.

Source: 个人信息保护法 art. 47. Whether destroying a key counts as deletion is a legal question
that no text read for this project answers; sealed personal data is still personal data.
"""

from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from kuanxian.base.errors import PersonError
from kuanxian.vault.keeper import Keeper, ask, check_person

FORMAT: Final = "kuanxian-erasure-1"
BACKUP_DAYS_MAX: Final = 3_660


class Certificate(NamedTuple):
    """What was erased, and when the last copy is gone. Holds no value."""

    tenant: str
    person: str
    erased_on: date
    reason: str
    fields: tuple[str, ...]
    """Which sealed values there were."""
    index_rows: int
    """How many rows of the blind index were removed."""
    key_id: str
    """The key-encryption key that wrapped the destroyed key."""
    complete_on: date
    """The day after which no backup holds the wrapped key."""
    journal_entry_no: int

    def as_json(self) -> dict[str, Any]:
        """Write it for a machine, with the words that limit it."""
        facts = {**self._asdict(), "fields": list(self.fields), "format": FORMAT}
        facts["erased_on"] = self.erased_on.isoformat()
        facts["complete_on"] = self.complete_on.isoformat()
        return {**facts, "zh": self.words("zh"), "en": self.words("en")}

    def words(self, language: str) -> str:
        """Say it to the person."""
        if language == "zh":
            return (
                f"已于{self.erased_on}销毁您的密钥、密封数据与索引。最后一份可能含有该密钥（已加密）的备份"
                f"于{self.complete_on}到期；若更早销毁主密钥{self.key_id}，则以更早者为准。日志中只留下不含个人信息的记录。"
            )
        return (
            f"Your key, the data sealed under it and its index were destroyed on {self.erased_on}. "
            f"The last backup that could hold the key, in wrapped form, expires on "
            f"{self.complete_on}, or sooner if key {self.key_id} is destroyed sooner. The journal "
            "keeps marks that hold no personal value."
        )


def erase_person(keeper: Keeper, person: str, reason: str, on: date) -> Certificate:
    """Erase a person now.

    Whether a duty forbids it is ``rights.delete_or_freeze``'s to ask; this asks nobody.

    Args:
        keeper: The vault.
        person: Whom.
        reason: A word: ``request``, ``settlement``, ``stop``, ``retention``.
        on: Today.

    Raises:
        PersonError: There is no such person, they were erased before, or the days
            backups are kept are none.
    """
    if not 0 <= keeper.backup_days <= BACKUP_DAYS_MAX:
        raise PersonError("backup days", f"it is not within 0 and {BACKUP_DAYS_MAX}")
    words = {"person": check_person(person), "reason": reason}
    rows = ask(keeper, "erase(:tenant, :person, :reason, :actor)", words)
    if not rows:
        raise PersonError("the person", "there is no such person, or they were erased before")
    row = rows[0]
    return Certificate(
        keeper.tenant, person, on, reason, tuple(row.fields), row.index_rows, row.key_id,
        on + timedelta(days=keeper.backup_days), row.entry_no,
    )  # fmt: skip
