"""Letters wait in a folder that only its owner can look into."""

import json
from pathlib import Path

import pytest
from tests.outreach.parties import NOW, Vault, order

from kuanxian.base.errors import ChannelError
from kuanxian.outreach import Handle, Opener, State
from kuanxian.outreach.inapp import InAppChannel, Laid
from kuanxian.outreach.post import PostChannel

ADDRESS = Handle("p-1", "address", "notice", "g-1")


def test_a_letter_waits_until_it_is_printed(tmp_path: Path, opener: Opener) -> None:
    post = PostChannel(tmp_path / "queue")
    receipt = post.send(order(to=ADDRESS, subject="告知书"), opener, NOW)
    assert (receipt.state, post.waiting()) == (State.ACCEPTED, ["o-1"])
    letter = tmp_path / "queue/o-1.json"
    assert json.loads(letter.read_text("utf-8"))["address"] == "address-made-up"
    assert letter.stat().st_mode & 0o077 == 0
    post.printed("o-1")
    post.printed("o-1")
    assert post.waiting() == []


def test_the_same_order_is_one_letter_and_one_opening(
    tmp_path: Path, opener: Opener, vault: Vault
) -> None:
    post = PostChannel(tmp_path / "queue")
    assert post.send(order(to=ADDRESS), opener, NOW) == post.send(order(to=ADDRESS), opener, NOW)
    assert vault.opened == [ADDRESS]


def test_an_expired_letter_is_not_queued(tmp_path: Path, opener: Opener, vault: Vault) -> None:
    post = PostChannel(tmp_path / "queue")
    assert post.send(order(to=ADDRESS, expires_at=NOW), opener, NOW).state is State.EXPIRED
    assert (post.waiting(), vault.opened) == ([], [])


def test_an_order_cannot_leave_the_folder(tmp_path: Path, opener: Opener) -> None:
    post = PostChannel(tmp_path / "queue")
    with pytest.raises(ChannelError, match="cannot name a file"):
        post.send(order(to=ADDRESS, order_id="../o-1"), opener, NOW)


def test_a_folder_that_others_can_look_into_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with pytest.raises(ChannelError, match="chmod 700"):
        PostChannel(tmp_path)


def test_an_in_app_message_opens_nothing(opener: Opener, vault: Vault) -> None:
    laid: list[Laid] = []
    channel = InAppChannel(laid.append)
    receipt = channel.send(order(text="您好"), opener, NOW)
    assert (receipt.state, receipt.delivered_at) == (State.ACCEPTED, None)
    assert laid == [Laid("o-1", "00000000000", "", "您好", NOW)]
    assert vault.opened == []
    assert channel.send(order(expires_at=NOW), opener, NOW).state is State.EXPIRED
    with pytest.raises(ChannelError, match="no sealed slots"):
        channel.send(order(text="{name}", sealed={"name": ADDRESS}), opener, NOW)
