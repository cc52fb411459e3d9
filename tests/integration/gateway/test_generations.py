"""Generations of the read model: what happens while the next one is made is in both, whoever writes it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo.database import Database
from toys.stories import a_school, an_activity
from toys.waiting import eventually

from gateway import storage
from gateway.read_model.applying import ReadModel
from gateway.read_model.following import Following
from gateway.read_model.generations import FIRST, POINTER, STATE, drop_before, prepare, read_pointer
from gateway.read_model.own_writes import OwnWrites
from gateway.read_model.queries import Queries
from gateway.read_model.rebuilding import NOTICED_SECONDS, SERVICES, Rebuilding, ask
from gateway.storage import READ_MODEL
from gongxue_chassis.publisher import Outgoing
from gongxue_contracts.envelope import CloudEvent

FACTS = [*an_activity().facts, *a_school().facts]


class Sent:
    """What was asked of the services."""

    def __init__(self) -> None:
        self.messages: list[Outgoing] = []

    def publish(self, messages: Any) -> None:
        self.messages += messages

    def close(self) -> None:
        pass


@pytest.fixture
def database(mongo_uri: str) -> Iterator[Database[Any]]:
    opened = storage.open_for_worker(mongo_uri)
    yield opened
    opened.client.close()


def the_next_is_fed(database: Database[Any]) -> Rebuilding:
    rebuilding = Rebuilding(database, Sent())
    assert ask(database)
    rebuilding.step()
    assert read_pointer(database).fed == (FIRST, "_2")
    return rebuilding


def contents(database: Database[Any], generation: str) -> dict[str, list[Any]]:
    return {name: list(database[f"{name}{generation}"].find().sort("_id", 1)) for name in READ_MODEL}


def told(rebuild: str, service: str) -> CloudEvent:
    return CloudEvent(
        id=f"{rebuild}.{service}",
        source=f"/center/{service}",
        type="bus.replayed.v1",
        subject=f"replay:{rebuild}",
        time=datetime.now(UTC),
        data={"rebuild": rebuild, "service": service, "facts": 1, "unreadable": 0},
    )


def test_the_worker_feeds_both(database: Database[Any]) -> None:
    the_next_is_fed(database)
    ReadModel(database).apply(FACTS)
    assert contents(database, "_2") == contents(database, FIRST)
    assert contents(database, "_2")["registrations"]


def test_own_writes_go_to_both(mongo_uri: str, database: Database[Any]) -> None:
    the_next_is_fed(database)

    async def story() -> None:
        asynchronous = storage.open_for_web(mongo_uri)
        following = Following(asynchronous)
        await following.open()
        await OwnWrites(asynchronous, Queries(asynchronous, following), following).apply(FACTS)
        await following.close()
        await asynchronous.client.close()

    asyncio.run(story())
    assert contents(database, "_2") == contents(database, FIRST)
    assert contents(database, "_2")["registrations"]


def test_replayed_facts_go_to_the_next_alone(database: Database[Any]) -> None:
    the_next_is_fed(database)
    ReadModel(database).apply_replayed(FACTS)
    assert contents(database, FIRST) == {name: [] for name in READ_MODEL}
    assert contents(database, "_2")["registrations"]


def test_it_is_shown_only_when_every_service_has_said_that_this_was_all(database: Database[Any]) -> None:
    rebuilding, model = the_next_is_fed(database), ReadModel(database)
    eventually(lambda: _stepped(rebuilding, database) == "replaying", 10)
    rebuild = read_pointer(database).rebuild
    assert rebuild is not None
    model.apply_replayed([*FACTS, told("another", "directory")])
    for service in SERVICES:
        assert _stepped(rebuilding, database) == "replaying"
        model.apply_replayed([told(rebuild.id, service)])
    assert _stepped(rebuilding, database) == "switched"
    assert read_pointer(database).fed == ("_2", FIRST)
    eventually(lambda: _stepped(rebuilding, database) == "done", 3 * NOTICED_SECONDS + 5)
    assert contents(database, FIRST) == {name: [] for name in READ_MODEL}
    assert contents(database, "_2")["registrations"]


def test_a_process_follows_within_a_second(mongo_uri: str, database: Database[Any]) -> None:
    async def story() -> None:
        asynchronous = storage.open_for_web(mongo_uri)
        following, switched = Following(asynchronous), asyncio.Event()
        following.on_switch = switched.set
        await following.open()
        database[STATE].insert_one({"_id": POINTER, "number": 2, "active": "_2"})
        async with asyncio.timeout(1):
            await switched.wait()
        assert following.collection("activities").name == "activities_2"
        await following.close()
        await asynchronous.client.close()

    asyncio.run(story())


def test_a_late_drop_touches_nothing_younger(database: Database[Any]) -> None:
    for generation in ("_2", "_3", "_4"):
        prepare(database, generation, FIRST)
    drop_before(database, "_3")
    left = {name for name in database.list_collection_names() if name.startswith("activities")}
    assert left == {"activities", "activities_3", "activities_4"}


def _stepped(rebuilding: Rebuilding, database: Database[Any]) -> str:
    rebuilding.step()
    rebuild = read_pointer(database).rebuild
    return rebuild.phase if rebuild else ""
