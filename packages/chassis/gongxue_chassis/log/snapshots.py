"""Snapshots: taken in the background, from the log and not from the state that commands are being decided on."""

from __future__ import annotations

import logging
import threading
from typing import Any

from gongxue_chassis.aggregate import Aggregate
from gongxue_chassis.errors import Unavailable, Unreadable
from gongxue_chassis.log.store import CommitStore
from gongxue_chassis.log.warm import Warm, freeze, read

_log = logging.getLogger(__name__)
_AT_LEAST = 2_000


def due(warm: Warm[Any]) -> bool:
    """True when the facts since the newest snapshot are many, and a quarter of all: the cost a fact stays constant."""
    return warm.facts - warm.kept >= max(_AT_LEAST, warm.facts // 4)


class Snapshotter:
    """Takes snapshots of the streams that were found due, one after the other."""

    def __init__(self, store: CommitStore) -> None:
        self._store = store
        self._due: dict[str, Aggregate[Any]] = {}
        self._wake = threading.Event()
        self._stopping = False

    def consider(self, aggregate: Aggregate[Any], warm: Warm[Any]) -> None:
        """Take a snapshot of this stream soon, if it is due."""
        if due(warm):
            warm.kept = warm.facts
            self._due[warm.stream] = aggregate
            self._wake.set()

    def run(self) -> None:
        """Take snapshots until stopped."""
        while not self._stopping:
            self._wake.wait()
            self._wake.clear()
            while self._due and not self._stopping:
                stream, aggregate = self._due.popitem()
                try:
                    self.take(aggregate, stream)
                except (Unavailable, Unreadable) as error:
                    _log.warning("no snapshot of %s this time: %s", stream, error)

    def take(self, aggregate: Aggregate[Any], stream: str) -> None:
        """Fold the stream once more, beside the warm state, and keep the result."""
        self._store.save_snapshot(freeze(aggregate, read(aggregate, self._store, stream)))

    def stop(self) -> None:
        """End the loop. A snapshot half taken is never read and is overwritten by the next."""
        self._stopping = True
        self._wake.set()
