"""Every phrase quoted from a law whose text is at hand stands in the article it is quoted from."""

import re
import tomllib
from pathlib import Path

import pytest

from kuanxian.law.source import UNREAD

pytestmark = pytest.mark.real

RULES = Path(__file__).parents[2] / "rules/cn"
CIVIL = ("总则.md", "合同编.md", "人格权编.md", "婚姻家庭编.md", "继承编.md")
TEXTS = {
    "civil-code": CIVIL,
    "pipl": ("个人信息保护法(2021-08-20).md",),
    "criminal-law": ("刑法.md",),
    "anti-telecom-fraud": ("反电信网络诈骗法(2022-09-02).md",),
    "public-security-2025": ("治安管理处罚法(2025修订,2026-01-01施行).md",),
    "credit-regulation": ("征信业管理条例(2013-01-21).md",),
    "network-data": ("网络数据安全管理条例(2024-09-24).md",),
    "cybersecurity-law-2025": ("网络安全法(2025修正).md",),
    "data-security": ("数据安全法(2021-06-10).md",),
    "consumer-rights": ("消费者权益保护法(2013-10-25).md",),
    "private-lending-2020": (
        "最高人民法院关于审理民间借贷案件适用法律若干问题的规定(2020-12-29).md",
    ),
    "private-lending-reply": ("最高人民法院关于新民间借贷司法解释适用范围问题的批复.md",),
    "contract-interpretation-2023": (
        "最高人民法院关于适用《民法典》合同编通则若干问题的解释(2023-12-04).md",
    ),
    "pi-crime-2017": (
        "最高人民法院、最高人民检察院关于办理侵犯公民个人信息刑事案件适用法律若干问题的解释(2017-05-08).md",
    ),
}
HEADING = re.compile(
    r"^\**(第[一二三四五六七八九十百千零]+条(?:之[一二三四五六七八九十]+)?)\**[\s　]"
)


def squeeze(text: str) -> str:
    """Keep letters and digits only, so that spaces and punctuation cannot differ."""
    return re.sub(r"[\W_]+", "", text)


def articles(text: str) -> dict[str, str]:
    """Cut a law into its articles; a reply of the court has none and stays whole."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        if heading := HEADING.match(line):
            lines = found.setdefault(heading.group(1), [])
        elif line.startswith("#"):
            lines = []
        lines.append(line)
    if not found:
        return {"": squeeze(text)}
    return {name: squeeze("".join(body)) for name, body in found.items()}


def quoted() -> list[tuple[str, dict[str, str]]]:
    """List each source of each rule that is marked as read and whose text is at hand."""
    return [
        (str(path.relative_to(RULES)), source)
        for path in sorted(RULES.glob("*/*.toml"))
        for source in tomllib.loads(path.read_text(encoding="utf-8")).get("source", ())
        if source["verified"] == "V1" and source.get("instrument") in TEXTS
    ]


def stands(source: dict[str, str], laws: Path) -> bool:
    """Say whether the pieces of a phrase stand, in order, in the named article."""
    bodies = [
        articles((laws / name).read_text(encoding="utf-8")) for name in TEXTS[source["instrument"]]
    ]
    named = re.findall(
        r"第[一二三四五六七八九十百千零]+条(?:之[一二三四五六七八九十]+)?", source["article"]
    )
    named = named or [""]
    pieces = [squeeze(piece) for piece in re.split("…+", source["phrase"])]
    pattern = re.compile(".*".join(map(re.escape, pieces)))
    return any(pattern.search(body[name]) for body in bodies for name in named if name in body)


def test_every_phrase_of_a_law_that_was_read_stands_in_its_article(shared: Path) -> None:
    sources = quoted()
    assert len(sources) >= 50
    wrong = [
        (file, source["article"], source["phrase"])
        for file, source in sources
        if not stands(source, shared / "data/laws")
    ]
    assert wrong == []


def test_a_phrase_changed_by_one_word_is_found_out(shared: Path) -> None:
    source = {"instrument": "pipl", "article": "第十五条", "phrase": "个人有权撤回其同意"}
    assert stands(source, shared / "data/laws")
    assert not stands({**source, "phrase": "个人无权撤回其同意"}, shared / "data/laws")
    assert not stands({**source, "article": "第十六条"}, shared / "data/laws")


def rows(shared: Path) -> dict[str, str]:
    """Read the rows of the collected regulations, by their key."""
    lines = (shared / "facts/regulations-cn.md").read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.split("|")] for line in lines if line.startswith("|")]
    return {row[1]: squeeze("".join(row[2:])) for row in cells if len(row) > 2}


def test_every_phrase_that_was_not_read_in_the_law_stands_in_its_collected_row(
    shared: Path,
) -> None:
    collected = rows(shared)
    wrong = [
        (path.name, source["key"], source["phrase"])
        for path in sorted(RULES.glob("*/*.toml"))
        for part in ("source", "value")
        for source in tomllib.loads(path.read_text(encoding="utf-8")).get(part, ())
        if source["verified"] in {"V2", "V3", "U", "D"}
        if source.get("phrase", UNREAD) != UNREAD
        if not all(
            squeeze(piece) in collected.get(source["key"], "")
            for piece in re.split("…+", source["phrase"])
        )
    ]
    assert wrong == []
