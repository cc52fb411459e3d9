"""The door on a real store: what one process has told anybody, the door of every other process knows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase
from toys.stories import Story, golden, seats

from gateway import storage
from gateway.commanding.command_status import CommandStatuses
from gateway.commanding.commands import command
from gateway.read_model.own_writes import OwnWrites
from gateway.read_model.queries import Queries
from gateway.rush.door import Door, Wish
from gateway.rush.door_reading import DoorReading
from gongxue_contracts.envelope import CloudEvent

SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
DETAILS: dict[str, Any] = {
    **golden("registration.activity_published.v1").data["details"],
    "starts_at": SOON,
    "ends_at": SOON,
    "pools": {"onsite": 2},
    "waiting_limit": 0,
}


class Process:
    """What a web process knows and writes."""

    def __init__(self, database: AsyncDatabase[storage.Document]) -> None:
        self.queries = Queries(database)
        self.writes = OwnWrites(database, self.queries)
        self.statuses = CommandStatuses(database)
        self.door = Door(DoorReading(self.queries, self.statuses), start=0)

    async def refuses(self, person: str, command: str = "") -> str | None:
        wish = Wish(command or f"c-{person}", person, "talk", "onsite", waiting_list=True)
        refused = await self.door.refusal(wish)
        return refused.code if refused else None


class Talk(Story):
    """An activity with two seats."""

    def __init__(self) -> None:
        super().__init__("activity:talk")

    def of_host(self, name: str, **data: Any) -> CloudEvent:
        return self.tell(f"registration.{name}.v1", activity="talk", **data)

    def of_person(self, name: str, taken: int, person: str, **data: Any) -> CloudEvent:
        """`taken` is how many seats are after it."""
        who = {"registration": f"c-{person}", "person": person, "school": "ccu", "pool": "onsite"}
        return self.of_host(name, **who, seats=seats(2, taken, 0), **data)


def play(mongo_uri: str, story: Callable[[Process, Process, Talk], Awaitable[None]]) -> None:
    """Two processes, and an activity whose two seats the first has given away."""

    async def played() -> None:
        database = storage.open_for_web(mongo_uri)
        here, there, talk = Process(database), Process(database), Talk()
        talk.of_host("activity_drafted", details=DETAILS)
        talk.of_host("activity_published", details=DETAILS, seats=seats(2, 0, 0))
        talk.of_person("seat_confirmed", 1, "lin")
        talk.of_person("seat_confirmed", 2, "wu")
        await here.writes.apply(talk.facts[:2])
        await here.writes.apply(talk.facts[2:])
        there.queries.note_seats("talk", 4, seats(2, 2, 0))
        await story(here, there, talk)
        await database.client.close()

    asyncio.run(played())


def test_sold_out_is_told_at_the_door(mongo_uri: str) -> None:
    async def story(here: Process, there: Process, talk: Talk) -> None:
        assert await here.refuses("chen") == "waiting_list_full"
        assert await there.refuses("chen") == "waiting_list_full"

    play(mongo_uri, story)


def test_a_seat_given_back_elsewhere_is_free_at_every_door_from_the_answer_on(mongo_uri: str) -> None:
    async def story(here: Process, there: Process, talk: Talk) -> None:
        assert await there.refuses("chen") == "waiting_list_full"
        await here.writes.apply(
            [talk.of_person("registration_cancelled", 1, "lin", was="confirmed", by="person")]
        )
        assert await there.refuses("huang") is None

    play(mongo_uri, story)


def test_more_seats_that_a_host_adds_elsewhere_are_free_at_every_door(mongo_uri: str) -> None:
    async def story(here: Process, there: Process, talk: Talk) -> None:
        assert await there.refuses("chen") == "waiting_list_full"
        details = {**DETAILS, "pools": {"onsite": 3}}
        more = talk.of_host("activity_changed", details=details, changed=["pools"], seats=seats(3, 2, 0))
        await here.writes.apply([more])
        assert await there.refuses("huang") is None

    play(mongo_uri, story)


def test_an_activity_that_is_closed_is_refused_as_closed(mongo_uri: str) -> None:
    async def story(here: Process, there: Process, talk: Talk) -> None:
        await here.writes.apply([talk.of_host("activity_closed")])
        assert await here.refuses("chen") == "closed"
        assert await there.refuses("chen") == "closed"

    play(mongo_uri, story)


def test_who_has_a_registration_hears_of_it_from_the_service(mongo_uri: str) -> None:
    async def story(here: Process, there: Process, talk: Talk) -> None:
        assert await there.refuses("lin") is None
        assert await there.refuses("lin", "another-key") is None
        await here.writes.apply(
            [talk.of_person("registration_cancelled", 1, "lin", was="confirmed", by="person")]
        )
        await here.writes.apply([talk.of_person("seat_confirmed", 2, "chen")])
        there.queries.note_seats("talk", 6, seats(2, 2, 0))
        assert await there.refuses("lin") is None  # the key that once brought a seat
        assert await there.refuses("lin", "another-key") == "waiting_list_full"

    play(mongo_uri, story)


def test_a_command_that_is_kept_is_for_the_service_to_answer(mongo_uri: str) -> None:
    async def story(here: Process, there: Process, talk: Talk) -> None:
        data = {"activity": "talk", "person": "chen", "school": "ccu", "pool": "onsite", "waiting_list": True}
        kept = command(
            "registration.Register.v1",
            "activity:talk",
            {**data, "registration": "0b6cbb1e-3a0e-4f8e-9d0c-6f6a3a5c2b11"},
            id="0b6cbb1e-3a0e-4f8e-9d0c-6f6a3a5c2b11",
            wait=1,
        )
        await here.statuses.keep(kept, "chen")
        assert await there.refuses("chen", kept.id) is None
        assert await there.refuses("chen") == "waiting_list_full"

    play(mongo_uri, story)
