"""A shipped notice says everything the law asks of one, names who it must, and is not changed."""

import tomllib

import pytest

from kuanxian.base.errors import ConsentError
from kuanxian.vault import notice_text
from kuanxian.vault.notice_text import FILE, LANGUAGES, Named, shipped_notice, template
from kuanxian.vault.purposes import purposes
from kuanxian.vault.values import FIELDS

NAMED = Named("某某消费金融有限公司", "400-000-0000", "某某征信有限公司, 400-000-0001")
PURPOSES = sorted(purposes())
PIECES = {"title", "purpose", "data", "way", "to", "kept", "again", "withdraw", "more"}
SAID = {
    "zh-Hans": ("谁在处理", "为了什么", "哪些信息", "怎样处理", "提供给谁", "保存多久",
                "可以不同意", "怎样撤回", "您的权利", "更正", "删除"),
    "en": ("Who processes", "What for", "Which data", "How:", "Who else", "For how long",
           "may say no", "How to withdraw", "Your rights", "correct", "delete"),
}  # fmt: skip
WORDS = {
    "name": ("姓名", "name"), "phone": ("手机号码", "mobile number"), "email": ("邮箱", "e-mail"),
    "identity_number": ("身份证件号码", "identity number"),
}  # fmt: skip


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_notice_says_all_that_is_asked_of_one(purpose: str, language: str) -> None:
    notice = shipped_notice(purpose, language, NAMED)
    assert (notice.purpose, notice.language) == (purpose, language)
    for words in (*SAID[language], NAMED.lender, NAMED.reach):
        assert words in notice.body
    assert "{" not in notice.body
    assert notice.digest().startswith(notice.notice_id.split("-")[1])
    one = purposes()[purpose]
    for field in one.fields:
        assert WORDS[field][language == "en"] in notice.body, field
    assert bool(one.recipients) is (NAMED.recipient in notice.body)
    days = (
        str(one.asks_again_days) if one.asks_again_days else ("不再询问", "never")[language == "en"]
    )
    assert days in notice.body
    if any(FIELDS[field].sensitive for field in one.fields) or one.sensitive:
        assert ("敏感", "sensitive")[language == "en"] in notice.body


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_notice_promises_no_link_and_no_page(purpose: str, language: str) -> None:
    body = shipped_notice(purpose, language, NAMED).body.lower()
    assert not [word for word in ("链接", "页面", "点“", "link", "page", "press") if word in body]
    is_contact = purposes()[purpose].role == "contact"
    assert is_contact is (("停止口令", "stop word")[language == "en"] in body)


def test_every_purpose_has_one_and_there_is_no_other() -> None:
    told = tomllib.loads(FILE.read_text("utf-8"))
    assert sorted(told["notice"]) == PURPOSES
    for notice in told["notice"].values():
        assert set(notice["zh"]) == set(notice["en"]) == PIECES


def test_words_changed_without_a_new_version_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    told = tomllib.loads(FILE.read_text("utf-8"))
    told["notice"]["marketing"]["zh"]["kept"] = "永远"
    monkeypatch.setattr(notice_text, "_file", lambda: told)
    with pytest.raises(ConsentError, match="not those of version 2"):
        template("marketing", "zh-Hans")
    assert template("marketing", "en")[0] == 2


LACKING = [("marketing", NAMED._replace(lender=" "), "lender"),
           ("marketing", NAMED._replace(reach=""), "reach"),
           ("share_processor", NAMED._replace(recipient=""), "recipient"),
           ("marketing", NAMED._replace(lender="x\ny"), "lender"),
           ("marketing", NAMED._replace(reach="1" * 201), "reach")]  # fmt: skip


PERSONS = [NAMED._replace(lender="王小明 17405550001"), NAMED._replace(reach="妈妈 174-0555-0005"),
           NAMED._replace(lender="某公司 4006660001，4006660002"),
           NAMED._replace(recipient="110101180002290012 某人")]  # fmt: skip


@pytest.mark.parametrize("named", PERSONS)
def test_a_notice_takes_no_numbers_of_people(named: Named) -> None:
    with pytest.raises(ConsentError, match="holds a mobile, an identity number, or several"):
        shipped_notice("share_processor", "en", named)


@pytest.mark.parametrize(("purpose", "named", "what"), LACKING)
def test_a_notice_that_does_not_name_whom_it_must_is_none(
    purpose: str, named: Named, what: str
) -> None:
    with pytest.raises(ConsentError, match=f"the {what} it must name"):
        shipped_notice(purpose, "zh-Hans", named)
    for other in (("everything", "en"), ("marketing", "fr")):
        with pytest.raises(ConsentError):
            template(*other)
