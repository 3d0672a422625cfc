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
from kuanxian.outreach.voice import VoiceChannel
from kuanxian.outreach.wire import Pause
from kuanxian.vault.secret import SecretBytes

CALLS: Final = ("voice_human", "voice_ai")
"""Both go by one dialler, which knows from the script whether a person is to speak."""
KEY_VARIABLE: Final = "KUANXIAN_VOICE_KEY"

Make = Callable[[Mapping[str, Any], Mapping[str, str], Pause], Channel]


def open_channels(path: Path, environment: Mapping[str, str], pause: Pause) -> dict[str, Channel]:
    """Open the channels of a file.

    Args:
        path: The channel file.
        environment: Where secrets are looked up.
        pause: Waits between tries.

    Raises:
        ChannelError: The file cannot be used, or names a channel that is none.
    """
    told = read_config(path)
    stray = sorted(set(told) - set(_MAKE) - {"voice"})
    if stray:
        known = ", ".join((*_MAKE, "voice"))
        raise ChannelError(path.name, f"[{stray[0]}] is no channel", f"one of {known}")
    channels = {name: _MAKE[name](told[name], environment, pause) for name in _MAKE if name in told}
    if "voice" in told:
        channels |= dict.fromkeys(CALLS, open_voice(told["voice"], environment, pause))
    return channels


def open_voice(
    told: Mapping[str, Any], environment: Mapping[str, str], pause: Pause
) -> VoiceChannel:
    """Open the dialler of a table ``[voice]``, with the key that a variable holds.

    Raises:
        ChannelError: The table cannot be used, or the key is not there.
    """
    table = dict(told)
    variable = str(table.pop("key_variable", KEY_VARIABLE))
    if variable not in environment:
        raise ChannelError("voice", f"{variable} is not set", "set it to the dialler's key")
    return VoiceChannel(table, SecretBytes(environment[variable].encode()), pause)


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
