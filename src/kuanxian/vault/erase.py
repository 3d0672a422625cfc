"""Erase: destroy a person's key, and with it everything sealed under it.

What remains for a while is in copies: backups, and pages and logs of the database that are
not yet written over. They hold the wrapped key, which is worth something only to who has
the key-encryption key. So nothing can be read any more once the last backup that could hold
the wrapped key has expired *and* the database has written over its own files and its
write-ahead log, on a day nobody here knows; or once every key-encryption key that ever
wrapped it is destroyed. The certificate says so, and claims no more.

Source: 个人信息保护法 art. 47. Whether destroying a key counts as deletion is a legal question
that no text read for this project answers; sealed personal data is still personal data.
"""

from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from kuanxian.base.errors import GoneError, PersonError
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
    key_ids: tuple[str, ...]
    """The key-encryption keys that ever wrapped the destroyed key, the last one last."""
    backups_expire_on: date
    """The day after which no backup holds the wrapped key; the database's own files may."""
    journal_entry_no: int

    def as_json(self) -> dict[str, Any]:
        """Write it for a machine, with the words that limit it."""
        facts = {
            **self._asdict(),
            "fields": list(self.fields),
            "key_ids": list(self.key_ids),
            "format": FORMAT,
        }
        facts["erased_on"] = self.erased_on.isoformat()
        facts["backups_expire_on"] = self.backups_expire_on.isoformat()
        return {**facts, "zh": self.words("zh"), "en": self.words("en")}

    def words(self, language: str) -> str:
        """Say it to the person."""
        keys = ", ".join(self.key_ids)
        if language == "zh":
            return (
                f"已于{self.erased_on}销毁您的密钥、密封数据与索引，程序不再能打开。最后一份可能含有该密钥（已加密）的"
                f"备份于{self.backups_expire_on}到期。数据库自身的文件和预写日志在被覆盖之前仍留有这些内容，何时覆盖"
                f"无从得知，不计入上述日期；已登记的曾经加密该密钥的主密钥（{keys}）及登记之前用过的主密钥"
                "（数据库升级到 0013 之前的轮换未作登记）全部销毁后，留存的内容即无法读取。"
                "日志永不更改，其中以您的编号留有不含姓名和号码的记录：何时做过什么；案件中写有出生日期，"
                "或生活状态、患病、困难等信号的，也以明文留存，您的副本中列有这些内容。"
            )
        return (
            f"Your key, the data sealed under it and its index were destroyed on {self.erased_on}; "
            "the program opens them no more. The last backup that could hold the key, in wrapped "
            f"form, expires on {self.backups_expire_on}. The database's own files and its "
            "write-ahead log still hold these bytes until they are written over; when is not known "
            f"and not counted in that day. Once every key that wrapped yours is destroyed, "
            f"those noted ({keys}) and any before rotations were noted (revision 0013 of the "
            "database), what is left cannot be read. The journal, which nobody changes, keeps "
            "records under your id without name or number: what was done and when; and, where a "
            "case was told them, your date of birth and states or signs such as illness or "
            "hardship, in the clear. Your copy lists them."
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
        GoneError: There is no such person, or they were erased before.
        PersonError: The days backups are kept are none.
    """
    if not 0 <= keeper.backup_days <= BACKUP_DAYS_MAX:
        raise PersonError("backup days", f"it is not within 0 and {BACKUP_DAYS_MAX}")
    words = {"person": check_person(person), "reason": reason}
    rows = ask(keeper, "erase(:tenant, :person, :reason, :actor)", words)
    if not rows:
        raise GoneError("the person", "there is no such person, or they were erased before")
    row = rows[0]
    return Certificate(
        keeper.tenant, person, on, reason, tuple(row.fields), row.index_rows,
        tuple(row.key_id.split()),
        on + timedelta(days=keeper.backup_days), row.entry_no,
    )  # fmt: skip
