"""People who use the API over HTTP/1.1, each on a connection of their own. Small, for it shares the machine."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from httptools import HttpResponseParser

ORIGIN = "/api/v1"


class Unanswered(Exception):
    """The connection broke or nothing came in time: what became of the wish is unknown."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response; the names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body's value."""
        return json.loads(self.body)


class Connection(asyncio.Protocol):
    """One request at a time, with its answer. Opened when it is needed, anew after it was lost."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Answer] | None = None
        self._begin()

    async def ask(self, request: bytes, seconds: float) -> Answer:
        """Raises Unanswered."""
        try:
            async with asyncio.timeout(seconds):
                if self._transport is None or self._transport.is_closing():
                    loop = asyncio.get_running_loop()
                    await loop.create_connection(lambda: self, self._host, self._port)
                self._waiting = asyncio.get_running_loop().create_future()
                assert self._transport is not None
                self._transport.write(request)
                return await self._waiting
        except (OSError, TimeoutError) as error:
            self.close()
            raise Unanswered(repr(error)) from error

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()
        self._transport = self._waiting = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._begin()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionResetError("hung up"))

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        answer = Answer(self._parser.get_status_code(), self._headers, b"".join(self._body))
        self._begin()
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(answer)

    def _begin(self) -> None:
        self._parser = HttpResponseParser(self)
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []


@dataclass
class Visitor:
    """A person at the door `url`. `seconds`: how long they wait for an answer."""

    url: str
    person: str
    seconds: float = 10.0
    cookie: str = ""
    _connection: Connection = field(init=False)

    def __post_init__(self) -> None:
        self._host = self.url.removeprefix("http://")
        host, _, port = self._host.partition(":")
        self._connection = Connection(host, int(port))

    async def sign_in(self) -> None:
        """Be this person from now on."""
        answer = await self.ask("POST", "/session", {"person": self.person})
        assert answer.status == 200, answer
        self.cookie = answer.headers["set-cookie"].partition(";")[0]

    async def ask(self, method: str, path: str, body: Any = None, key: str = "") -> Answer:
        """Whatever comes back. Raises Unanswered."""
        content = b"" if body is None else json.dumps(body).encode()
        lines = [
            f"{method} {ORIGIN}{path} HTTP/1.1",
            f"Host: {self._host}",
            f"Content-Length: {len(content)}",
        ]
        if content:
            lines.append("Content-Type: application/json")
        if key:
            lines.append(f"Idempotency-Key: {key}")
        if self.cookie:
            lines.append(f"Cookie: {self.cookie}")
        request = "\r\n".join(lines).encode() + b"\r\n\r\n" + content
        return await self._connection.ask(request, self.seconds)

    def double(self) -> Visitor:
        """The same person in a second window."""
        return Visitor(self.url, self.person, self.seconds, self.cookie)

    def leave(self) -> None:
        """Hang up."""
        self._connection.close()
