"""``kuanxian law list`` and ``show``: the rulebook as a person reads it."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated

import typer

from kuanxian.cli.law_options import Country, Json, PolicyFile, Rules, load, print_json
from kuanxian.cli.loan_words import Language, default_language

if TYPE_CHECKING:
    from kuanxian.law.rule import Rule
    from kuanxian.law.rulebook import Rulebook

Lang = Annotated[
    Language | None,
    typer.Option("--lang", help="zh or en. By default that of LANG.", show_default=False),
]


def list_rules(
    act: Annotated[str, typer.Option("--act", help="Only the rules that govern this act.")] = "",
    topic: Annotated[str, typer.Option("--topic", help="Only those of this folder.")] = "",
    country: Country = "cn",
    rules: Rules = None,
    policy: PolicyFile = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """List the rules of a country: verdict, days in force, and what each says.

    \b
    Examples:
      kuanxian law list --act contact
      kuanxian law list --topic credit_report --lang zh
      kuanxian law list --json
    """  # noqa: D301 - the help page reads a real backspace
    from kuanxian.law.answer import rule_answer
    from kuanxian.law.rule import show_days

    book = load(country, rules, policy)
    _refuse_unknown("--act", act, book.acts)
    _refuse_unknown("--topic", topic, {rule.topic for rule in book.rules})
    chosen = [
        rule
        for rule in book.rules
        if (not act or act in rule.acts) and (not topic or topic == rule.topic)
    ]
    if as_json:
        print_json([rule_answer(rule, book) for rule in chosen])
        return
    language = lang or default_language()
    for rule in sorted(chosen, key=lambda one: (one.id, one.from_on)):
        typer.echo(f"{rule.verdict:8}{rule.id}  ({show_days(rule)})")
        typer.echo(f"        {rule.says[language]}")
    typer.echo(f"{len(chosen)} rules; rulebook {book.hash}")


def show_rule(
    rule_id: Annotated[str, typer.Argument(metavar="ID", help="The rule, or the end of its id.")],
    country: Country = "cn",
    rules: Rules = None,
    policy: PolicyFile = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Show a rule: what it says, its article, its examples and its history.

    \b
    Examples:
      kuanxian law show cn.contact.quiet_hours
      kuanxian law show quiet_hours --lang zh
    """  # noqa: D301 - the help page reads a real backspace
    from kuanxian.law.answer import rule_answer

    book = load(country, rules, policy)
    versions = book.rule(_whole(rule_id, book))
    if as_json:
        print_json([rule_answer(rule, book) for rule in versions])
        return
    language = lang or default_language()
    for line in rule_lines(versions[0], book, language):
        typer.echo(line)
    from kuanxian.law.rule import show_days

    typer.echo("历史：" if language == "zh" else "History:")
    for rule in versions:
        typer.echo(f"  {show_days(rule)}  {rule.file}")


def _refuse_unknown(option: str, name: str, known: Collection[str]) -> None:
    """Refuse a name that is misspelt: an empty list would look like a gap in the law."""
    if name and name not in known:
        raise typer.BadParameter(f"there is no {name!r}; one of {', '.join(sorted(known))}",
                                 param_hint=option)  # fmt: skip


def _whole(rule_id: str, book: "Rulebook") -> str:
    """Complete a rule's id where only its end was given and one rule has it."""
    ends = {one.id for one in book.rules if one.id.endswith(f".{rule_id}")}
    if len(ends) > 1:
        raise typer.BadParameter(f"several rules end so: {', '.join(sorted(ends))}")
    return ends.pop() if ends else rule_id


def rule_lines(rule: "Rule", book: "Rulebook", language: str) -> list[str]:
    """Write a rule as lines for a person."""
    from kuanxian.law.article import say_article
    from kuanxian.law.shown import show_value
    from kuanxian.law.source import say_phrase
    from kuanxian.law.words import say

    chinese = language == "zh"
    catalogue = book.catalogue
    names = book.values.values()
    every = catalogue | {one.spec().name: one.spec() for one in names}
    every |= {one.spec.name: one.spec for one in book.parameters.values()}
    lines = [f"{rule.id}  {rule.verdict}", rule.says[language], ""]
    lines.append(("条件：" if chinese else "When: ") + say(rule.node, every, language))
    lines.append("  " + " ".join(rule.condition.split()))
    lines.append(("行为：" if chinese else "Acts: ") + ", ".join(rule.acts))
    if rule.requires:
        title = book.deeds[rule.requires].title[language]
        lines.append(("须：" if chinese else "Requires: ") + title)
    for source in rule.sources:
        title = book.instruments[source.instrument].title[language]
        article = say_article(source.article, language)
        lines.append(f"{'依据：' if chinese else 'Source: '}{title} {article}".rstrip())
        lines.append(f"  [{source.verified}] {say_phrase(source.phrase, language)}".rstrip())
    lines.append("例：" if chinese else "Examples:")
    for one in rule.examples:
        facts = ", ".join(
            f"{name} = {show_value(value, every[name], language)}"
            for name, value in one.facts.items()
        )
        lines.append(f"  {one.expect:8}{one.name}: {facts}")
    return lines
