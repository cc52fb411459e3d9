"""Who looked at which roster: written where rosters are shown, told to those who stood on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pymongo.asynchronous.database import AsyncDatabase

from gateway.read_model.documents import Registration
from gateway.storage import PEOPLE, ROSTER_VIEWS, Document

MOST = 100


@dataclass(frozen=True, slots=True)
class RosterView:
    """Somebody saw the roster of an activity. `name` is empty for one who is erased."""

    activity: str
    role: str
    name: str
    at: datetime


class RosterViews:
    """Raises PyMongoError when the store is away."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._views = database[ROSTER_VIEWS]
        self._people = database[PEOPLE]

    async def of(self, registrations: Iterable[Registration]) -> list[RosterView]:
        """Who saw these registrations among others since they were made, the latest first."""
        since: dict[str, datetime] = {}
        for one in registrations:
            since[one["activity"]] = min(
                one["registered_at"], since.get(one["activity"], one["registered_at"])
            )
        if not since:
            return []
        found = await self._views.find({"activity": {"$in": sorted(since)}}).to_list()
        seen = sorted(
            (one for one in found if one["at"] >= since[one["activity"]]),
            key=lambda one: one["at"],
            reverse=True,
        )[:MOST]
        names = await self._names({one["who"] for one in seen})
        return [
            RosterView(one["activity"], one["role"], names.get(one["who"], ""), one["at"]) for one in seen
        ]

    async def _names(self, people: set[str]) -> dict[str, str]:
        found = await self._people.find({"_id": {"$in": sorted(people)}}, {"name": 1}).to_list()
        return {one["_id"]: one["name"] for one in found}
