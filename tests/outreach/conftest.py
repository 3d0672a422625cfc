"""What the tests of channels share."""

from collections.abc import Callable, Iterator

import pytest
from tests.outreach.parties import Listener, Vault

from kuanxian.outreach import Opener
from kuanxian.outreach.simulator.server import Asked, Said, Server


@pytest.fixture
def vault() -> Vault:
    return Vault()


@pytest.fixture
def opener(vault: Vault) -> Opener:
    return vault.open


@pytest.fixture
def listener() -> Iterator[Listener]:
    listening = Listener()

    def hear(asked: Asked) -> Said:
        listening.heard.append(asked)
        return Said(200, {})

    with Server(hear) as server:
        listening.url = server.url
        yield listening


@pytest.fixture
def pauses() -> list[int]:
    return []


@pytest.fixture
def pause(pauses: list[int]) -> Callable[[int], None]:
    return pauses.append
