"""A cache for a breath: what everybody asks for at once is read once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from pymongo.errors import PyMongoError

_log = logging.getLogger(__name__)

_NOTHING: Any = object()
Value = TypeVar("Value")


@dataclass(slots=True)
class _Entry:
    value: Any = _NOTHING
    fresh_until: float = 0.0
    loading: asyncio.Task[Any] | None = None


class MicroCache:
    """Keeps each value for `seconds`. Callers that come while it is read wait for the same read.

    When the store does not answer, the last value is given as long as it is held: pages go on showing what
    was. After the first read that failed nobody waits for another, until one succeeds.
    """

    def __init__(self, seconds: float = 1.0, most: int = 5_000) -> None:
        self._seconds = seconds
        self._most = most
        self._entries: dict[Hashable, _Entry] = {}
        self._failing = False

    def fresh(self, key: Hashable) -> Any:
        """The value if it is fresh, else None (also for a fresh None)."""
        entry = self._entries.get(key)
        if entry is None or entry.fresh_until <= asyncio.get_running_loop().time():
            return None
        return entry.value

    async def get(self, key: Hashable, load: Callable[[], Awaitable[Value]]) -> Value:
        """The value of `key`, read with `load` unless it is fresh. Raises what `load` raises."""
        entry = self._entries.get(key)
        if entry is None:
            if len(self._entries) >= self._most:
                self._entries.clear()
            entry = self._entries[key] = _Entry()
        elif entry.fresh_until > asyncio.get_running_loop().time():
            return cast(Value, entry.value)
        if entry.loading is None:
            entry.loading = asyncio.create_task(self._load(entry, load))
        if self._failing and entry.value is not _NOTHING:
            return cast(Value, entry.value)
        # Shielded: a caller that goes away must not take the read from the others.
        return cast(Value, await asyncio.shield(entry.loading))

    def change(self, key: Hashable, change: Callable[[Any], Any]) -> None:
        """Put another value in the place of one that is fresh, for the rest of its time."""
        entry = self._entries.get(key)
        if entry is not None and entry.fresh_until > asyncio.get_running_loop().time():
            entry.value = change(entry.value)

    def drop(self, key: Hashable) -> None:
        """Forget the value: who asks from now on gets what is read from now on."""
        self._entries.pop(key, None)

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()

    async def _load(self, entry: _Entry, load: Callable[[], Awaitable[Any]]) -> Any:
        try:
            entry.value = await load()
            self._failing = False
        except PyMongoError as error:
            begins, self._failing = not self._failing, True
            if entry.value is _NOTHING:
                raise
            if begins:
                _log.warning("showing what was known before: %s", error)
        finally:
            entry.loading = None
        entry.fresh_until = asyncio.get_running_loop().time() + self._seconds
        return entry.value
