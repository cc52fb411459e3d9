"""A cheap load generator: prepared requests over kept connections, as many at a time as there are connections.

It shares the machine with what it measures. So it reads no more of an answer than it must, makes no object for a
header, and tells how much of a processor it took.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

_HEAD_END = b"\r\n\r\n"
_LENGTH = b"content-length:"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, seconds from the first byte sent to the last received, headers and body.

    `at` is when that was, by `time.perf_counter`.
    """

    status: int
    seconds: float
    head: bytes
    body: bytes
    at: float


@dataclass(frozen=True, slots=True)
class Run:
    """The answers in the order of the requests; seconds from the first request to the last answer."""

    answers: Sequence[Answer]
    seconds: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.answers) / self.seconds

    def percentile(self, hundredths: float) -> float:
        """Seconds within which this share of the answers came."""
        taken = sorted(answer.seconds for answer in self.answers)
        return taken[min(int(len(taken) * hundredths), len(taken) - 1)]


class Lost(Exception):
    """The server closed a connection in the middle."""


def request(
    method: str, path: str, host: str, headers: dict[str, str] | None = None, body: bytes | None = None
) -> bytes:
    """The bytes of a request."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + _HEAD_END + (body or b"")


@dataclass
class _Work:
    """What all connections take their requests from, and where they leave the answers."""

    requests: Iterator[tuple[int, bytes]]
    answers: dict[int, Answer]
    left: int
    done: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class _Connection(asyncio.Protocol):
    def __init__(self, work: _Work) -> None:
        self._work = work
        self._received = b""
        self._number = -1
        self._sent = 0.0
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def next(self) -> None:
        """Send the next request, if there is one."""
        number, content = next(self._work.requests, (-1, b""))
        self._number = number
        if number >= 0:
            self._sent = time.perf_counter()
            self.transport.write(content)

    def data_received(self, data: bytes) -> None:
        self._received = received = self._received + data if self._received else data
        end = received.find(_HEAD_END)
        if end < 0:
            return
        whole = end + 4 + _length(received[:end])
        if len(received) < whole:
            return
        work = self._work
        now = time.perf_counter()
        work.answers[self._number] = Answer(
            int(received[9:12]), now - self._sent, received[:end], received[end + 4 : whole], now
        )
        self._received = b""
        work.left -= 1
        if work.left:
            self.next()
        else:
            work.done.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        if self._number >= 0 and not self._work.done.done():
            self._work.done.set_exception(Lost(repr(error)))


def _length(head: bytes) -> int:
    lower = head.lower()
    start = lower.find(_LENGTH)
    if start < 0:
        return 0
    start += len(_LENGTH)
    end = lower.find(b"\r", start)
    return int(lower[start : end if end >= 0 else None])


async def drive(host: str, requests: Sequence[bytes], at_once: int) -> Run:
    """Send all requests, `at_once` at a time. `host` is `address:port`. Raises Lost."""
    loop = asyncio.get_running_loop()
    work = _Work(iter(enumerate(requests)), {}, len(requests))
    address, _, port = host.rpartition(":")
    connections = [
        (await loop.create_connection(lambda: _Connection(work), address, int(port)))[1]
        for _ in range(min(at_once, len(requests)))
    ]
    begun = time.perf_counter()
    try:
        for connection in connections:
            connection.next()
        await work.done
        seconds = time.perf_counter() - begun
    finally:
        for connection in connections:
            connection.transport.close()
    return Run([work.answers[number] for number in range(len(requests))], seconds)
