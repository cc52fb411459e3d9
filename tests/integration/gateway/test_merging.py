"""A school becomes part of one that is there, and whole: what the merged school's own stream cannot know."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from gateway import storage
from gateway.actions import Outcome, Pending, Person, Refused
from gateway.commanding.bus import Answer, CommandBus
from gateway.commanding.command_status import CommandStatuses
from gateway.commanding.dispatch import Gateway
from gateway.people import People
from gateway.problems import Problem
from gateway.read_model.queries import Queries
from gateway.rush.waiting_room import WaitingRoom
from gongxue_contracts.envelope import CloudEvent

CENTER = Person("chen", "Chen", "chen@center.example", "en", "center", frozenset({"staff", "center"}))
STAFF = Person("lin", "Lin", "lin@nchu.example", "en", "old", frozenset({"staff"}))
WHOLE: dict[str, Any] = {
    "name": {"zh": "某大學", "en": ""},
    "county": "taichung",
    "ror": None,
    "moe_code": None,
    "website": None,
    "status": "admitted",
    "reason": None,
    "merged_into": None,
}
MERGED = {**WHOLE, "status": "merged", "merged_into": "new"}
SCHOOLS = [
    {"_id": "old", **WHOLE},
    {"_id": "new", **WHOLE},
    {"_id": "resting", **WHOLE, "status": "suspended"},
    {"_id": "gone", **MERGED},
    {"_id": "rumoured", "former_names": {}},
    {"_id": "went-into-gone", **MERGED, "merged_into": "gone"},
]


def merge(amqp_uri: str, mongo_uri: str, person: Person, school: str, into: str) -> Outcome:
    """What comes of it where nobody answers: Pending has been sent."""

    async def nothing(_: list[CloudEvent] | Answer) -> None:
        """Nobody answers here."""

    async def story() -> Outcome:
        database = storage.open_for_web(mongo_uri)
        await database[storage.SCHOOLS].insert_many(SCHOOLS)
        bus = CommandBus(amqp_uri, "merging", nothing, nothing)
        await bus.open()
        people = People(database, bus.tell)
        room = WaitingRoom(800, "s" * 32)
        gateway = Gateway(bus, CommandStatuses(database), people, Queries(database), room, wait=0.5)
        try:
            return await gateway.merge_school(person, school, into, key="k")
        finally:
            await bus.close()
            await database.client.close()

    return asyncio.run(story())


@pytest.mark.parametrize("into", ["nowhere", "gone", "rumoured"])
def test_a_target_that_is_not_there(amqp_uri: str, mongo_uri: str, into: str) -> None:
    outcome = merge(amqp_uri, mongo_uri, CENTER, "old", into)
    assert isinstance(outcome, Refused)
    assert outcome.code == "unknown_target"


@pytest.mark.parametrize(
    ("person", "school", "into"),
    [
        (CENTER, "old", "new"),
        (CENTER, "old", "resting"),
        (CENTER, "went-into-gone", "gone"),  # asked for again: the first answer is the log's to give
        (CENTER, "nowhere", "nowhere"),  # into itself, which the directory refuses
    ],
)
def test_what_the_directory_decides(
    amqp_uri: str, mongo_uri: str, person: Person, school: str, into: str
) -> None:
    assert isinstance(merge(amqp_uri, mongo_uri, person, school, into), Pending)


@pytest.mark.parametrize("into", ["new", "nowhere"])
def test_only_the_center_learns_what_there_is(amqp_uri: str, mongo_uri: str, into: str) -> None:
    with pytest.raises(Problem, match="forbidden"):
        merge(amqp_uri, mongo_uri, STAFF, "old", into)
