"""Waiting for a condition of the outside world, with an end to it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def eventually(look: Callable[[], Found], seconds: float = 20.0) -> Found:
    """What `look` returns as soon as that is true. Raises AssertionError with its last answer when it never is."""
    end = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds:g} s; last seen: {found!r}")
        time.sleep(0.02)
    return found
