"""What the worker does about people's data, in one place for its timers and its queue."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime

from pymongo.database import Database

from gateway.personal.erasing import Erasing
from gateway.personal.exporting import PART, Exporting
from gateway.personal.retention import Retention
from gateway.personal.untold import tell_untold
from gateway.storage import Document
from gongxue_chassis.parking import Parked, ParkingLot
from gongxue_chassis.publisher import MessageSink
from gongxue_contracts.envelope import CloudEvent

_log = logging.getLogger(__name__)


class Office:
    """`lot` is where messages to the gateway are parked. All raise Unavailable when broker or store is away."""

    def __init__(self, database: Database[Document], sink: MessageSink, lot: ParkingLot) -> None:
        self._database = database
        self._sink = sink
        self._lot = lot
        self._erasing = Erasing(database, sink, self._clear_parked)
        self._exporting = Exporting(database, sink)
        self._retention = Retention(database)

    def hear(self, facts: Sequence[CloudEvent]) -> None:
        """What other services answer; other facts are passed over."""
        self._erasing.hear(facts)
        self._exporting.hear(facts)

    def tell_cards(self) -> None:
        """Tell our other services of people whom the web side could not tell of."""
        tell_untold(self._database, self._sink)

    def go_on(self) -> None:
        """Take erasures and exports as far as they go."""
        now = datetime.now(UTC)
        self._erasing.go_on(now)
        self._exporting.go_on(now)

    def tidy(self) -> None:
        """Let go of what has been kept long enough, and of what has come back of people who are erased."""
        now = datetime.now(UTC)
        gone = self._retention.apply(now)
        back = self._erasing.look_after(now)
        if gone or back:
            _log.info("kept long enough: %s; of erased people: %d", dict(gone), back)

    def _clear_parked(self, person: str) -> int:
        """Parts of exports hold names and addresses. Facts hold opaque ids alone, and are not ours to drop."""
        named = f'"{person}"'.encode()

        def unwanted(parked: Parked) -> bool:
            return f".{PART}.".encode() in parked.body and named in parked.body

        return self._lot.discard_where(unwanted)
