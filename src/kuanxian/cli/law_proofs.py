"""``kuanxian law prove``: what holds of every decision, with a row where it does not."""

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kuanxian.cli.law_options import Country, Json, PolicyFile, Rules, load, print_json

if TYPE_CHECKING:
    from kuanxian.law.finding import Finding
    from kuanxian.law.prove import Proof
    from kuanxian.law.theorem import Theorem

_KINDS = {
    "theorem": "theorems hold",
    "alone": "rules can fire alone",
    "restates": "rules restate what they say they restate",
    "permit": "permits can permit",
    "narrows": "policy rules and figures narrow the law",
    "duty": "pairs of a duty and a prohibition do not clash",
}
Only = Annotated[
    str,
    typer.Argument(
        metavar="[WHAT]",
        help="A theorem, a rule, or a kind: theorem alone restates permit narrows duty.",
        show_default=False,
    ),
]


def prove_rules(
    only: Only = "",
    country: Country = "cn",
    rules: Rules = None,
    policy: PolicyFile = None,
    as_json: Json = False,
) -> None:
    """Prove the theorems of a rulebook and what every rulebook must keep.

    For each span of days between two changes and for all values of all facts, unknown
    included. A promise that does not hold is printed with a row that breaks it. Exit
    code 1 where there is one.

    \b
    Examples:
      kuanxian law prove
      kuanxian law prove theorem
      kuanxian law prove --policy house.toml narrows
    """  # noqa: D301 - the help page reads a real backspace
    from kuanxian.law.load import load_theorems
    from kuanxian.law.prove import prove

    started = time.process_time()
    book = load(country, rules, policy, widening=True)
    theorems = load_theorems(book, rules)
    proof = prove(book, theorems, only=only)
    asked = {one.id for one in proof.findings if one.kind == "theorem"}
    leaving = [one for one in theorems if one.without and one.id in asked]
    used_ms = round((time.process_time() - started) * 1000)
    if as_json:
        left_out = [{"theorem": t.id, "acts": t.without, "why": t.why} for t in leaving]
        print_json(_answer(proof, used_ms, book.hash) | {"left_out": left_out})
    else:
        _show_left_out(leaving)
        _show(proof, used_ms, book.hash)
    if proof.broken:
        raise typer.Exit(1)


def _answer(proof: "Proof", used_ms: int, rulebook: str) -> dict[str, Any]:
    return {
        "holds": {kind: proof.count(kind) for kind in _KINDS},
        "broken": [_finding(one) for one in proof.broken],
        "questions": proof.questions,
        "milliseconds": used_ms,
        "rulebook": rulebook,
    }


def _finding(one: "Finding") -> dict[str, Any]:
    row = None if one.row is None else {"lender_type": one.row.lender_type, **one.row.facts}
    return {
        "kind": one.kind, "id": one.id, "reason": one.reason, "days": one.span(), "row": row,
    }  # fmt: skip


def _show_left_out(theorems: "list[Theorem]") -> None:
    """Say of which acts a theorem about every act does not speak, and why, once a reason."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for one in theorems:
        reasons.setdefault((", ".join(one.without), one.why["en"]), []).append(one.id)
    for (acts, why), names in reasons.items():
        typer.echo(f"{', '.join(names)}: every act but {acts}. {why}")


def _show(proof: "Proof", used_ms: int, rulebook: str) -> None:
    for kind, words in _KINDS.items():
        if held := proof.count(kind):
            typer.echo(f"{held} {words}")
    for one in proof.broken:
        typer.echo(f"BROKEN {one.kind} {one.id} ({one.span()}): {one.reason}")
        if one.row is not None:
            typer.echo(f"    {one.row}")
    typer.echo(f"{proof.questions} questions, {used_ms} ms of processor time")
    typer.echo(f"rulebook {rulebook}")
