"""Health of the web side: alive, and ready to be sent people."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from http import HTTPStatus

from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import PyMongoError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from gateway.commanding.bus import CommandBus
from gateway.serving.answering import Json
from gateway.storage import Document, look

PING_SECONDS = 1.0


def routes(bus: CommandBus, database: AsyncDatabase[Document]) -> Iterator[BaseRoute]:
    """Ready once broker and store have been there together. It stays so when one goes: pages go on without."""
    begun = False

    async def live(request: Request) -> Response:
        return Json({"status": "ok"})

    async def ready(request: Request) -> Response:
        nonlocal begun
        states = {"broker": bus.up, "store": await _there(database)}
        begun = begun or all(states.values())
        status = "ok" if all(states.values()) else "degraded" if begun else "not ready"
        return Json({"status": status, **states}, HTTPStatus.OK if begun else HTTPStatus.SERVICE_UNAVAILABLE)

    yield Route("/health/live", live)
    yield Route("/health/ready", ready)


async def _there(database: AsyncDatabase[Document]) -> bool:
    try:
        async with asyncio.timeout(PING_SECONDS):
            await look(database)
    except (PyMongoError, TimeoutError):
        return False
    return True
