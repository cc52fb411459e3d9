"""Timers of a service as a process, with its own rights at the broker: told and done once, wherever it is killed."""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from toys.terms import OVER
from toys.waiting import eventually
from toys.windows import STREAM, appoint

from gongxue_chassis.parking import ParkingLot
from gongxue_chassis.publisher import Outgoing, Publisher
from gongxue_contracts.envelope import BATCH, batch_to_json

SERVICE = "toys.terms_service"
SHORT = "0.5"


@pytest.fixture
def own(amqp_uri_of: Callable[[str], str]) -> dict[str, str]:
    """The settings of the toy: the user of the service in whose place it is, and short terms."""
    return {"AMQP_URI": amqp_uri_of("directory"), "TERM_SECONDS": SHORT}


@pytest.fixture
def grant(amqp_uri_of: Callable[[str], str]) -> Callable[..., None]:
    """`grant("p-lin", …)`: the gateway asks for it."""

    def ask(*people: str) -> None:
        key, headers = "center.directory.GrantRole", {"stream": STREAM}
        bundle = batch_to_json([appoint(person) for person in people])
        with closing(Publisher(amqp_uri_of("gateway"), "test")) as publisher:
            publisher.publish([Outgoing("commands", key, bundle, BATCH, headers=headers)])

    return ask


def dismissed(database: Any) -> list[str]:
    """Who, as often as it is in the log."""
    commits = database["commits"].find({"stream": STREAM}).sort("seq", 1)
    facts = [fact for commit in commits for fact in commit["facts"]]
    return [fact["data"]["person"] for fact in facts if fact["data"].get("reason") == OVER]


def at_rest(database: Any) -> bool:
    """Everything published, nothing left to tell."""
    waits = database["commits"].count_documents({"pending": True})
    return not waits and [one["timers"] for one in database["timers"].find()] == [[]]


def left_over(amqp_uri: str) -> list[str]:
    """Why commands of the service are parked."""
    return [one.reason for one in ParkingLot(amqp_uri, "directory", "test").all()]


def test_what_time_asks_for_is_done_by_itself(
    start: Callable[..., Any], grant: Any, own: dict[str, str], database: Any, amqp_uri: str
) -> None:
    running = start(SERVICE, **own)
    grant("p-1", "p-2")
    assert eventually(lambda: len(dismissed(database)) == 2)
    assert eventually(lambda: at_rest(database))
    assert sorted(dismissed(database)) == ["p-1", "p-2"]
    assert left_over(amqp_uri) == []
    assert running.stop() == 0


@pytest.mark.parametrize("point", ["committed", "published", "told"])
def test_killed_at_any_point_it_is_done_once_by_who_starts_later(
    start: Callable[..., Any], grant: Any, own: dict[str, str], database: Any, amqp_uri: str, point: str
) -> None:
    doomed = start(SERVICE, **own, CRASH_AT=point)
    grant("p-1")
    assert doomed.wait() == -signal.SIGKILL
    start(SERVICE, **own)
    assert eventually(lambda: dismissed(database))
    assert eventually(lambda: at_rest(database))
    assert dismissed(database) == ["p-1"]
    assert left_over(amqp_uri) == []


def test_however_many_processes_watch_it_is_done_once(
    start: Callable[..., Any], grant: Any, own: dict[str, str], database: Any, amqp_uri: str
) -> None:
    watching = [start(SERVICE, **own) for _ in range(3)]
    for one in watching:
        one.wait_ready()
    people = [f"p-{number}" for number in range(30)]
    for person in people:
        grant(person)
    assert eventually(lambda: len(dismissed(database)) >= len(people))
    assert eventually(lambda: at_rest(database))
    assert sorted(dismissed(database)) == sorted(people)
    assert left_over(amqp_uri) == []
    assert [one.stop() for one in watching] == [0, 0, 0]
