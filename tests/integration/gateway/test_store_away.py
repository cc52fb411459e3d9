"""The store is killed: what is remembered is shown, all else is told within seconds to come back."""

from __future__ import annotations

import asyncio
import gc
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from pymongo import MongoClient

from gateway.app import create
from gateway.config import Settings
from gateway.identity import middleware
from gongxue_chassis.settings import Plumbing
from onemachine.stack import Stack

# The driver leaves a socket to the garbage collector whose other side dies while it signs in.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

URL = "http://localhost:8000"
SECONDS = 3.0
PAGE = {"accept": "text/html"}
LIN: dict[str, Any] = {
    "_id": "lin",
    "name": "Lin",
    "email": "lin@nchu.example",
    "language": "en",
    "school": "nchu",
    "roles": ["staff"],
    "version": 1,
}
TALK: dict[str, Any] = {
    "_id": "talk",
    "kind": "workshop",
    "host": "nchu",
    "title": {"zh": "工作坊", "en": ""},
    "summary": {"zh": "說明", "en": ""},
    "venue": None,
    "theme": None,
    "starts_at": datetime(2030, 1, 1, tzinfo=UTC),
    "ends_at": datetime(2030, 1, 2, tzinfo=UTC),
    "waiting_limit": 0,
    "sort": "2030-01-02T00:00:00.000Z~talk",
    "status": "published",
    "listed": True,
    "reason": None,
    "seats": {"onsite": {"limit": 1, "taken": 0, "waiting": 0}},
    "v": {"details": 2, "seats": 2, "status": 2},
}


def settings(amqp_uri: str, mongo_uri: str) -> Settings:
    plumbing = Plumbing(
        amqp_uri=amqp_uri,
        mongo_uri=mongo_uri,
        health_port=None,
        health_host="127.0.0.1",
        log_level="INFO",
        log_format="json",
        command_partitions=4,
        graceful_seconds=1,
    )
    return Settings(
        plumbing=plumbing,
        host="127.0.0.1",
        port=8000,
        public_url=URL,
        secret="s" * 32,
        instance=uuid.uuid4().hex,
        command_wait=5.0,
        development_sign_in=True,
    )


@pytest.fixture
def filled(mongo_uri: str) -> str:
    with MongoClient[dict[str, Any]](mongo_uri, tz_aware=True) as client:
        database = client.get_default_database()
        database["people"].insert_one(LIN)
        database["activities"].insert_one(TALK)
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


@asynccontextmanager
async def visiting(amqp_uri: str, mongo_uri: str) -> AsyncIterator[httpx.AsyncClient]:
    """Lin, signed in at a web side that runs in this process; nobody answers commands."""
    app = create(settings(amqp_uri, mongo_uri))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL, timeout=60) as client,
    ):
        client.headers["accept-language"] = "en"
        assert (await client.post("/api/v1/session", json={"person": "lin"})).status_code == 200
        yield client


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
