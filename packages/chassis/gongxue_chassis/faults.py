"""Fault points: named places where a test makes the process die, as `kill -9` would, exactly there and not by luck."""

from __future__ import annotations

import os
import signal

_armed = os.environ.get("CRASH_AT", "")
_name, _, _countdown = _armed.partition(":")
_left = int(_countdown or 1)


def point(name: str) -> None:
    """Die here with SIGKILL if `CRASH_AT=<name>[:<n>]` armed this point, at the n-th pass (default the first)."""
    global _left  # noqa: PLW0603 - the count belongs to the process
    if name != _name:
        return
    _left -= 1
    if _left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
