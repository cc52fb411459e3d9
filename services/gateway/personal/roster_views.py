"""Who looked at which roster: written where rosters are shown, told to those who stood on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pymongo.asynchronous.database import AsyncDatabase

from gateway.access.rosters import OF_MEMBERS
from gateway.read_model.documents import Registration
from gateway.read_model.sigs import Membership
from gateway.storage import PEOPLE, ROSTER_VIEWS, Document

MOST = 100

Spell = tuple[datetime, datetime | None]


@dataclass(frozen=True, slots=True)
class RosterView:
    """Somebody saw the roster of an `activity` or the members of a `sig`: the other is None.

    `name` is empty for one who is erased.
    """

    activity: str | None
    sig: str | None
    role: str
    name: str
    at: datetime


class RosterViews:
    """Raises PyMongoError when the store is away."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._views = database[ROSTER_VIEWS]
        self._people = database[PEOPLE]

    async def of(
        self, person: str, registrations: Iterable[Registration], memberships: Iterable[Membership] = ()
    ) -> list[RosterView]:
        """Who else saw the person on a list, the latest first: on rosters since they registered, among those of a SIG
        while they belonged to it, or wanted to."""
        seen = (await self.looks(person, registrations, memberships))[:MOST]
        names = await self._names({one["who"] for one in seen})
        return [_view(one, names.get(one["who"], "")) for one in seen]

    async def looks(
        self, person: str, registrations: Iterable[Registration], memberships: Iterable[Membership]
    ) -> list[Document]:
        """All of them as they are stored, the latest first."""
        spells: dict[str, list[Spell]] = {}
        for one in registrations:
            spells.setdefault(one["activity"], []).append((one["registered_at"], None))
        for held in memberships:
            spells.setdefault(f"{OF_MEMBERS}{held['sig']}", []).extend(held["listed"])
        if not spells:
            return []
        others = {"activity": {"$in": sorted(spells)}, "who": {"$ne": person}}
        found = await self._views.find(others).to_list()
        seen = [one for one in found if _within(one["at"], spells[one["activity"]])]
        return sorted(seen, key=lambda one: one["at"], reverse=True)

    async def _names(self, people: set[str]) -> dict[str, str]:
        found = await self._people.find({"_id": {"$in": sorted(people)}}, {"name": 1}).to_list()
        return {one["_id"]: one["name"] for one in found}


def _within(at: datetime, spells: Iterable[Spell]) -> bool:
    return any(since <= at and (until is None or at < until) for since, until in spells)


def _view(one: Document, name: str) -> RosterView:
    place: str = one["activity"]
    sig = place.removeprefix(OF_MEMBERS) if place.startswith(OF_MEMBERS) else None
    return RosterView(None if sig else place, sig, one["role"], name, one["at"])
