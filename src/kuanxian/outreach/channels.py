"""Channels: those of a channel file, ready to send.

A channel that the file does not name is not there, and nothing is sent by it.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from kuanxian.base.errors import ChannelError
from kuanxian.outreach.config import Table, read_config
from kuanxian.outreach.inapp import InAppChannel
from kuanxian.outreach.mail import MailChannel
from kuanxian.outreach.order import Channel
from kuanxian.outreach.post import PostChannel
from kuanxian.outreach.sms import SmsChannel
from kuanxian.outreach.wire import Pause

Make = Callable[[Mapping[str, Any], Mapping[str, str], Pause], Channel]


def open_channels(path: Path, environment: Mapping[str, str], pause: Pause) -> dict[str, Channel]:
    """Open the channels of a file.

    Args:
        path: The channel file.
        environment: Where secrets are looked up.
        pause: Waits between tries.

    Raises:
        ChannelError: The file cannot be used, or names a channel by which no message goes.
    """
    told = read_config(path)
    stray = sorted(set(told) - set(_MAKE) - {"voice"})
    if stray:
        raise ChannelError(path.name, f"[{stray[0]}] is no channel", f"one of {', '.join(_MAKE)}")
    return {name: _MAKE[name](told[name], environment, pause) for name in _MAKE if name in told}


def _post(told: Mapping[str, Any], _: Mapping[str, str], __: Pause) -> Channel:
    table = Table("letter", told)
    queue = Path(table.text("queue"))
    table.done()
    return PostChannel(queue)


def _in_app(told: Mapping[str, Any], _: Mapping[str, str], __: Pause) -> Channel:
    Table("in_app", told).done()
    return InAppChannel()


_MAKE: Final[Mapping[str, Make]] = {
    "sms": SmsChannel,
    "in_app": _in_app,
    "email": lambda told, environment, _: MailChannel(told, environment),
    "letter": _post,
}
