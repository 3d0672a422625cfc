"""Whose data are restricted, frozen or erased is contacted no more, from the next decision on."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from tests.action.contact.conftest import Stage
from tests.action.contact.scene import Scene
from tests.action.contact.test_gate import rules

from kuanxian.action.agenda import agenda
from kuanxian.action.contact.windows import windows
from kuanxian.store.roles import VAULT
from kuanxian.vault.contact import nominate, stop, stop_token
from kuanxian.vault.erase import erase_person
from kuanxian.vault.keeper import Keeper
from kuanxian.vault.keys import HeldKeys, new_key
from kuanxian.vault.people import add_person, put_value
from kuanxian.vault.retention import Duty, read_clocks
from kuanxian.vault.rights import delete_or_freeze, release, restrict
from kuanxian.vault.secret import SecretBytes

RULE = "cn.data.use_stopped"
TODAY = date(2026, 11, 25)
DUTY = Duty(read_clocks()[0], date(2030, 1, 1))
STOPS: dict[str, Callable[[Keeper, str], object]] = {
    "restricted": restrict,
    "frozen": lambda keeper, person: delete_or_freeze(keeper, person, [DUTY], TODAY),
    "erased": lambda keeper, person: erase_person(keeper, person, "request", TODAY),
}


@pytest.fixture
def keepers(stage: Stage) -> Iterator[Callable[[str], Keeper]]:
    """Give the vault of a case's lender, with its debtor and the contact in it."""
    engine = stage.database.engine(VAULT)

    def keeper_of(case_id: str) -> Keeper:
        keeper = Keeper(
            case_id.replace("case", "lender"), engine, HeldKeys({"k1": new_key()}, "k1"),
            SecretBytes(bytes(32)), SecretBytes(bytes(range(32))), "officer-9",
        )  # fmt: skip
        add_person(keeper, "p-1")
        return keeper

    yield keeper_of
    engine.dispose()


@pytest.mark.parametrize("stop", STOPS.values(), ids=STOPS.keys())
def test_a_stop_in_the_vault_holds_at_the_next_decision(
    scene: Scene, keepers: Callable[[str], Keeper], stop: Callable[[Keeper, str], object]
) -> None:
    case = scene.case()
    keeper = keepers(case)
    before = scene.call(case)
    assert scene.gate.propose(before).allowed
    stop(keeper, "p-1")
    # Without a look at the case, an evening or a word to it: in every channel, for an answer too.
    scene.tell(case, {"kind": "inbound", "person": "p-1"})
    for proposal in (scene.call(case), scene.sms(case), scene.call(case, purpose="answer")):
        answer = scene.gate.propose(proposal)
        assert (answer.verdict, RULE in rules(answer)) == ("forbidden", True)
    assert scene.gate.propose(before).became == "withdrawn"
    assert not windows(scene.gate, scene.call(case)).open
    asked = agenda(scene.gate, case, {}, [scene.call(case)]).windows
    assert RULE in asked[0].closed_by


def test_a_restriction_that_is_lifted_is_known_at_once_too(
    scene: Scene, keepers: Callable[[str], Keeper]
) -> None:
    case = scene.case()
    keeper = keepers(case)
    restrict(keeper, "p-1")
    assert RULE in rules(scene.gate.propose(scene.call(case)))
    release(keeper, "p-1")
    answer = scene.gate.propose(scene.call(case))
    assert answer.verdict == "allowed"


def test_no_third_person_is_spoken_to_about_whoever_stopped_the_use(
    scene: Scene, keepers: Callable[[str], Keeper]
) -> None:
    case = scene.case()
    restrict(keepers(case), "p-1")
    call = scene.call(case, to="p-2", point="pt-2", purpose="pass_message")
    assert RULE in rules(scene.gate.propose(call))


def test_a_number_that_said_no_is_stopped_under_whichever_debtor_it_was_named(
    scene: Scene, keepers: Callable[[str], Keeper]
) -> None:
    case = scene.case()
    keeper = keepers(case)
    add_person(keeper, "p-7")
    for debtor, contact in (("p-1", "p-2"), ("p-7", "c-7")):
        nominate(keeper, debtor, contact, "pass_message")
        put_value(keeper, contact, "phone", "17405000077")
    call = scene.call(case, to="p-2", point="pt-2", purpose="pass_message")
    assert RULE not in rules(scene.gate.propose(call))
    stop(keeper, stop_token(keeper, "c-7"), datetime(2024, 3, 1, tzinfo=UTC))
    again = scene.call(case, to="p-2", point="pt-2", purpose="pass_message")
    assert RULE in rules(scene.gate.propose(again))
