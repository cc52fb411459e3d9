"""HTTP/1.1 as it comes over the wire: a request's head is small and comes at once, or the connection ends.

The server itself waits for a head for ever and takes one of any size; what sends one byte a minute, or never stops,
would hold a connection and memory as long as it likes.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEAD_BYTES = 32 * 1024
"""Of the first line and all header fields together."""
HEAD_SECONDS = 10.0

_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class CarefulProtocol(HttpToolsProtocol):
    """uvicorn's, with an end to waiting."""

    _in_head = True
    _head_bytes = 0
    _too_slow: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._too_slow = self.loop.call_later(HEAD_SECONDS, self._end, _TOO_SLOW)

    def data_received(self, data: bytes) -> None:
        before = self._in_head
        super().data_received(data)
        if not self._in_head:
            if self._too_slow is not None:
                self._too_slow.cancel()
                self._too_slow = None
            return
        self._head_bytes += len(data) if before else 0
        if self._head_bytes > MOST_HEAD_BYTES:
            self._end(_TOO_LARGE)
        elif self._too_slow is None:
            self._too_slow = self.loop.call_later(HEAD_SECONDS, self._end, _TOO_SLOW)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._too_slow is not None:
            self._too_slow.cancel()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        self._in_head = True
        self._head_bytes = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        super().on_headers_complete()

    def _end(self, words: bytes) -> None:
        if not self.transport.is_closing():
            if self.cycle is None or self.cycle.response_complete:
                self.transport.write(words)
            self.transport.close()
