"""The gateway's actions where nobody answers: what they refuse by themselves, and what they send off."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase

from gateway import storage
from gateway.commanding.bus import Answer, CommandBus
from gateway.commanding.command_status import CommandStatuses
from gateway.commanding.dispatch import Gateway
from gateway.people import People
from gateway.read_model.queries import Queries
from gateway.rush.waiting_room import WaitingRoom
from gongxue_contracts.envelope import CloudEvent

SCHOOL: dict[str, Any] = {
    "name": {"zh": "某大學", "en": ""},
    "county": "taichung",
    "ror": None,
    "moe_code": None,
    "website": None,
    "status": "admitted",
    "reason": None,
    "merged_into": None,
}
"""All that the read model knows of a school, but for its id."""


@asynccontextmanager
async def unanswered(amqp_uri: str, database: AsyncDatabase[storage.Document]) -> AsyncIterator[Gateway]:
    """The actions on this database. Pending is what has been sent."""

    async def nothing(_: list[CloudEvent] | Answer) -> None:
        """Nobody answers here."""

    bus = CommandBus(amqp_uri, "unanswered", nothing, nothing)
    await bus.open()
    people, queries = People(database, bus.tell), Queries(database)
    room = WaitingRoom(800, "a secret of the tests, long enough")
    try:
        yield Gateway(bus, CommandStatuses(database), people, queries, room, wait=0.3)
    finally:
        await bus.close()
