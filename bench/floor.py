"""The floor: what a registration cannot do without, each part alone, in the same run on the same broker and store.

An empty HTTP request, a publish that a quorum queue has confirmed, an insert that is on disk. Each is measured many at
once and one at a time, with messages and documents of the size that a registration has.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import aio_pika
from pymongo import WriteConcern

from bench.load import Run, drive, request
from bench.people import Client
from bench.running import Running
from onemachine.broker import listening
from onemachine.folder import free
from onemachine.processes import Process, Program
from onemachine.services import ROOT

_QUEUE = "bench.floor"
_PORTS = range(31_000, 32_000)
_MESSAGE = bytes(700)
_REQUEST_BODY = bytes(100)


@dataclass(frozen=True, slots=True)
class Part:
    """One part's rate, many at once, and its milliseconds one at a time (median)."""

    rate: float
    milliseconds: float


Floor = dict[str, Part]
Act = Callable[[int], Awaitable[object]]


async def measure(copy: Running, at_once: int, many: int, few: int) -> Floor:
    """`many` of each part at once and `few` one at a time."""
    return {
        "empty HTTP request": await _http(at_once, many, few),
        "publish to a quorum queue": await _publishes(copy, at_once, many, few),
        "journaled insert": await _inserts(copy, at_once, many, few),
    }


async def _http(at_once: int, many: int, few: int) -> Part:
    port = next(port for port in _PORTS if free(port))
    command = [sys.executable, "-m", "bench.empty", str(port)]
    server = Process(Program("empty", command, {}, listening(port), cwd=ROOT), ROOT / "build" / "bench")
    server.start()
    try:
        await asyncio.to_thread(server.wait_ready)
        host = f"127.0.0.1:{port}"
        asked = request("POST", "/", host, body=_REQUEST_BODY)
        crowd: Run = await drive(host, [asked] * many * 2, at_once)
        return Part(crowd.rate, (await drive(host, [asked] * few, 1)).percentile(0.5) * 1000)
    finally:
        server.stop()


async def _publishes(copy: Running, at_once: int, many: int, few: int) -> Part:
    connection = await aio_pika.connect(copy.amqp_uri)
    async with connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(_QUEUE, durable=True, arguments={"x-queue-type": "quorum"})
        exchange = channel.default_exchange

        async def publish(_: int) -> None:
            message = aio_pika.Message(_MESSAGE, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
            await exchange.publish(message, _QUEUE)

        try:
            return await _part(publish, at_once, many, few)
        finally:
            await queue.delete(if_unused=False, if_empty=False)


async def _inserts(copy: Running, at_once: int, many: int, few: int) -> Part:
    async with _collection(copy) as insert:
        return await _part(insert, at_once, many, few)


@asynccontextmanager
async def _collection(copy: Running) -> AsyncIterator[Act]:
    """Inserts of documents as the log has them."""
    async with Client(copy.mongo_uri("bench"), maxPoolSize=64) as client:
        database = client.get_default_database(write_concern=WriteConcern(w="majority", j=True))
        collection = database["floor"]
        fact = {"type": "SeatConfirmed", "data": {f"field {number}": "x" * 20 for number in range(12)}}

        async def insert(number: int) -> None:
            await collection.insert_one({"n": number, "time": datetime.now(UTC), "facts": [fact]})

        try:
            yield insert
        finally:
            await client.drop_database("bench")


async def _part(act: Act, at_once: int, many: int, few: int) -> Part:
    numbers = iter(range(many))

    async def lane() -> None:
        for number in numbers:
            await act(number)

    await act(-1)  # opens what is opened when first needed
    begun = time.perf_counter()
    await asyncio.gather(*(lane() for _ in range(at_once)))
    rate = many / (time.perf_counter() - begun)
    taken = []
    for number in range(few):
        begun = time.perf_counter()
        await act(many + number)
        taken.append(time.perf_counter() - begun)
    return Part(rate, sorted(taken)[few // 2] * 1000)
