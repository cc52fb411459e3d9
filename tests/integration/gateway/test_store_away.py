"""The store is killed: what is remembered is shown, all else is told within seconds to come back."""

from __future__ import annotations

import asyncio
import gc
import time
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pymongo import MongoClient
from toys.proxy import wire
from toys.web_side import fill, visiting

from gateway.identity import middleware
from gateway.storage import open_for_web
from onemachine.stack import Stack

# The driver leaves a socket to the garbage collector whose other side dies while it signs in.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

SECONDS = 3.0
STALL_SECONDS = 4.0
PAGE = {"accept": "text/html"}


@pytest.fixture
def filled(mongo_uri: str) -> str:
    with MongoClient[dict[str, Any]](mongo_uri, tz_aware=True) as client:
        fill(client)
    return mongo_uri


@pytest.fixture
def kill(infrastructure: Stack, mongo_uri: str, caplog: pytest.LogCaptureFixture) -> Iterator[Any]:
    """Ends the store at once. It is everybody's, and started again, before the database is dropped."""
    try:
        yield infrastructure.store.kill
    finally:
        caplog.get_records("call").clear()  # they hold on to errors, and those to sockets
        gc.collect()
        infrastructure.store.start()
        infrastructure.store.wait_ready()


async def soon(asking: Any) -> httpx.Response:
    """The answer, which must not take longer than `SECONDS`."""
    begun = time.monotonic()
    response: httpx.Response = await asking
    took = time.monotonic() - begun
    assert took <= SECONDS
    return response


async def told_to_come_back(asking: Any) -> None:
    response = await soon(asking)
    assert (response.status_code, response.json()["code"]) == (503, "unavailable")
    assert response.headers["retry-after"] == "2"


def register(client: httpx.AsyncClient, **more: str) -> Any:
    wish = {"pool": "onsite", **more}
    key = {"idempotency-key": uuid.uuid4().hex}
    return client.post("/api/v1/activities/talk/registrations", json=wish, headers=key)


@pytest.mark.parametrize("looked_up_seconds", [300, -60])
def test_a_command(
    amqp_uri: str, filled: str, kill: Any, monkeypatch: pytest.MonkeyPatch, looked_up_seconds: int
) -> None:
    """Also of somebody who would be looked up again."""

    async def story() -> None:
        async with visiting(amqp_uri, filled) as client:
            monkeypatch.setattr(middleware, "LOOKED_UP_SECONDS", looked_up_seconds)
            kill()
            await told_to_come_back(register(client))
            await told_to_come_back(register(client))
            await told_to_come_back(register(client, name="Another Lin"))

    asyncio.run(story())


def test_a_command_whose_answer_is_awaited_when_the_store_goes(amqp_uri: str, filled: str, kill: Any) -> None:
    async def story() -> None:
        async with visiting(amqp_uri, filled) as client:
            asked = asyncio.create_task(register(client))
            await asyncio.wait({asked}, timeout=0.3)
            kill()
            await told_to_come_back(asked)

    asyncio.run(story())


def test_reading(amqp_uri: str, filled: str, kill: Any) -> None:
    async def story() -> None:
        async with visiting(amqp_uri, filled) as client:
            kill()
            await told_to_come_back(client.get("/api/v1/activities"))
            await told_to_come_back(client.get("/api/v1/activities/talk"))
            await told_to_come_back(client.get("/api/v1/me/registrations"))
            page = await soon(client.get("/", headers=PAGE))
            assert (page.status_code, page.headers["retry-after"]) == (503, "2")

    asyncio.run(story())


def test_what_is_remembered_is_shown(amqp_uri: str, filled: str, kill: Any) -> None:
    async def story() -> None:
        async with visiting(amqp_uri, filled) as client:
            known = ["/", "/activities/talk", "/schools", "/api/v1/activities", "/api/v1/activities/talk"]
            await client.delete("/api/v1/session", headers={"idempotency-key": "k"})
            before = [(await client.get(path, headers=PAGE)).text for path in known]
            kill()
            await asyncio.sleep(1.1)  # longer than anything is fresh
            for _ in range(2):
                answers = [await soon(client.get(path, headers=PAGE)) for path in known]
                assert [answer.status_code for answer in answers] == [200] * len(known)
                assert [answer.text for answer in answers] == before

    asyncio.run(story())


def test_a_store_that_is_slow_for_seconds_is_waited_for(mongo_uri: str) -> None:
    """Its heartbeats are late meanwhile: none of them makes the driver drop what was asked."""

    async def story() -> None:
        often = (
            mongo_uri + ("&" if "?" in mongo_uri else "?") + "directConnection=true&heartbeatFrequencyMS=500"
        )
        async with wire(often) as (between, uri):
            database = open_for_web(uri)
            try:
                await database["talks"].find_one({})
                between.hold()
                asked = asyncio.create_task(database["talks"].find_one({}))
                assert await asyncio.wait([asked], timeout=STALL_SECONDS) == (set(), {asked})
                between.release()
                await asked
                await database["talks"].find_one({})
            finally:
                between.release()
                await database.client.close()

    asyncio.run(story())
