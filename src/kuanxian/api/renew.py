"""Renew: another rulebook takes the place of the one that a running server decides by.

The server reads its rules and the firm's policy again when it is sent SIGHUP. What is broken,
contradicts itself or proves less than it must is told and changes nothing.
"""

import signal
from collections.abc import Callable
from threading import Lock, Thread

from kuanxian.action.contact.gate import Gate
from kuanxian.base.errors import KuanxianError
from kuanxian.law.holder import Holder


def renew(gate: Gate, holder: Holder, tell: Callable[[str], None]) -> None:
    """Read the rules again, and decide by them where they are whole and proved.

    Args:
        gate: The door.
        holder: Knows where the rules are, and holds those in force.
        tell: Is told what became of it, a line.
    """
    try:
        gate.adopt(holder.adopt())
    except (KuanxianError, OSError, RuntimeError) as error:
        tell(f"error: {error}\nthe rulebook before stays in force: {gate.book.hash}")
    else:
        tell(f"rulebook in force: {gate.book.hash}")


def renew_on_hangup(gate: Gate, holder: Holder, tell: Callable[[str], None]) -> None:
    """Do so at each SIGHUP, one after another, while requests are answered by the old one."""
    one_at_a_time = Lock()

    def read_again() -> None:
        with one_at_a_time:
            renew(gate, holder, tell)

    def hear(*_: object) -> None:
        Thread(target=read_again, name="renew", daemon=True).start()

    signal.signal(signal.SIGHUP, hear)
