"""Problems: every answer that is an error, as RFC 9457 has it, by a code that is documented.

A problem says a code, a sentence and at most the name of a field of ours. It never quotes
what was sent: neither a value nor a name that the caller made up.
"""

from typing import Any, Final, NamedTuple

from kuanxian.base import errors


class Kind(NamedTuple):
    """What a code means."""

    status: int
    title: str
    zh: str


KINDS: Final = {
    "key-missing": Kind(401, "no API key was sent", "未提供 API 密钥"),
    "key-refused": Kind(401, "the key is unknown, wrong or revoked", "密钥不存在、有误或已撤销"),
    "scope-missing": Kind(403, "the key has not the scope this needs", "密钥没有所需权限"),
    "party-foreign": Kind(403, "the key may act only as its own party", "只能以密钥所属主体行事"),
    "signature-refused": Kind(403, "the signature does not hold", "签名不符"),
    "route-unknown": Kind(404, "there is nothing here", "没有这个地址"),
    "case-unknown": Kind(404, "no such case for this key's party", "该主体没有这个案件"),
    "grant-unknown": Kind(404, "no such grant for this key's party", "该主体没有这个许可"),
    "report-unknown": Kind(404, "nothing went out under that id, or not yet", "没有该编号的消息"),
    "method-refused": Kind(405, "not by this method", "不支持该方法"),
    "body-slow": Kind(408, "the body did not come in time", "请求体未及时送达"),
    "key-reused": Kind(409, "this case has another under that key", "该案件已用此键提出别的请求"),
    "outcome-differs": Kind(409, "another outcome was reported before", "此前已报告不同的结果"),
    "grant-withheld": Kind(409, "the vault grants nothing", "信息保管处不予放行"),
    "body-too-large": Kind(413, "the body is longer than 64 KiB", "请求体超过 64 KiB"),
    "type-refused": Kind(415, "the body must be application/json", "请求体须为 application/json"),
    "json-refused": Kind(400, "the body is not JSON as it must be", "请求体不是合格的 JSON"),
    "http-refused": Kind(400, "this is no HTTP request", "不是合格的 HTTP 请求"),
    "idempotency-missing": Kind(400, "no Idempotency-Key was sent", "缺少 Idempotency-Key"),
    "address-book": Kind(422, "what was sent is shaped like an address book", "所送内容形似通讯录"),
    "form-refused": Kind(422, "a field is missing or not what it must be", "字段缺失或不合格"),
    "proposal-refused": Kind(422, "this cannot be proposed", "不能这样提出"),
    "outcome-refused": Kind(422, "this cannot be the outcome", "结果不合格"),
    "report-refused": Kind(422, "this is no report of that channel", "不是该渠道的状态报告"),
    "too-many": Kind(429, "too many requests", "请求过多"),
    "defect": Kind(500, "a defect of this program", "程序缺陷"),
    "clock-skew": Kind(503, "the gate's clock is not the database's", "时钟与数据库不一致"),
    "busy": Kind(503, "too many decide on this case at once", "同时处理该案件者过多"),
    "store-away": Kind(503, "the database cannot be reached", "数据库不可用"),
}  # fmt: skip
"""Every code; ``docs/reference/problems.md`` has a row for each."""

MEDIA_TYPE: Final = "application/problem+json"
FIELDS: Final = frozenset(
    {
        "act", "case_id", "to", "channel", "purpose", "by", "officer", "point", "debt",
        "collector", "template", "values", "text", "states", "place", "staff_count", "key",
        "outcome", "happened_at", "signs", "delivered_at", "receipt_hash", "contacts", "days",
        "grant_id", *("claimed_identity", "identity_stated", "human_reachable", "ai_disclosed"),
        *("outcomes", "discloses_debt", "states_amount", "visit_enters", "visit_recorded"),
        *("visit_identity_shown", "as_of_on", "days_past_due", "due_fen", "due_on"),
        *("reaches_others", "overdue_fen", "balance_fen", "Idempotency-Key"),
    }
)  # fmt: skip
"""Names that may be said; any other came from the caller."""


class Problem(Exception):  # noqa: N818 - what RFC 9457 calls it
    """An answer that is an error.

    Attributes:
        code: One of ``KINDS``.
        detail: A sentence of ours.
        field: The field it is about, or empty.
        why: For the journal alone.
        retry_after_seconds: When to come again; 0: not said.
    """

    def __init__(
        self, code: str, detail: str = "", field: str = "", why: str = "",
        retry_after_seconds: int = 0,
    ) -> None:  # fmt: skip
        self.code = code
        self.detail = detail
        self.field = field if field in FIELDS else ""
        self.why = why
        self.retry_after_seconds = retry_after_seconds
        super().__init__(code)

    @property
    def status(self) -> int:
        """The HTTP status."""
        return KINDS[self.code].status

    def as_json(self) -> dict[str, Any]:
        """Write it as RFC 9457 has it.

        Example:
            >>> Problem("case-unknown").as_json()["status"]
            404
        """
        told = {
            "type": f"urn:kuanxian:problem:{self.code}",
            "title": KINDS[self.code].title,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "field": self.field,
        }
        return {key: value for key, value in told.items() if value != ""}


def problem_of(error: errors.KuanxianError) -> Problem:
    """Turn an error of the gate into a problem."""
    detail = ": ".join(filter(None, (error.reason, error.advice)))
    if isinstance(error, errors.CaseError):
        return Problem("case-unknown")
    if isinstance(error, errors.RepeatedKeyError):
        return Problem("key-reused", "send another request under another key")
    if isinstance(error, errors.ClockError):
        return Problem("clock-skew", "try again once the clocks agree")
    if isinstance(error, errors.AddressBookError):
        return Problem("address-book", detail)
    if isinstance(error, errors.OutcomeError):
        return _of_outcome(error, detail)
    if isinstance(error, errors.ChannelError):
        signed = error.subject == "the signature"
        return Problem("signature-refused" if signed else "report-refused", detail)
    if isinstance(error, errors.TemplateError):
        # Its words may name a slot that the caller made up.
        said = "it has no such slot" if error.reason.startswith("no slot") else detail
        return Problem("proposal-refused", said, "values")
    if isinstance(error, errors.ProposalError):
        return _of_proposal(error, detail)
    if isinstance(error, errors.StoreError):
        return Problem("store-away")
    return Problem("defect")


def _of_proposal(error: errors.ProposalError, detail: str) -> Problem:
    if error.subject == "by" and error.reason == "not of this case":
        return Problem("case-unknown", why="its party is not on the case")
    if error.subject == "grant":
        return Problem("grant-withheld", error.reason)
    if error.subject == "case_id" and error.reason.startswith("too many"):
        return Problem("busy", "try again")
    return Problem("proposal-refused", detail, error.subject)


def _of_outcome(error: errors.OutcomeError, detail: str) -> Problem:
    if error.subject == "grant":
        if error.reason.startswith("another outcome"):
            return Problem("outcome-differs", detail)
        # Whether there is such a grant is nobody else's business.
        return Problem("grant-unknown", why=error.reason)
    return Problem("outcome-refused", detail, error.subject)
