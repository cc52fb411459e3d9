"""The gateway's side of the bus when its connection dies at a bad moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from gateway.actions import BusUnavailable
from gateway.commanding.bus import Answer, CommandBus
from gongxue_contracts.envelope import CloudEvent


def command(stream: str = "activity:a-1") -> CloudEvent:
    data = {"by": {"person": "p-1", "school": "nchu", "role": "host"}, "activity": stream.partition(":")[2]}
    return CloudEvent(
        id=str(uuid4()),
        source="/center/gateway",
        type="registration.PublishActivity.v1",
        subject=stream,
        time=datetime.now(UTC),
        data=data,
    )


@asynccontextmanager
async def opened(uri: str) -> AsyncIterator[CommandBus]:
    async def nothing(_: list[CloudEvent] | Answer) -> None:
        """Nobody answers here."""

    bus = CommandBus(uri, uuid4().hex[:12], nothing, nothing)
    await bus.open()
    yield bus
    await bus.close()


async def lose_the_channel(bus: CommandBus) -> None:
    """As a reset of the connection does, seen before anybody has been told of it."""
    broker: Any = bus._broker
    channel = await broker._exchanges["commands"].channel.get_underlay_channel()
    await channel.close()


async def taken(bus: CommandBus) -> None:
    """Return when the broker takes commands of the stream again. It has no answer for them."""
    async with asyncio.timeout(10):
        while True:
            try:
                assert await bus.send(command(), 0.2) is None
            except BusUnavailable:
                await asyncio.sleep(0.05)
            else:
                return


def test_a_stream_goes_on_after_the_connection_died_under_its_publish(amqp_uri: str) -> None:
    async def story() -> None:
        async with opened(amqp_uri) as bus:
            await taken(bus)
            await lose_the_channel(bus)
            with pytest.raises(BusUnavailable):
                await bus.send(command(), 5)
            await taken(bus)

    asyncio.run(story())


def test_a_stream_goes_on_after_its_publish_failed_for_a_reason_that_nobody_thought_of(amqp_uri: str) -> None:
    async def story() -> None:
        async with opened(amqp_uri) as bus:
            broker: Any = bus._broker
            publish = broker.publish

            async def fail(*_: object) -> None:
                broker.publish = publish
                raise RuntimeError("a bug")

            broker.publish = fail
            with pytest.raises(BusUnavailable):
                await bus.send(command(), 5)
            await taken(bus)

    asyncio.run(story())
