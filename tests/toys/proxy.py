"""A wire that can be cut, or hold back what the other side says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit


class Wire:
    """Stands between a client and `host:port`."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._writers: set[asyncio.StreamWriter] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()

    def cut(self) -> None:
        """End all connections as if the other side had died. New ones are let through."""
        for writer in self._writers:
            writer.transport.abort()

    def hold(self) -> None:
        """From now on nothing that the other side says arrives."""
        self._flowing.clear()

    def release(self) -> None:
        """What was held back arrives."""
        self._flowing.set()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        their_reader, their_writer = await asyncio.open_connection(*self._target)
        self._writers |= {writer, their_writer}
        await asyncio.gather(
            self._carry(reader, their_writer, held=False),
            self._carry(their_reader, writer, held=True),
            return_exceptions=True,
        )

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, held: bool) -> None:
        try:
            while data := await source.read(65_536):
                if held:
                    await self._flowing.wait()
                target.write(data)
                await target.drain()
        finally:
            target.close()


@asynccontextmanager
async def wire(uri: str) -> AsyncIterator[tuple[Wire, str]]:
    """A wire to the host of the URI, and the URI that leads through it."""
    parts = urlsplit(uri)
    between = Wire(parts.hostname or "", parts.port or 0)
    server = await asyncio.start_server(between.connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    credentials = parts.netloc.rpartition("@")[0]
    try:
        yield between, parts._replace(netloc=f"{credentials}@127.0.0.1:{port}").geturl()
    finally:
        server.close()
        between.cut()
        await server.wait_closed()
