"""Whatever the connection is about at that moment, it can be closed."""

from __future__ import annotations

import asyncio
import socket

import pytest

from gateway.commanding.broker import Broker


@pytest.fixture
def nobody_there() -> str:
    """The address of a port at which nothing listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return f"amqp://u:p@127.0.0.1:{held.getsockname()[1]}/v"


async def _open_and_close(uri: str, pause: float) -> None:
    broker = Broker(uri, "test", lambda: None)
    await broker.open()
    await asyncio.sleep(pause)
    await broker.close()
    assert not broker.up


async def _many(uri: str) -> None:
    async with asyncio.timeout(20):
        await asyncio.gather(*(_open_and_close(uri, step / 500) for step in range(200)))


def test_it_closes_at_any_moment_of_connecting(nobody_there: str) -> None:
    asyncio.run(_many(nobody_there))
