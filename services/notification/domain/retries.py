"""When a mail that could not be delivered is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=24),
)
"""After the first, second … attempt. No jitter: one process sends them one after the other anyway."""


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When to try again after this many attempts (1 or more); None when it has been tried often enough."""
    return now + PAUSES[attempts - 1] if attempts <= len(PAUSES) else None
