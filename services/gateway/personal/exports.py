"""Exports: all that is held about somebody, for them to take away.

    {"_id", "person", "asked_at", "told_at", "complete": bool, "parts": {"notification": {"0": {...}, "last": 0}}}

Our other services are asked over the bus and answer in parts, which the worker keeps here; the gateway's own share is
put in when the export is fetched, as it is then.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase

from gateway.actions import BusUnavailable
from gateway.personal import messages
from gateway.personal.holdings import HOLDINGS, named, shown
from gateway.personal.roster_views import RosterViews
from gateway.personal.tombstones import PersonErased, is_erased
from gateway.read_model.documents import HeldRole, Registration
from gateway.read_model.queries import Queries
from gateway.read_model.sigs import Membership
from gateway.storage import EXPORTS, PEOPLE, Document
from gongxue_contracts.envelope import CloudEvent

SERVICES = ("notification",)
"""Our services, besides this one, that hold more of a person than their opaque id."""
FORMAT = "gongxue.personal-data.v1"
AGAIN = timedelta(hours=1)
"""Whoever asks again within it gets the export they have asked for."""
KEPT_DAYS = 7
MOST = 2_000
"""Documents of one kind in an export; nobody has as many."""

Tell = Callable[[CloudEvent], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Export:
    """An export that was asked for; `complete` when every service has answered."""

    id: str
    person: str
    asked_at: datetime
    complete: bool
    parts: dict[str, Any]


class Exports:
    """The exports of people. Raises PyMongoError when the store is away."""

    def __init__(self, database: AsyncDatabase[Document], tell: Tell, queries: Queries) -> None:
        self._database = database
        self._queries = queries
        self._exports = database[EXPORTS]
        self._tell = tell

    async def ask(self, person: str) -> Export:
        """Begin one, or go on with one begun a short while ago. Raises PersonErased."""
        if await is_erased(self._database, person):
            raise PersonErased
        now = datetime.now(UTC)
        latest = await self.latest(person)
        if latest and latest.asked_at > now - AGAIN:
            return latest
        id = uuid.uuid4().hex
        asked = {"_id": id, "person": person, "asked_at": now, "told_at": now, "complete": False, "parts": {}}
        await self._exports.insert_one(asked)
        with suppress(BusUnavailable):  # the worker asks again until all have answered
            await self._tell(messages.export_asked(person, id, now))
        return _export(asked)

    async def latest(self, person: str) -> Export | None:
        """The last one that the person has asked for."""
        found = await self._exports.find({"person": person}).sort("asked_at", -1).limit(1).to_list()
        return _export(found[0]) if found else None

    async def whole(self, export: Export) -> dict[str, Any]:
        """All that is held about the person; times are aware datetimes. See docs/privacy.md for its form."""
        person = export.person
        email = await self._email(person)
        held: dict[str, Any] = {}
        for holding in HOLDINGS:
            query = named(holding, person, email)
            found = await self._found(holding.collection, query) if query is not None else []
            held[holding.collection] = [shown(holding, document) for document in found]
        registrations = await self._queries.registrations_of(person)
        memberships = await self._queries.sigs.of_person(person)
        return {
            "format": FORMAT,
            "person": person,
            "made_at": datetime.now(UTC),
            "gateway": held,
            "registrations": [_registration(one) for one in registrations],
            "roles": [_role(one) for one in await self._queries.roles_ever(person)],
            "sigs": [_membership(one) for one in memberships],
            "roster_views": [
                {name: one.get(name) for name in ("activity", "role", "at")}
                for one in await RosterViews(self._database).looks(person, registrations, memberships)
            ],
            **{service: _joined(export.parts.get(service, {})) for service in SERVICES},
        }

    async def _email(self, person: str) -> str | None:
        known = await self._database[PEOPLE].find_one({"_id": person})
        return known["email"] if known else None

    async def _found(self, collection: str, query: Mapping[str, Any]) -> list[Document]:
        return await self._database[collection].find(query).limit(MOST).to_list()


def is_complete(parts: dict[str, Any]) -> bool:
    """Whether every service has sent all its parts."""
    return all(_all_there(parts.get(service, {})) for service in SERVICES)


def _all_there(part: dict[str, Any]) -> bool:
    return "last" in part and all(str(number) in part for number in range(part["last"] + 1))


def _joined(part: dict[str, Any]) -> dict[str, Any]:
    """The parts of a service as one: lists are put together."""
    joined: dict[str, Any] = {}
    for number in range(part.get("last", -1) + 1):
        for name, value in part[str(number)].items():
            joined[name] = joined.get(name, []) + value if isinstance(value, list) else value
    return joined


def _registration(one: Registration) -> dict[str, Any]:
    names = ("id", "activity", "school", "pool", "status", "place", "registered_at", "changed_at")
    return {name: value for name, value in one.items() if name in names}


def _membership(one: Membership) -> dict[str, Any]:
    names = ("sig", "school", "status", "how", "changed_at")
    return {name: value for name, value in one.items() if name in names}


def _role(one: HeldRole) -> dict[str, Any]:
    """With when it was granted and revoked, and in which role somebody did so; who that was is theirs."""
    acts = [
        {
            **{name: act[name] for name in ("act", "at", "starts_on", "ends_on", "reason")},
            "by": act["by"]["role"],
        }
        for act in one["history"]
    ]
    names = ("scope", "role", "starts_on", "ends_on", "revoked")
    return {**{name: value for name, value in one.items() if name in names}, "history": acts}


def _export(document: Document) -> Export:
    return Export(
        document["_id"], document["person"], document["asked_at"], document["complete"], document["parts"]
    )
