"""The timekeeper: publishes what streams want to be told when its moment comes, as ordinary commands.

Any number of processes may watch. A timer is told at least once, by whoever finds it due first, and perhaps by another
too; its command has the same id each time, so that its stream answers it once. It is forgotten when the broker has
confirmed the command. Nobody waits for an answer, so none is asked for.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from gongxue_chassis import faults
from gongxue_chassis.errors import Unavailable
from gongxue_chassis.log import timers
from gongxue_chassis.log.runner import utc_now
from gongxue_chassis.log.store import Armed, CommitStore
from gongxue_chassis.origin import PROVIDER, commands_of
from gongxue_chassis.publisher import MessageSink, Outgoing
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import BATCH, CloudEvent, batch_to_json

LOOK_SECONDS = 5.0
"""So often the store is looked into at least: another process may have set a timer, or died before it told one."""
AT_ONCE = 50
"""Streams of which the timers are told together."""
_PAUSE_AT_MOST = 5.0

_log = logging.getLogger(__name__)


class Timekeeper:
    """One a process. `run` is its loop; `look` wakes it."""

    def __init__(
        self, service: str, store: CommitStore, sink: MessageSink, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._service = service
        self._store = store
        self._sink = sink
        self._clock = clock
        self._wake = threading.Event()
        self._stopping = False

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
                return min((armed[0].next - now).total_seconds(), LOOK_SECONDS)
            else:
                return LOOK_SECONDS
        return 0.0

    def _tell(self, armed: Sequence[Armed], now: datetime) -> None:
        commands = [
            timers.command(self._service, one.stream, timer)
            for one in armed
            for timer in sorted(one.timers, key=lambda timer: timer["at"])
            if timer["at"] <= now
        ]
        self._sink.publish([self._outgoing(command) for command in commands])
        faults.point("told")
        for one in armed:
            self._store.disarm(one, [timer for timer in one.timers if timer["at"] > now])

    def _outgoing(self, command: CloudEvent) -> Outgoing:
        """A bundle of one, into the partition of its stream."""
        key = catalogue.command_key(PROVIDER, command.type)
        headers = {"stream": command.subject}
        return Outgoing(commands_of(self._service), key, batch_to_json([command]), BATCH, command.id, headers)
