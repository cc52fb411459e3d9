"""The gateway's database as the web and the worker see it, and all that was published: for tests of people's data."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo.database import Database

from gateway.actions import Person
from gateway.people import People
from gateway.personal.erasing import Erasing
from gateway.personal.erasures import Erasures, erasure_id
from gateway.personal.exports import Exports
from gateway.read_model.queries import Queries
from gongxue_contracts.envelope import BATCH, CloudEvent, batch_from_json, from_json

KEY = "a secret of the tests, long enough"
LIN = Person("lin", "林美惠", "Lin@nchu.example", "zh-Hant", "nchu")
NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)

Documents = Database[dict[str, Any]]


@dataclass
class Sink:
    """Keeps what is published."""

    messages: list[Any] = field(default_factory=list)

    def publish(self, messages: Any) -> None:
        self.messages += messages

    def close(self) -> None:
        """Nothing is open."""

    def events(self) -> list[CloudEvent]:
        """What was published, commands out of their bundles, since the last time."""
        found = []
        for message in self.messages:
            found += (
                batch_from_json(message.body) if message.content_type == BATCH else [from_json(message.body)]
            )
        self.messages.clear()
        return found


@dataclass
class World:
    """The web's view of the database (`run` what it promises) and the worker's."""

    runner: asyncio.Runner
    mine: Any
    database: Documents
    sink: Sink
    told: list[CloudEvent] = field(default_factory=list)
    parked: list[str] = field(default_factory=list)

    def run(self, wish: Any) -> Any:
        return self.runner.run(wish)

    async def tell(self, event: CloudEvent) -> None:
        self.told.append(event)

    @property
    def erasures(self) -> Erasures:
        return Erasures(self.mine, KEY)

    @property
    def exports(self) -> Exports:
        return Exports(self.mine, self.tell, Queries(self.mine))

    @property
    def people(self) -> People:
        return People(self.mine, self.tell)

    @property
    def erasing(self) -> Erasing:
        return Erasing(self.database, self.sink, self._clear)

    def _clear(self, person: str) -> int:
        self.parked.append(person)
        return 0

    def erasure(self) -> dict[str, Any]:
        """As it is stored."""
        return self.database["erasures"].find_one({"_id": erasure_id("lin")}) or {}

    def words(self) -> str:
        """Everything that is stored, as text."""
        return str([list(self.database[name].find()) for name in self.database.list_collection_names()])


def forgotten() -> CloudEvent:
    """Notification has forgotten Lin."""
    data = {"person": "lin", "erasure": erasure_id("lin")}
    return CloudEvent(
        "f", "/center/notification", "notification.person_forgotten.v1", "person:lin", NOW, data
    )
