"""What changes while somebody looks on: server-sent events, made of states.

A `Watch` reads one thing again and again for all who listen to it in this process: however many they are, an activity
is read once a second. Each listener is sent those items of the state that it has not seen as they are now. The id of
an event stands for the whole state after it: whoever comes back with that id as `Last-Event-ID` is sent nothing until
something is different, at whichever process.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from pymongo.errors import PyMongoError

from gateway.api_settings import ApiSettings
from gateway.problems import Problem

HEARTBEAT_SECONDS = 15.0
"""After so long without an event a comment is sent, so that nobody on the way takes the connection for dead."""
ACTIVITY_SECONDS = 1.0
STILL_SECONDS = 1.0
"""So often it is looked whether a listener may still listen."""
PERSONS_A_SECOND = 50
"""Reading what belongs to each who listens takes no more of the store than this."""
COME_BACK_SECONDS = 3
_MOST_ITEMS = 100

_log = logging.getLogger(__name__)
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode

Read = Callable[[], Awaitable[Mapping[str, Any] | None]]
"""The items of a state by name, plain JSON values; None when there is nothing any more."""
Still = Callable[[], Awaitable[bool]]
"""Whether the listener may still listen."""


@dataclass(frozen=True, slots=True)
class State:
    """Items as JSON, and an id of them all."""

    id: str
    items: Mapping[str, str]


class Streams:
    """Who listens, and how many at most. `close` ends all streams: the process wants to stop."""

    def __init__(self, settings: ApiSettings) -> None:
        self._settings = settings
        self._open: Counter[str] = Counter()
        self._watches: dict[str, Watch] = {}
        self.closed = False

    def close(self) -> None:
        """End all streams; browsers come back, to another process or to the next one."""
        self.closed = True
        for watch in self._watches.values():
            watch.wake()

    @contextmanager
    def place(self, client: str) -> Iterator[None]:
        """A place for one stream of the client. Raises Problem too_many_streams."""
        full = self._open.total() >= self._settings.streams
        if full or self._open[client] >= self._settings.streams_of_one:
            raise Problem("too_many_streams", headers={"Retry-After": "30"})
        self._open[client] += 1
        try:
            yield
        finally:
            self._open[client] -= 1
            if not self._open[client]:
                del self._open[client]

    async def events(
        self, key: str, name: str, read: Read, *, last: str | None, still: Still | None = None
    ) -> AsyncGenerator[bytes]:
        """What a listener is sent. Those of one `key` share the readings; `last` is their Last-Event-ID."""
        now = asyncio.get_running_loop().time
        ends, quiet_until = now() + self._settings.stream_seconds, now() + HEARTBEAT_SECONDS
        sent: Mapping[str, str] = {}
        yield f"retry: {COME_BACK_SECONDS * 1000}\n\n".encode()
        with self._listening(key, read) as watch:
            while not (self.closed or watch.ended) and now() < ends:
                state, changed = watch.state, watch.changed
                if state is not None and state.id != last:
                    yield _written(name, state, sent)
                    last, quiet_until = state.id, now() + HEARTBEAT_SECONDS
                elif now() >= quiet_until:
                    yield b": still here\n\n"
                    quiet_until = now() + HEARTBEAT_SECONDS
                sent = state.items if state is not None else sent
                with suppress(TimeoutError):
                    pause = min(quiet_until, ends) - now()
                    async with asyncio.timeout(max(0.0, min(pause, STILL_SECONDS) if still else pause)):
                        await changed.wait()
                if still is not None and not await still():
                    return

    @contextmanager
    def _listening(self, key: str, read: Read) -> Iterator[Watch]:
        watch = self._watches.get(key)
        if watch is None:
            watch = self._watches[key] = Watch(read, self._pause if key.startswith("person:") else None)
        watch.listeners += 1
        try:
            yield watch
        finally:
            watch.listeners -= 1
            if not watch.listeners:
                watch.stop()
                del self._watches[key]

    def _pause(self) -> float:
        persons = sum(key.startswith("person:") for key in self._watches)
        return max(ACTIVITY_SECONDS, persons / PERSONS_A_SECOND)


class Watch:
    """Reads until nobody listens any more. `changed` is set once, when the state is another one."""

    def __init__(self, read: Read, pause: Callable[[], float] | None = None) -> None:
        self._read = read
        self._pause = pause or (lambda: ACTIVITY_SECONDS)
        self._task = asyncio.create_task(self._watch())
        self.listeners = 0
        self.state: State | None = None
        self.changed = asyncio.Event()
        self.ended = False

    def wake(self) -> None:
        """Let all listeners look."""
        changed, self.changed = self.changed, asyncio.Event()
        changed.set()

    def stop(self) -> None:
        """Read no more."""
        self._task.cancel()

    async def _watch(self) -> None:
        while not self.ended:
            try:
                items = await self._read()
            except PyMongoError as error:
                _log.warning("not read for those who listen: %s", error)
            else:
                self._take(items)
            await asyncio.sleep(self._pause())

    def _take(self, items: Mapping[str, Any] | None) -> None:
        if items is None:
            self.ended = True
            self.wake()
            return
        state = _state(items)
        if self.state is None or self.state.id != state.id:
            self.state = state
            self.wake()


def _state(items: Mapping[str, Any]) -> State:
    written = {name: _encode(item) for name, item in list(items.items())[:_MOST_ITEMS]}
    whole = "\n".join(written[name] for name in sorted(written))
    return State(hashlib.sha256(whole.encode()).hexdigest()[:24], written)


def _written(name: str, state: State, sent: Mapping[str, str]) -> bytes:
    """An event for each item that is not as it was sent. The last one has the id: what was cut off comes again."""
    news = [item for key, item in state.items.items() if sent.get(key) != item]
    events = [f"event: {name}\ndata: {item}\n" for item in news]
    return ("\n".join(events) + f"id: {state.id}\n\n").encode()
