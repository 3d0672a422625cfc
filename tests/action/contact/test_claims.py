"""What stands in one place only: a debtor and a loan in one case, a collector with one party."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from tests.action.contact.scene import NUMBERS, Scene, case_told

from kuanxian.action.contact.record import add, open_case
from kuanxian.base.errors import CaseError

TENANT = "lender-claims"


def renamed(**names: str) -> dict[str, Any]:
    """Tell a case whose debtor, debt and collectors have these names, or new ones."""
    number = next(NUMBERS)
    text = json.dumps(case_told())
    for old in ("p-1", "d-1", "c-1", "c-2"):
        new = names.get(old.replace("-", "_"), f"{old}x{number}")
        text = text.replace(f'"{old}"', f'"{new}"')
    return dict(json.loads(text))


def opened(scene: Scene, told: dict[str, Any]) -> str:
    case_id = f"case-{next(NUMBERS)}"
    open_case(scene.gate, case_id, told, tenant=TENANT, actor="system:test")
    return case_id


def test_a_second_case_of_a_debtor_is_refused_and_told_where_the_debt_goes(scene: Scene) -> None:
    first = opened(scene, renamed(p_1="p-one"))
    with pytest.raises(CaseError, match=f"add the debt to {first}"):
        opened(scene, renamed(p_1="p-one"))


def test_a_loan_is_in_one_case_whoever_its_debtor_is_said_to_be(scene: Scene) -> None:
    first = opened(scene, renamed(d_1="loan-1"))
    with pytest.raises(CaseError, match=f"its loan is in {first}"):
        opened(scene, renamed(d_1="loan-1"))
    told = renamed(p_1="p-two")
    second = opened(scene, told)
    more = {"debts": [{"id": "loan-1", "debtor": "p-two"}]}
    with pytest.raises(CaseError, match=f"its loan is in {first}"):
        add(scene.gate, second, more, key="more", actor="system:test")
    add(scene.gate, second, {"debts": [{"id": "loan-2", "debtor": "p-two"}]}, key="2", actor="t")


def test_a_case_has_no_second_debtor_by_adding_one(scene: Scene) -> None:
    case_id = opened(scene, renamed())
    with pytest.raises(CaseError, match="it has not one debtor"):
        add(
            scene.gate, case_id, {"people": [{"id": "p-new", "role": "debtor"}]}, key="k", actor="t"
        )


def test_a_collector_works_for_one_party_in_all_cases(scene: Scene) -> None:
    opened(scene, renamed(c_1="c-one"))
    opened(scene, renamed(c_1="c-one"))
    with pytest.raises(CaseError, match="its collector works for a-1"):
        opened(scene, renamed(c_2="c-one"))


def test_the_same_case_again_is_no_second_case(scene: Scene) -> None:
    told = renamed()
    case_id = opened(scene, told)
    open_case(scene.gate, case_id, told, tenant=TENANT, actor="system:test")


def test_of_many_who_open_a_case_of_a_debtor_at_once_one_does(scene: Scene) -> None:
    debtor = f"p-race{next(NUMBERS)}"
    start = Barrier(8)

    def open_one(_: int) -> bool:
        mine = renamed(p_1=debtor)
        start.wait()
        try:
            opened(scene, mine)
        except CaseError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(open_one, range(8))) == 1
