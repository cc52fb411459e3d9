"""The relay: publishes what was committed, in order, and only then marks it as published.

A commit wakes it. What a crash left, or what was more than it keeps in memory, it reads from the store; so a fact is
published at least once, and the facts of a stream in their order.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable

from gongxue_chassis import faults
from gongxue_chassis.errors import Unavailable
from gongxue_chassis.log.commit import Document, Translation
from gongxue_chassis.log.runner import Committed
from gongxue_chassis.log.store import CommitStore
from gongxue_chassis.publisher import MessageSink, Outgoing
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import JSON, CloudEvent, to_json

_log = logging.getLogger(__name__)
_BATCH = 50
_SWEEP_SECONDS = 15.0
_KEPT_IN_MEMORY = 2_000


_PRIVATE = frozenset(entry.type for entry in catalogue.entries() if entry.kind == "private")


def outgoing(event: CloudEvent) -> Outgoing:
    """The message of a fact: on `events` under its tenant, or on `private` where no partner can listen."""
    body = to_json(event)
    if event.type in _PRIVATE:
        return Outgoing("private", event.type, body, JSON, event.id)
    return Outgoing("events", catalogue.fact_key(event.tenant, event.type), body, JSON, event.id)


class Relay:
    """One a process and aggregate. `run` is its loop; `committed` wakes it."""

    def __init__(
        self, store: CommitStore, translate: Callable[[str], Translation], sink: MessageSink
    ) -> None:
        self._store = store
        self._translate = translate
        self._sink = sink
        self._fresh: deque[Committed] = deque()
        self._wake = threading.Event()
        self._behind = True
        self._missed = False
        self._stopping = False

    def committed(self, commit: Committed) -> None:
        """Publish this commit soon."""
        if self._behind or len(self._fresh) >= _KEPT_IN_MEMORY:
            self._behind = self._missed = True
        else:
            self._fresh.append(commit)
        self._wake.set()

    def run(self) -> None:
        """Publish until stopped. While broker or store is away, try again with growing pauses."""
        pause = 0.0
        while not self._stopping:
            try:
                self._publish_fresh()
                self._sweep()
                pause = 0.0
            except Unavailable as error:
                pause = min(pause * 2 or 0.25, 5.0)
                _log.warning("facts wait: %s; trying again in %g s", error, pause)
                self._behind = True
                self._fresh.clear()
                self._wait(pause)
                continue
            if not self._fresh and not self._wait(_SWEEP_SECONDS):
                self._behind = True

    def stop(self) -> None:
        """End the loop after what it is publishing now. What is pending stays so in the store."""
        self._stopping = True
        self._wake.set()

    def _wait(self, seconds: float) -> bool:
        woken = self._wake.wait(seconds)
        self._wake.clear()
        return woken

    def _publish_fresh(self) -> None:
        while self._fresh and not self._stopping:
            some = [self._fresh.popleft() for _ in range(min(_BATCH, len(self._fresh)))]
            self._publish((c.document, c.facts) for c in some)

    def _sweep(self) -> None:
        """Publish what the store still has as pending; while that lasts, new commits are left to it as well."""
        while self._behind and not self._stopping:
            self._missed = False
            found = self._store.pending(_BATCH)
            self._publish(
                (document, self._translate(document["stream"]).facts(document)) for document in found
            )
            self._behind = bool(found) or self._missed

    def _publish(self, commits: Iterable[tuple[Document, list[CloudEvent]]]) -> None:
        messages, ids = [], []
        for document, facts in commits:
            messages += [outgoing(event) for event in facts]
            late = self._translate(document["stream"]).late_refusals(document)
            messages += [outgoing(event) for event in late]
            ids.append(document["_id"])
        if ids:
            self._sink.publish(messages)
            faults.point("published")
            self._store.mark_published(ids)
