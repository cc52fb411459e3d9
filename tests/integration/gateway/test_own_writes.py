"""One reads one's own writes: at once, and seats although the worker is to write them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from gateway import storage
from gateway.read_model.own_writes import OwnWrites
from gateway.read_model.queries import Queries
from gongxue_contracts.envelope import CloudEvent

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
TALK: dict[str, Any] = {
    "kind": "workshop",
    "host": "nchu",
    "title": {"zh": "工作坊", "en": "Workshop"},
    "summary": {"zh": "說明", "en": ""},
    "venue": None,
    "theme": None,
    "starts_at": NOON,
    "ends_at": NOON,
    "pools": {"onsite": 3},
    "waiting_limit": 0,
}


def fact(name: str, sequence: int, taken: int, **data: Any) -> CloudEvent:
    seats = {"onsite": {"limit": 3, "taken": taken, "waiting": 0}}
    return CloudEvent(
        id=f"activity:talk@{sequence}.0",
        source="/center/registration",
        type=f"registration.{name}.v1",
        subject="activity:talk",
        time=NOON,
        data={"activity": "talk", "seats": seats, **data},
        sequence=sequence,
    )


def seat(sequence: int, taken: int) -> CloudEvent:
    who = {"registration": f"r-{taken}", "person": f"p-{taken}", "school": "ccu", "pool": "onsite"}
    return fact("seat_confirmed", sequence, taken, **who)


async def taken(queries: Queries) -> int:
    activity = await queries.activity("talk")
    assert activity is not None
    return activity["seats"]["onsite"]["taken"]


def test_a_seat_shows_at_once_and_is_written_by_the_worker(mongo_uri: str) -> None:
    async def story() -> None:
        database = storage.open_for_web(mongo_uri)
        queries = Queries(database)
        own = OwnWrites(database, queries)
        await own.apply([fact("activity_published", 1, 0, details=TALK)])
        assert await taken(queries) == 0
        await own.apply([seat(2, 1), seat(3, 2)])
        assert await taken(queries) == 2  # the cached one is changed
        assert await queries.registration("r-1") is not None
        await own.apply([fact("activity_closed", 4, 2)])
        assert await taken(queries) == 2  # read anew, with the seats of the store
        written = await database["activities"].find_one({"_id": "talk"})
        assert written is not None
        assert written["v"] == {"details": 1, "seats": 1, "status": 4}
        await database.client.close()

    asyncio.run(story())
