"""Requests that do not end, or do not go on: a real server, real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn

from gateway.serving import wire

GOOD = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"


async def app(scope: Any, receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@asynccontextmanager
async def serving() -> AsyncIterator[int]:
    config = uvicorn.Config(app, port=0, http=wire.CarefulProtocol, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - nobody could tell us
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await task


Scenario = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def play(scenario: Scenario) -> None:
    async def played() -> None:
        async with serving() as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            async with asyncio.timeout(10):
                await scenario(reader, writer)
            writer.close()

    asyncio.run(played())


async def status(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    return int(head.split()[1])


async def ended(reader: asyncio.StreamReader) -> bool:
    try:
        return await reader.read() == b""
    except ConnectionResetError:
        return True


def test_requests_one_after_the_other_are_answered() -> None:
    async def scenario(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(3):
            writer.write(GOOD)
            assert await status(reader) == 204
        writer.write(GOOD + GOOD)
        assert [await status(reader), await status(reader)] == [204, 204]

    play(scenario)


def test_a_head_in_pieces_is_put_together() -> None:
    async def scenario(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for byte in GOOD:
            writer.write(bytes([byte]))
            await writer.drain()
        assert await status(reader) == 204

    play(scenario)


@pytest.mark.parametrize("begin", [b"GET /", b"GET / HTTP/1.1\r\nX: ", b"GET / HTTP/1.1\r\n"])
def test_a_head_without_an_end_is_cut_off(begin: bytes) -> None:
    async def scenario(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(begin)
        filling = b"X: y\r\n" if begin.endswith(b"\r\n") else b"x"
        writer.write(filling * (wire.MOST_HEAD_BYTES // len(filling) + 1))
        assert await status(reader) in (400, 431)
        assert await ended(reader)

    play(scenario)


@pytest.mark.parametrize("begin", [b"", b"GET / HT", GOOD[:-2]])
def test_who_does_not_go_on_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, begin: bytes) -> None:
    monkeypatch.setattr(wire, "HEAD_SECONDS", 0.1)

    async def scenario(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(begin)
        assert await status(reader) == 408
        assert await ended(reader)

    play(scenario)


def test_a_second_request_that_does_not_go_on_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "HEAD_SECONDS", 0.1)

    async def scenario(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(GOOD)
        assert await status(reader) == 204
        writer.write(GOOD[:-2])
        assert await status(reader) == 408

    play(scenario)
