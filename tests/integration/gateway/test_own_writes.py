"""One reads one's own writes: at once, and seats although the worker is to write them."""

from __future__ import annotations

import asyncio

from toys.stories import Story, seats

from gateway import storage
from gateway.read_model.own_writes import OwnWrites
from gateway.read_model.queries import Queries
from gongxue_contracts.envelope import CloudEvent


def seat(told: Story, taken: int) -> CloudEvent:
    who = {"registration": f"r-{taken}", "person": f"p-{taken}", "school": "ccu", "pool": "onsite"}
    return told.tell("registration.seat_confirmed.v1", activity="talk", **who, seats=seats(3, taken, 0))


async def taken(queries: Queries) -> int:
    activity = await queries.activity("talk")
    assert activity is not None
    return activity["seats"]["onsite"]["taken"]


def test_a_seat_shows_at_once_and_is_written_by_the_worker(mongo_uri: str) -> None:
    async def story() -> None:
        database = storage.open_for_web(mongo_uri)
        queries = Queries(database)
        own, told = OwnWrites(database, queries), Story("activity:talk")
        await own.apply(
            [told.tell("registration.activity_published.v1", activity="talk", seats=seats(3, 0, 0))]
        )
        assert await taken(queries) == 0
        await own.apply([seat(told, 1), seat(told, 2)])
        assert await taken(queries) == 2  # the cached one is changed
        assert await queries.registration("r-1") is not None
        await own.apply([told.tell("registration.activity_closed.v1", activity="talk")])
        assert await taken(queries) == 2  # read anew, with the seats of the store
        written = await database["activities"].find_one({"_id": "talk"})
        assert written is not None
        assert written["v"] == {"details": 1, "seats": 1, "status": 4}
        await database.client.close()

    asyncio.run(story())
