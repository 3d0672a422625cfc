"""What the tests of screening share."""

import pytest

from kuanxian.screen import Screen, load_screen
from kuanxian.screen.folder import screen_folder


@pytest.fixture(scope="session")
def screen() -> Screen:
    return load_screen(screen_folder("cn"))
