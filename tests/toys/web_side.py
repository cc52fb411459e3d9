"""The web side in the test's own process, and what its store holds: Lin, and a talk that Lin can register for."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
from pymongo import MongoClient

from gateway.app import create
from gateway.config import Settings
from gongxue_chassis.settings import Plumbing

URL = "http://localhost:8000"
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


def settings(amqp_uri: str, mongo_uri: str, **changed: Any) -> Settings:
    """Of a web side on this machine, to which people sign in for development; some of them `changed`."""
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
    usual: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": 8000,
        "public_url": URL,
        "secret": "a secret of the tests, long enough",
        "instance": uuid.uuid4().hex,
        "command_wait": 5.0,
        "development_sign_in": True,
    }
    return Settings(plumbing=plumbing, **usual | changed)


def fill(client: MongoClient[dict[str, Any]]) -> None:
    """Put Lin and the talk into the database that the client's address names."""
    database = client.get_default_database()
    database["people"].insert_one(LIN)
    database["activities"].insert_one(TALK)


@asynccontextmanager
async def visiting(amqp_uri: str, mongo_uri: str, **changed: Any) -> AsyncIterator[httpx.AsyncClient]:
    """Lin, signed in at a web side with settings `changed` like this."""
    app = create(settings(amqp_uri, mongo_uri, **changed))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL, timeout=60) as client,
    ):
        client.headers["accept-language"] = "en"
        assert (await client.post("/api/v1/session", json={"person": "lin"})).status_code == 200
        yield client
