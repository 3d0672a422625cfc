"""The page for lawyers tells every rule, in the order of the articles."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from tools.lawyers_page import article_order

from kuanxian.law.load import load_rulebook


def test_every_rule_its_article_and_its_mark_are_on_the_page(root: Path) -> None:
    page = (root / "docs/reference/law/cn.zh.md").read_text("utf-8")
    for rule in load_rulebook("cn").rules:
        assert f"规则 `{rule.id}`" in page
        assert f"〔{rule.sources[0].verified} " in page
        assert rule.messages["borrower"]["zh"] in page


def test_every_link_of_the_page_leads_to_a_place_on_it(root: Path) -> None:
    page = (root / "docs/reference/law/cn.zh.md").read_text("utf-8")
    places = re.findall(r'<a id="([^"]+)"></a>', page)
    links = re.findall(r"\]\(#([^)]+)\)", page)
    assert len(places) == len(set(places))
    assert set(links) == set(places)


def test_articles_stand_in_their_order() -> None:
    rules = [rule for rule in load_rulebook("cn").rules if rule.sources[0].instrument == "pipl"]
    articles = [rule.sources[0].article for rule in sorted(rules, key=article_order)]
    numbered = [one for one in articles if re.search(r"第.+条", one)]
    assert numbered.index("第六条") < numbered.index("第十三条")
    assert len(numbered) > 5


@pytest.mark.parametrize(
    ("article", "number"),
    [("第六条", 6), ("第十条", 10), ("第二十九条", 29), ("第一百八十八条", 188),
     ("第一千零三十二条", 1032), ("5.3", 10**6)],
)  # fmt: skip
def test_a_chinese_numeral_is_read(article: str, number: int) -> None:
    rule = next(iter(load_rulebook("cn").rules))
    source = replace(rule.sources[0], article=article)
    assert article_order(replace(rule, sources=(source,)))[0] == number
