"""The timekeeper: publishes what streams want to be told when its moment comes, as ordinary commands.

Any number of processes may watch. A timer is told at least once, by whoever finds it due first, and perhaps by another
too; its command has the same id each time, so that its stream answers it once. It is forgotten when the broker has
confirmed the command. Nobody waits for an answer, so none is asked for.

A timer that cannot be read, or of which no command can be made, is logged, counted and set aside in the store; all
others are told.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gongxue_chassis import faults
from gongxue_chassis.errors import Unavailable
from gongxue_chassis.log import timers
from gongxue_chassis.log.commit import Document
from gongxue_chassis.log.runner import utc_now
from gongxue_chassis.log.store import Armed, CommitStore
from gongxue_chassis.origin import PROVIDER, commands_of
from gongxue_chassis.publisher import MessageSink, Outgoing
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import BATCH, CloudEvent, MalformedEvent, batch_to_json

LOOK_SECONDS = 5.0
"""So often the store is looked into at least: another process may have set a timer, or died before it told one."""
AT_ONCE = 50
"""Streams of which the timers are told together."""
_PAUSE_AT_MOST = 5.0
_UNFIT = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, MalformedEvent)
"""What reading a timer of the wrong shape raises."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Due:
    """The timers of a stream: what is to be told now, what waits for its moment, and what cannot be read, with why."""

    told: list[tuple[datetime, Outgoing]] = field(default_factory=list)
    left: list[Document] = field(default_factory=list)
    fit: list[Document] = field(default_factory=list)
    unfit: list[Document] = field(default_factory=list)


class Timekeeper:
    """One a process. `run` is its loop; `look` wakes it; `set_aside` counts the timers that it could not read."""

    def __init__(
        self, service: str, store: CommitStore, sink: MessageSink, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._service = service
        self._store = store
        self._sink = sink
        self._clock = clock
        self._wake = threading.Event()
        self._stopping = False
        self.set_aside = 0

    def look(self) -> None:
        """Timers have been set, perhaps one that is due before those that are known."""
        self._wake.set()

    def run(self) -> None:
        """Tell what is due until stopped. While broker or store is away, try again with growing pauses."""
        pause = 0.0
        while not self._stopping:
            self._wake.clear()
            try:
                rest = self._tell_all()
                pause = 0.0
            except Unavailable as error:
                rest = pause = min(pause * 2 or 0.25, _PAUSE_AT_MOST)
                _log.warning("timers wait: %s; trying again in %g s", error, pause)
            self._wake.wait(rest)

    def stop(self) -> None:
        """End the loop after what is being told now. The others stay in the store."""
        self._stopping = True
        self._wake.set()

    def _tell_all(self) -> float:
        """Tell all that is due. The seconds until it is time to look again. Raises Unavailable."""
        while not self._stopping:
            now = self._clock()
            armed = self._store.armed(AT_ONCE)
            due = [one for one in armed if one.next <= now]
            if due:
                self._tell(due, now)
            elif armed:
                first = min(one.next for one in armed)
                return min((first - now).total_seconds(), LOOK_SECONDS)
            else:
                return LOOK_SECONDS
        return 0.0

    def _tell(self, armed: list[Armed], now: datetime) -> None:
        """Tell what is due of these streams; what is with something unfit is told when that is set aside."""
        found = [(one, self._due(one, now)) for one in armed]
        for one, due in found:
            if due.unfit:
                self._put_aside(one, due)
        fit = [(one, due) for one, due in found if not due.unfit]
        told = [outgoing for _, due in fit for _, outgoing in sorted(due.told, key=lambda each: each[0])]
        if told:
            self._sink.publish(told)
            faults.point("told")
        for one, due in fit:
            self._store.disarm(one, due.left)

    def _due(self, armed: Armed, now: datetime) -> _Due:
        due = _Due()
        if not isinstance(armed.seq, int):
            due.unfit.append({"timer": None, "why": f"set by the commit {armed.seq!r}"})
        held: Any = armed.timers
        if not isinstance(held, list):
            due.unfit.append({"timer": held, "why": "not a list"})
            return due
        for timer in held:
            try:
                if timer["at"] <= now:
                    due.told.append((timer["at"], self._outgoing(armed.stream, timer)))
                else:
                    due.left.append(timer)
                due.fit.append(timer)
            except _UNFIT as error:
                due.unfit.append({"timer": timer, "why": f"{type(error).__name__}: {error}"})
        return due

    def _put_aside(self, armed: Armed, due: _Due) -> None:
        self._store.set_aside(armed, due.fit, due.unfit)
        for one in due.unfit:
            self.set_aside += 1
            _log.error(
                "timer set aside, the %d. of this process: %s@%s: %s: %r",
                self.set_aside,
                armed.stream,
                armed.seq,
                one["why"],
                one["timer"],
            )

    def _outgoing(self, stream: str, timer: Document) -> Outgoing:
        """A bundle of one, into the partition of its stream. Raises one of _UNFIT."""
        command: CloudEvent = timers.command(self._service, stream, timer)
        key = catalogue.command_key(PROVIDER, command.type)
        headers = {"stream": command.subject}
        return Outgoing(commands_of(self._service), key, batch_to_json([command]), BATCH, command.id, headers)
