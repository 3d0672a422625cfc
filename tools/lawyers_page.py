"""Write the rulebook as a page a lawyer reads: text by text, article by article.

`docs/reference/law/<country>.zh.md` comes out of the rule files; nothing in it is written
by hand. `tools/reference.py` writes it with the other pages and checks that it is current.
"""

import re
from collections.abc import Iterator

from kuanxian.base.days import date_of
from kuanxian.law.article import say_article
from kuanxian.law.facts import FactSpec
from kuanxian.law.load import load_rulebook, load_theorems
from kuanxian.law.rule import Rule, Value, show_days
from kuanxian.law.rulebook import Rulebook
from kuanxian.law.source import say_phrase
from kuanxian.law.tree import Compare, Fact, IsNull, Kind, Literal, Node, Not
from kuanxian.law.words import say

VERDICTS = {
    "forbid": "禁止", "require": "须先完成", "refer": "转人工", "warn": "提示", "inform": "告知",
    "permit": "依据（可以）",
}  # fmt: skip
AUTHORITIES = {
    "law": "法律", "administrative-regulation": "行政法规", "department-rule": "部门规章",
    "normative": "规范性文件", "judicial": "司法解释与司法文件",
    "recommended-standard": "推荐性标准", "self-regulation": "自律规范",
    "firm-policy": "机构内部规定（不是法律）", "draft": "征求意见稿",
}  # fmt: skip
MARKS = {
    "V1": "原文已核", "V2": "可靠的二手转述，条文原文未读", "V3": "较弱的二手来源",
    "U": "未核，凭记忆", "P": "内部规定", "D": "草案",
}  # fmt: skip
EXPECTED = {"fires": "触发", "holds": "不触发", "unknown": "事实不详"}
UNKNOWNS = {"block": "从严处理，视同触发", "warn": "仅提示", "silent": "不作处理"}


def lawyers_page(country: str) -> str:
    """Write a country's rulebook in Chinese, text by text in the order of authority."""
    book = load_rulebook(country)
    parts = [_head(book), _contents(book), *_theorems(book)]
    for title, texts in _texts(book):
        parts += [f"## {title}", *(_chapter(book, text) for text in texts)]
    return "\n\n".join(parts) + "\n"


def _texts(book: Rulebook) -> Iterator[tuple[str, list[str]]]:
    """Give the texts that a rule leads with, in the order of authority."""
    leading = {rule.sources[0].instrument for rule in book.rules}
    for authority, title in AUTHORITIES.items():
        texts = [one.key for one in book.instruments.values()
                 if one.authority == authority and one.key in leading]  # fmt: skip
        if texts:
            yield title, texts


def _contents(book: Rulebook) -> str:
    """List the texts, each with its rules as links."""
    parts = ["## 目录"]
    for title, texts in _texts(book):
        lines = []
        for key in texts:
            own = _led_by(book, key)
            lines.append(f"- [{book.instruments[key].title['zh']}](#text-{key})（{len(own)} 条）")
            lines += [f"  - {_link(rule, book)} {rule.says['zh']}" for rule in own]
        parts += [f"**{title}**", "\n".join(lines)]
    return "\n\n".join(parts)


def _led_by(book: Rulebook, key: str) -> list[Rule]:
    """Give the rules that stand on a text first, article by article."""
    own = [rule for rule in book.rules if rule.sources[0].instrument == key]
    return sorted(own, key=lambda rule: (article_order(rule), rule.id, rule.from_on))


def _anchor(rule: Rule, book: Rulebook) -> str:
    """Name a rule's place on the page; of several versions the newest has the rule's own."""
    newest = max(one.from_on for one in book.rules if one.id == rule.id)
    return rule.id if rule.from_on == newest else f"{rule.id}.{date_of(rule.from_on).isoformat()}"


def _link(rule: Rule, book: Rulebook) -> str:
    anchor = _anchor(rule, book)
    return f"[`{anchor.removeprefix(book.country.id + '.')}`](#{anchor})"


def _head(book: Rulebook) -> str:
    examples = sum(len(rule.examples) for rule in book.rules)
    return (
        f"# {book.country.title['zh']}规则汇编\n\n"
        f"共 {len(book.rules)} 条规则、{examples} 个例子，按所依据的文本、条文排列；"
        "一条规则有几项依据的，排在其条件所依据的一项之下。每条规则一个文件，本页由这些文件生成。这不是法律意见。\n\n"
        "核对标记：" + "；".join(f"{mark} {words}" for mark, words in MARKS.items()) + "。\n"
        "弱于 V2 的依据只作提示或转人工，除非标明为机构内部规定。事实不详时从严处理，除非另有说明。"
    )


def _theorems(book: Rulebook) -> list[str]:
    lines = [f"- {one.says['zh']}（`{one.id}`）" for one in load_theorems(book)]
    head = "## 已证明的性质\n\n以下各条对一切事实取值（含不详）成立，由求解器证明："
    return [head, "\n".join(lines)] if lines else []


def _chapter(book: Rulebook, key: str) -> str:
    text = book.instruments[key]
    about = [f"发布：{text.issuer}"]
    about += [f"{date_of(text.published_on).isoformat()} 公布"] if text.published_on else []
    about += [f"{date_of(text.from_on).isoformat()} 起施行"] if text.from_on else []
    head = f'<a id="text-{key}"></a>\n\n### {text.title["zh"]}\n\n{"；".join(about)}。'
    parts = [head, *_elsewhere(book, key), *(_entry(book, rule) for rule in _led_by(book, key))]
    return "\n\n".join(parts)


def _elsewhere(book: Rulebook, key: str) -> Iterator[str]:
    """Name the rules that stand on this text too, and are told under another."""
    named = [
        f"{_link(rule, book)}（{say_article(source.article, 'zh') or '无条号'}）"
        for rule in book.rules if rule.sources[0].instrument != key
        for source in rule.sources if source.instrument == key
    ]  # fmt: skip
    if named:
        yield f"另以本文本为依据、列在其他文本之下的规则：{'、'.join(named)}。"


def article_order(rule: Rule) -> tuple[int, str]:
    """Give the place of a rule's article: 第二十九条 is the 29th; a number not read is last."""
    article = rule.sources[0].article
    found = re.search(r"第([零一二三四五六七八九十百千]+)条", article)
    return (_number(found.group(1)) if found else 10**6, article)


def _number(text: str) -> int:
    """Read a Chinese numeral below ten thousand."""
    total, digit = 0, 0
    for sign in text:
        if sign in "十百千":
            total += (digit or 1) * 10 ** ("十百千".index(sign) + 1)
            digit = 0
        else:
            digit = "零一二三四五六七八九".index(sign)
    return total + digit


def _entry(book: Rulebook, rule: Rule) -> str:
    article = rule.sources[0].article
    lines = [
        f'<a id="{_anchor(rule, book)}"></a>\n\n#### {article} · {rule.says["zh"]}',
        f"规则 `{rule.id}`，{show_days(rule)}。**{VERDICTS[rule.verdict]}**：{_acts(book, rule)}。",
        *_requires(book, rule),
        f"- 条件：{say(rule.node, _names(book), 'zh')}。",
        *(f"- 依据：{line}" for line in _sources(book, rule)),
        f"- 事实不详时：{UNKNOWNS[rule.unknown]}。{rule.unknown_why.get('zh', '')}",
        *_presumed(book, rule),
        f"- 对当事人说：{rule.messages['borrower']['zh']}",
        "- 例：",
        *(f"  - {line}。" for line in _examples(book, rule)),
    ]
    return f"{lines[0]}\n\n{lines[1]}\n\n" + "\n".join(lines[2:])


def _acts(book: Rulebook, rule: Rule) -> str:
    acts = "、".join(book.acts[act].title["zh"] for act in rule.acts)
    if rule.lender_types == ("any",):
        return acts
    types = "、".join(book.country.lender_types[one]["zh"] for one in rule.lender_types)
    return f"{acts}；限于{types}"


def _requires(book: Rulebook, rule: Rule) -> Iterator[str]:
    if rule.requires:
        yield f"- 要求：{book.deeds[rule.requires].title['zh']}。"
    if rule.restates:
        yield f"- 重申：{'、'.join(f'`{one}`' for one in rule.restates)}。"
    if rule.narrows:
        yield f"- 严于：`{rule.narrows}`。"


def _sources(book: Rulebook, rule: Rule) -> Iterator[str]:
    for source in rule.sources:
        title = book.instruments[source.instrument].title["zh"]
        phrase = say_phrase(source.phrase, "zh")
        article = say_article(source.article, "zh")
        yield f"《{title}》{article}{phrase}〔{source.verified} {MARKS[source.verified]}〕"


def _presumed(book: Rulebook, rule: Rule) -> Iterator[str]:
    if rule.presumption:
        kind = "违反" if rule.presumption.of == "violation" else "合规"
        yield f"- 推定{kind}；可推翻：{say(rule.presumption.node, _names(book), 'zh')}。"


def _examples(book: Rulebook, rule: Rule) -> Iterator[str]:
    names = _names(book)
    for one in rule.examples:
        facts = "，".join(
            say(_is(names[name], value), names, "zh") for name, value in one.facts.items()
        )
        yield f"{facts or '一无所知'} → {EXPECTED[one.expect]}"


def _is(spec: FactSpec, value: Value) -> Node:
    """Make the condition that a fact has a value, to be said in its own words."""
    fact = Fact(spec.name)
    if value is None:
        return IsNull(fact)
    if isinstance(value, bool):
        return fact if value else Not(fact)
    kind = Kind.TEXT if spec.type == "enum" else Kind(spec.type)
    return Compare("=", fact, Literal(kind, value))


def _names(book: Rulebook) -> dict[str, FactSpec]:
    found: dict[str, FactSpec] = dict(book.catalogue)
    found |= {one.spec().name: one.spec() for one in book.values.values()}
    return found | {one.spec.name: one.spec for one in book.parameters.values()}
