"""When a mail is tried again."""

from __future__ import annotations

from datetime import timedelta

from notification.domain.retries import next_attempt

from .scene import NOW


def test_each_attempt_waits_longer_and_after_the_seventh_there_is_none() -> None:
    pauses = [at and at - NOW for at in (next_attempt(attempts, NOW) for attempts in range(1, 8))]
    minutes, hours = timedelta(minutes=1), timedelta(hours=1)
    assert pauses == [minutes, 5 * minutes, 30 * minutes, 2 * hours, 6 * hours, 24 * hours, None]
