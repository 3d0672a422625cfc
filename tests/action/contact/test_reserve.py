"""Decisions that are written together: what becomes of each is its own."""

import json
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from tests.action.contact.conftest import Stage
from tests.action.contact.scene import Scene

from kuanxian.action.contact.decided import decision_body
from kuanxian.action.contact.gate import TOLERANCE_MS
from kuanxian.action.contact.ordered import order_of
from kuanxian.action.contact.proposal import Grant, Proposal
from kuanxian.action.contact.reserve import _CALL, Order, _told, reserve, reserve_each
from kuanxian.base.errors import ProposalError
from kuanxian.law.ask import day_of_act
from kuanxian.store.place import ADMIN


def ordered(scene: Scene, proposal: Proposal, **changed: Any) -> Order:
    """Decide a proposal as the gate does, and give what would be written of it."""
    gate, at = scene.gate, scene.clock()
    known = gate.read(proposal.case_id)
    decision, _ = gate.decide(proposal, known, at)
    grant = None
    if decision.allowed:
        until = at + 60_000_000
        grant = Grant(f"g-{proposal.key}", "", proposal.field or "", until, "", "")
    body = decision_body(proposal, decision, grant, at, day_of_act(gate.book, at))
    return order_of(proposal, known, body, grant, None)._replace(**changed)


def written(scene: Scene, orders: list[Order]) -> list[str | None]:
    """Write them together; give the word for each, None for busy."""
    return [one and one.outcome for one in reserve_each(scene.gate.app, orders)]


def test_each_of_a_group_has_an_outcome_of_its_own(scene: Scene) -> None:
    kept, moved, again, far, stopped, refused = (scene.case() for _ in range(6))
    first = scene.gate.propose(scene.call(again, key="again"))
    assert first.grant is not None
    behind = ordered(scene, scene.call(moved))
    for case in (moved, refused):
        scene.tell(case, {"kind": "stop", "person": "p-1", "step": "asked"})
    orders = [
        behind,
        ordered(scene, scene.call(kept)),
        ordered(scene, scene.call(again, key="again")),
        ordered(scene, scene.call(far), tolerance_ms=TOLERANCE_MS),
        ordered(scene, scene.call(stopped), use_stopped=True),
        ordered(scene, scene.call(refused)),
    ]
    assert orders[-1].fresh_seconds is None
    moved_, kept_, again_, far_, stopped_, refused_ = reserve_each(scene.gate.app, orders)
    assert moved_ == ("moved", None, None, None)
    assert far_ == ("clock", None, None, None)
    assert stopped_ == ("vault", None, None, None)
    assert kept_ is not None
    assert kept_.outcome == "kept"
    assert kept_.body is None
    assert kept_.opening
    assert again_ is not None
    assert (again_.outcome, again_.version) == ("repeated", orders[2].versions[0])
    assert again_.body is not None
    assert again_.opening == first.grant.opening
    assert refused_ == ("kept", orders[-1].versions[0] + 1, None, None)


def test_of_two_of_one_case_the_second_is_to_be_decided_anew(scene: Scene) -> None:
    case, other = scene.case(), scene.case()
    orders = [ordered(scene, scene.call(one)) for one in (case, case, other)]
    assert written(scene, orders) == ["kept", "moved", "kept"]
    assert written(scene, orders) == ["repeated", "moved", "repeated"]


def test_a_case_in_no_casework_takes_the_whole_group_back(scene: Scene) -> None:
    good = ordered(scene, scene.call(scene.case()))
    bad = ordered(scene, scene.call(scene.case()), case_id="c-nowhere")
    with pytest.raises(psycopg.Error, match="in no casework"):
        written(scene, [good, bad])
    with pytest.raises(ProposalError, match="in no casework"):
        reserve(scene.gate.app, bad)
    assert written(scene, [good]) == ["kept"]


def test_what_is_not_held_is_busy_and_the_others_go_on(scene: Scene) -> None:
    held, other = scene.case(), scene.case()
    orders = [ordered(scene, scene.call(one)) for one in (held, other)]
    with scene.gate.held(held):
        assert written(scene, orders) == [None, "kept"]
    assert written(scene, orders[:1]) == ["kept"]


TABLES = ("casework.cases", "casework.decision", "casework.agency", "vault.person",
          "vault.opening_grant", "journal.entry")  # fmt: skip
OIDS = sa.text("SELECT CAST(CAST(t AS regclass) AS oid) FROM unnest(CAST(:tables AS text[])) t")
SCANNED = sa.text("SELECT sum(pg_stat_get_xact_numscans(t)) FROM unnest(CAST(:oids AS oid[])) t")


def test_no_table_is_read_through_to_write_a_decision(stage: Stage, scene: Scene) -> None:
    with stage.database.engine(ADMIN).connect() as connection:
        oids = list(connection.scalars(OIDS, {"tables": list(TABLES)}))
    order = ordered(scene, scene.call(scene.case()))
    with scene.gate.app.connect() as connection:
        raw: Any = connection.connection.driver_connection
        told = json.dumps([_told(order)])
        ((word, *_),) = raw.execute(_CALL, (told, [order.body], True)).fetchall()
        assert word == "kept"
        assert connection.scalar(SCANNED, {"oids": oids}) == 0
