"""Replaying: a service publishes its whole commit log once more, to one queue, while it goes on deciding.

Whoever keeps documents made of facts asks for it with `bus.replay_asked.v1` and makes them anew. The facts of a stream
come in their order, those of different streams one stream after the other, and in the end `bus.replayed.v1` tells that
these were all. How far it has come is on disk, so that a crash repeats a little and loses nothing. A queue that is
full refuses, and is asked again: memory is constant, here and at the broker.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator

from gongxue_chassis.errors import NotConfirmed, Unavailable
from gongxue_chassis.log.commit import Translation
from gongxue_chassis.log.notes import Replay, ReplayNotes
from gongxue_chassis.log.runner import utc_now
from gongxue_chassis.log.store import CommitStore
from gongxue_chassis.origin import source
from gongxue_chassis.publisher import MessageSink, Outgoing
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import JSON, CloudEvent, to_json

ASKED = "bus.replay_asked.v1"
DONE = "bus.replayed.v1"
EXCHANGE = "replay"
WINDOW = 100
"""Facts on their way at once; between two windows commands get their turn."""
NOTE_SECONDS = 1.0
FULL_SECONDS = 0.1
"""After which a queue that was full is tried again."""
_LOOK_SECONDS = 5.0
_PAUSE_AT_MOST = 5.0

_log = logging.getLogger(__name__)


class Replayer:
    """One a process. `run` is its loop; `ask` wakes it."""

    def __init__(
        self,
        service: str,
        store: CommitStore,
        notes: ReplayNotes,
        translate: Callable[[str], Translation],
        sink: MessageSink,
    ) -> None:
        self._service = service
        self._store = store
        self._notes = notes
        self._translate = translate
        self._sink = sink
        self._wake = threading.Event()
        self._stopping = False

    def ask(self, command: CloudEvent) -> None:
        """Replay soon, as `bus.replay_asked.v1` asks. Raises ContractError, Unavailable."""
        data = catalogue.read(ASKED, command.data)
        self._notes.ask(data["rebuild"], data["to"])
        self._wake.set()

    def run(self) -> None:
        """Replay what is asked for until stopped. While broker or store is away, try again with growing pauses."""
        pause = 0.0
        while not self._stopping:
            self._wake.clear()
            try:
                while not self._stopping and (replay := self._notes.take()):
                    self._replay(replay)
                pause = 0.0
            except Unavailable as error:
                pause = min(pause * 2 or 0.25, _PAUSE_AT_MOST)
                _log.warning("the replay waits: %s; trying again in %g s", error, pause)
            self._wake.wait(pause or _LOOK_SECONDS)

    def stop(self) -> None:
        """End the loop after the window in hand; what is left is replayed after the next start."""
        self._stopping = True
        self._wake.set()

    def _replay(self, replay: Replay) -> None:
        _log.info("replaying to %s from %s on", replay.to, replay.stream or "the first stream")
        noted = time.monotonic()
        window: list[Outgoing] = []
        for messages in self._commits(replay):
            window += messages
            if len(window) < WINDOW:
                continue
            if not self._hand_over(replay, window):
                return
            window = []
            if time.monotonic() - noted > NOTE_SECONDS:
                self._notes.note(replay)
                noted = time.monotonic()
            time.sleep(0)
        if self._hand_over(replay, [*window, self._done(replay)]):
            self._notes.note(replay, done=True)
            _log.info("replayed %d facts to %s", replay.facts, replay.to)

    def _commits(self, replay: Replay) -> Iterator[list[Outgoing]]:
        """The messages of each commit that is still to come; the replay knows of it when it is given."""
        begun, after = replay.stream, replay.seq
        for stream in self._store.streams(begun):
            translation = self._translate(stream)
            for commit in self._store.commits_after(stream, after if stream == begun else 0):
                try:
                    facts = translation.facts(commit)
                except Exception:
                    _log.exception("left out of the replay: %s", commit["_id"])
                    replay.unreadable += 1
                    facts = []
                replay.stream, replay.seq = stream, commit["seq"]
                replay.facts += len(facts)
                yield [Outgoing(EXCHANGE, replay.to, to_json(fact), JSON, fact.id) for fact in facts]

    def _hand_over(self, replay: Replay, window: list[Outgoing]) -> bool:
        """True when the broker has them, False if the service stops before."""
        while not self._stopping:
            try:
                self._sink.publish(window)
            except NotConfirmed:
                self._notes.hold(replay)
                time.sleep(FULL_SECONDS)
            else:
                return True
        return False

    def _done(self, replay: Replay) -> Outgoing:
        data = {
            "rebuild": replay.id,
            "service": self._service,
            "facts": replay.facts,
            "unreadable": replay.unreadable,
        }
        event = CloudEvent(
            id=f"{replay.id}.{self._service}",
            source=source(self._service),
            type=DONE,
            subject=f"replay:{replay.id}",
            time=utc_now(),
            data=catalogue.write(DONE, data),
        )
        return Outgoing(EXCHANGE, replay.to, to_json(event), JSON, event.id)
