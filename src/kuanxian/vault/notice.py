"""Notice: the words a person is shown before they answer. Kept once, never changed."""

from hashlib import sha256
from typing import NamedTuple

import sqlalchemy as sa

from kuanxian.base.errors import ConsentError
from kuanxian.vault.purposes import purpose_of


class Notice(NamedTuple):
    """The words a person was shown, for one purpose."""

    notice_id: str
    version: int
    language: str
    """``zh-Hans``, ``zh-Hant`` or ``en``."""
    purpose: str
    body: str

    def digest(self) -> str:
        """Give the SHA-256 of the words, hexadecimal."""
        return sha256(self.body.encode()).hexdigest()


def add_notice(app: sa.Engine, notice: Notice) -> None:
    """Keep the words of a notice; they are never changed, a new text is a new version.

    Raises:
        ConsentError: That version is there with its words already.
    """
    purpose_of(notice.purpose)
    statement = sa.text(
        "INSERT INTO consent.notice (notice_id, version, language, purpose, body, body_sha256) "
        "VALUES (:notice_id, :version, :language, :purpose, :body, decode(:digest, 'hex'))"
    )
    try:
        with app.begin() as connection:
            connection.execute(statement, {**notice._asdict(), "digest": notice.digest()})
    except sa.exc.IntegrityError:
        reason = "that version is there already, or its id, version or language is none"
        raise ConsentError("notice", reason, "A changed text is a new version.") from None


def keep_notice(app: sa.Engine, notice: Notice) -> None:
    """Keep the words of a notice, unless these very words are kept already.

    Raises:
        ConsentError: Other words are kept under its id, version and language.
    """
    statement = sa.text(
        "SELECT body FROM consent.notice WHERE (notice_id, version, language) "
        "= (:notice_id, :version, :language)"
    )
    with app.connect() as connection:
        kept = connection.scalar(statement, notice._asdict())
    if kept != notice.body:
        add_notice(app, notice)
