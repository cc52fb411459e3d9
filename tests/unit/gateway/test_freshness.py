"""How old is what is shown, from what the worker tells of itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.read_model.freshness import SILENT_SECONDS, Freshness, freshness

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
QUEUES = [
    ["gateway.facts", 0, 1],
    ["gateway.rebuild", 0, 1],
    ["notification.facts", 4, 1],
    ["commands.registration.0", 0, 1],
    ["commands.registration.1", 2, 0],
    ["commands.directory.0", 0, 1],
    ["parking.registration", 0, 0],
    ["parking.gateway", 3, 0],
]


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def fresh(read: float = 0.3, **told: Any) -> Freshness:
    usual = {"at": ago(1), "broker": True, "broker_at": ago(1), "behind_since": None, "queues": QUEUES}
    return freshness(NOW, ago(read), {**usual, **told}, None)


def test_all_is_well() -> None:
    found = fresh()
    assert (found.lag, found.old, found.store, found.worker, found.broker) == (0, False, True, True, True)
    assert found.as_of == NOW


@pytest.mark.parametrize(
    ("told", "lag"),
    [
        ({"behind_since": ago(40)}, 40),
        ({"at": ago(60)}, 60),
        ({"at": ago(60), "behind_since": ago(90)}, 90),
        ({"broker": False, "broker_at": ago(30)}, 30),
    ],
)
def test_it_is_as_old_as_the_oldest_that_may_be_missing(told: dict[str, Any], lag: float) -> None:
    found = fresh(**told)
    assert (found.lag, found.as_of, found.old) == (lag, ago(lag), True)


def test_without_a_store_it_is_as_old_as_the_last_look() -> None:
    found = fresh(read=25)
    assert (found.store, found.lag, found.old) == (False, 25, True)


def test_before_a_worker_has_told_anything_nothing_is_known() -> None:
    found = freshness(NOW, ago(0.2), None, None)
    assert (found.lag, found.old, found.worker) == (None, False, False)
    assert freshness(NOW, None, None, None).store is False


def test_a_service_answers_when_all_of_its_queues_have_a_consumer() -> None:
    found = fresh()
    assert found.answering("directory")
    assert found.answering("notification")
    assert not found.answering("registration")
    assert not fresh(broker=False).answering("directory")
    assert not fresh(at=ago(SILENT_SECONDS + 1)).answering("directory")


def test_what_waits_and_what_is_parked() -> None:
    found = fresh()
    assert [found.waiting(name) for name in ("registration", "notification", "gateway")] == [2, 4, 0]
    assert found.parked() == {"registration": 0, "gateway": 3}
