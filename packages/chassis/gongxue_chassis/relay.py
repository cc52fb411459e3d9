"""The relay: publishes what was committed, in order, sets its timers, and only then marks it as published.

A commit wakes it. What a crash left, or what was more than it keeps in memory, it reads from the store; so a fact is
published at least once, and the facts of a stream in their order.

Marks wait until no commit has come for a moment: a mark costs the store more than a commit, and if one is lost its
facts are published once more, which changes nothing for those who hear them.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable
from itertools import islice

from gongxue_chassis import faults
from gongxue_chassis.errors import Unavailable
from gongxue_chassis.log.commit import Document, Translation
from gongxue_chassis.log.runner import Committed
from gongxue_chassis.log.store import CommitStore
from gongxue_chassis.origin import way
from gongxue_chassis.publisher import MessageSink, Outgoing
from gongxue_contracts.envelope import JSON, CloudEvent, to_json

_log = logging.getLogger(__name__)
_BATCH = 50
_SWEEP_SECONDS = 15.0
_KEPT_IN_MEMORY = 2_000
QUIET_SECONDS = 0.5
MARK_SECONDS = 10.0
"""So long marks may wait until for `QUIET_SECONDS` no commit has come."""
_MARKED_AT_ONCE = 50
_UNMARKED_AT_MOST = 2_000
_GATHER_SECONDS = 0.02
"""After a commit whoever asked for it is answered first. In a rush, facts in dozens cost the broker half."""


def outgoing(event: CloudEvent) -> Outgoing:
    """The message of a fact."""
    exchange, key = way(event)
    return Outgoing(exchange, key, to_json(event), JSON, event.id)


class Relay:
    """One a process and aggregate. `run` is its loop; `committed` wakes it. `on_timers` hears that some were set."""

    def __init__(
        self, store: CommitStore, translate: Callable[[str], Translation], sink: MessageSink
    ) -> None:
        self._store = store
        self._translate = translate
        self._sink = sink
        self._fresh: deque[Committed] = deque()
        self._wake = threading.Event()
        self._unmarked: deque[str] = deque()
        self._mark_at = self._mark_by = 0.0
        self._behind = True
        self._missed = False
        self._stopping = False
        self.on_timers: Callable[[], None] = lambda: None

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
            self._wake.clear()
            try:
                self._publish_fresh()
                self._sweep()
                self._mark_if_due()
                pause = 0.0
            except Unavailable as error:
                pause = min(pause * 2 or 0.25, 5.0)
                _log.warning("facts wait: %s; trying again in %g s", error, pause)
                self._behind = True
                self._fresh.clear()
                self._wake.wait(pause)
                continue
            self._rest()
        self._mark_what_can_be()

    def stop(self) -> None:
        """End the loop after what it is publishing now. What is pending stays so in the store."""
        self._stopping = True
        self._wake.set()

    def _rest(self) -> None:
        """Until there is something to publish or to mark, or it is time to look into the store."""
        if self._unmarked:
            woken = self._wake.wait(max(self._mark_at - time.monotonic(), 0))
        else:
            woken = self._wake.wait(_SWEEP_SECONDS)
            self._behind |= not woken
        if woken and not self._stopping:
            time.sleep(_GATHER_SECONDS)

    def _publish_fresh(self) -> None:
        while self._fresh and not self._stopping:
            some = [self._fresh.popleft() for _ in range(min(_BATCH, len(self._fresh)))]
            self._publish((c.document, c.facts) for c in some)

    def _sweep(self) -> None:
        """Publish what the store still has as pending; while that lasts, new commits are left to it as well."""
        while self._behind and not self._stopping:
            self._missed = False
            self._mark()
            found = self._store.pending(_BATCH)
            self._publish(
                (document, self._translate(document["stream"]).facts(document)) for document in found
            )
            self._behind = bool(found) or self._missed

    def _publish(self, commits: Iterable[tuple[Document, list[CloudEvent]]]) -> None:
        messages, ids = [], []
        timers: dict[str, Document] = {}
        for document, facts in commits:
            messages += [outgoing(event) for event in facts]
            late = self._translate(document["stream"]).late_refusals(document)
            messages += [outgoing(event) for event in late]
            ids.append(document["_id"])
            if "timers" in document:
                timers[document["stream"]] = document
        if ids:
            self._sink.publish(messages)
            faults.point("published")
            self._arm(timers.values())
            now = time.monotonic()
            self._mark_by = self._mark_by if self._unmarked else now + MARK_SECONDS
            self._mark_at = min(now + QUIET_SECONDS, self._mark_by)
            self._unmarked += ids

    def _arm(self, commits: Collection[Document]) -> None:
        """Set the timers that these commits have, each the last of its stream."""
        for commit in commits:
            self._store.arm(commit["stream"], commit["seq"], commit["timers"])
        if commits:
            self.on_timers()

    def _mark_if_due(self) -> None:
        """Facts that have come meanwhile go first."""
        while len(self._unmarked) > _UNMARKED_AT_MOST or (
            self._unmarked and not self._fresh and time.monotonic() >= self._mark_at
        ):
            self._mark_some()

    def _mark(self) -> None:
        while self._unmarked:
            self._mark_some()

    def _mark_some(self) -> None:
        some = list(islice(self._unmarked, _MARKED_AT_ONCE))
        self._store.mark_published(some)
        for _ in some:
            self._unmarked.popleft()

    def _mark_what_can_be(self) -> None:
        try:
            self._mark()
        except Unavailable as error:
            _log.info("published, not marked, and therefore published once more at the next start: %s", error)
