"""The gateway's database for tests of people's data."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from toys.personal_world import LIN, Sink, World

from gateway import storage
from gateway.people import Card, document_of
from gateway.personal import holdings


@pytest.fixture
def world(mongo_uri: str) -> Iterator[World]:
    database = storage.open_for_worker(mongo_uri)
    with asyncio.Runner() as runner:

        async def opened() -> Any:
            return storage.open_for_web(mongo_uri)

        mine = runner.run(opened())
        yield World(runner, mine, database, Sink())
        runner.run(mine.client.close())
    database.client.close()


@pytest.fixture
def lin(world: World) -> World:
    """Somebody of whom there is something in every collection that may hold something."""
    for holding in holdings.HOLDINGS:
        query = holdings.named(holding, "lin", LIN.email)
        world.database[holding.collection].insert_one(
            {"_id": f"{holding.collection}-1", "x": LIN.email, **query}
        )
    world.database["people"].replace_one({"_id": "lin"}, document_of(Card(LIN, 3, untold=False)))
    return world
