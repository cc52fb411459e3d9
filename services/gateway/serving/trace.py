"""W3C trace context: the id that ties a person's wish to all that follows from it."""

from __future__ import annotations

import re
from contextvars import ContextVar
from random import getrandbits

_matches = re.compile(rb"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}").fullmatch


current: ContextVar[str] = ContextVar("traceparent")
"""Of the request in hand."""


def parent(given: bytes | None) -> str:
    """The traceparent that came with a request if it is one, else a new one."""
    if given is not None and _matches(given):
        return given.decode()
    # Not secret, and asked of the operating system it would cost more than the rest of the header.
    return f"00-{getrandbits(128) or 1:032x}-{getrandbits(64) or 1:016x}-01"
