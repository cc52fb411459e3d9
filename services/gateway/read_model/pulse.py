"""What the worker tells of itself, about once a second: the one way in which the web side hears of it.

    {"_id": "worker", "at": datetime, "broker": True, "behind_since": None, "applied": datetime,
     "queues": [["gateway.facts", 0, 1], …]}                                       name, waiting, consumers

`behind_since` is the time of the oldest fact that is known and not applied: in hand, or behind the last applied one.
"""

from __future__ import annotations

from datetime import UTC, datetime

from pymongo.database import Database

from gateway.read_model.applying import ReadModel
from gateway.read_model.generations import STATE, WORKER
from gateway.storage import Document
from gongxue_chassis.depths import Depth, Depths
from gongxue_chassis.errors import Unavailable
from gongxue_chassis.log.mongo import reachable

FACTS = "gateway.facts"
PARTITIONS_AT_MOST = 64
WATCHED = (
    FACTS,
    "gateway.rebuild",
    "notification.facts",
    *(f"parking.{name}" for name in ("registration", "directory", "notification", "gateway", "unroutable")),
)


class Pulse:
    """Looks at the queues and writes down how things are. Raises Unavailable when the store is away."""

    def __init__(self, database: Database[Document], read_model: ReadModel, depths: Depths) -> None:
        self._state = database[STATE]
        self._read_model = read_model
        self._depths = depths
        self._commands: tuple[str, ...] = ()

    def beat(self) -> None:
        """Once."""
        try:
            seen: dict[str, Depth] | None = self._look()
        except Unavailable:
            seen = None
        now = datetime.now(UTC)
        told = {
            "at": now,
            "broker": seen is not None,
            "behind_since": self._behind_since(seen or {}, now),
            "applied": self._read_model.applied,
        }
        if seen is not None:
            told["queues"] = [[name, depth.waiting, depth.consumers] for name, depth in seen.items()]
            told["broker_at"] = now
        with reachable():
            self._state.update_one({"_id": WORKER}, {"$set": told}, upsert=True)

    def _look(self) -> dict[str, Depth]:
        if not self._commands:
            self._commands = self._partitions()
        return self._depths.look((*WATCHED, *self._commands))

    def _partitions(self) -> tuple[str, ...]:
        """The command queues that there are."""
        found: list[str] = []
        for service in ("registration", "directory"):
            for number in range(PARTITIONS_AT_MOST):
                name = f"commands.{service}.{number}"
                if not self._depths.look([name]):
                    break
                found.append(name)
        return tuple(found)

    def _behind_since(self, seen: dict[str, Depth], now: datetime) -> datetime | None:
        if self._read_model.in_hand:
            return self._read_model.in_hand
        if seen.get(FACTS, Depth(0, 0)).waiting:
            return self._read_model.applied or now
        return None
