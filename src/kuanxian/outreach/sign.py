"""Sign: prove to the other side of a webhook who speaks, and refuse what was heard before.

The header is ``t=<seconds>,v1=<hex>``: HMAC-SHA256 over the seconds, a dot and the body.
"""

import hmac
import re
from typing import Final

from kuanxian.base.clocks import SKEW_SECONDS
from kuanxian.base.errors import ChannelError
from kuanxian.vault.secret import SecretBytes

HEADER: Final = "kuanxian-signature"
KEY_BYTES_MIN: Final = 32
"""As long as what HMAC-SHA256 gives: a shorter key is the easier thing to guess."""

_FORM: Final = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")


def check_key(key: SecretBytes, whose: str) -> SecretBytes:
    """Refuse a key that is too short to sign with.

    Raises:
        ChannelError: It is.
    """
    if len(key.reveal()) < KEY_BYTES_MIN:
        said = f"the key is shorter than {KEY_BYTES_MIN} bytes"
        raise ChannelError(whose, said, "make a new one")
    return key


def sign(body: bytes, key: SecretBytes, at_seconds: int) -> str:
    """Sign a body.

    Example:
        >>> sign(b"{}", SecretBytes(b"k" * 32), 1_764_000_000)[:15]
        't=1764000000,v1'
    """
    return f"t={at_seconds},v1={_tag(body, key, at_seconds)}"


def verify(body: bytes, key: SecretBytes, header: str, at_seconds: int) -> None:
    """Check a signature; a message can be played again for as long as clocks may be apart.

    Raises:
        ChannelError: It is missing, wrong, or of another time than now.
    """
    form = _FORM.fullmatch(header)
    if form is None:
        raise ChannelError("the signature", "missing or not of its form", f"send {HEADER}")
    signed_seconds = int(form.group(1))
    if not hmac.compare_digest(form.group(2), _tag(body, key, signed_seconds)):
        raise ChannelError("the signature", "does not fit the body and the key", "check the key")
    if abs(at_seconds - signed_seconds) > SKEW_SECONDS:
        raise ChannelError("the signature", "of another time than now", "check both clocks")


def _tag(body: bytes, key: SecretBytes, at_seconds: int) -> str:
    return hmac.new(key.reveal(), b"%d.%s" % (at_seconds, body), "sha256").hexdigest()
