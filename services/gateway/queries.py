"""Reading: what pages and API show, from this service's own database."""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from pymongo.asynchronous.database import AsyncDatabase

from gateway.documents import Activity, ActivityPage, Registration, RegistrationStatus, School, When
from gateway.micro_cache import MicroCache
from gateway.standings import Standing, Standings
from gateway.storage import ACTIVITIES, REGISTRATIONS, SCHOOLS, Document
from gongxue_contracts import moment

MOST_REGISTRATIONS = 500
"""Of one person, that a page shows."""


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """Of one host, of one kind, those to come (soonest first) or past (latest first, as without `when`)."""

    school: str | None = None
    kind: str | None = None
    when: When | None = None


class BadCursor(ValueError):
    """The cursor is none that we gave out."""


class Queries:
    """`request.app.state.queries`. Callers may share the documents: read them, never change them.

    What everybody sees is read at most once a second. Raises PyMongoError when the store is away and
    nothing is remembered.
    """

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._activities = database[ACTIVITIES]
        self._registrations = database[REGISTRATIONS]
        self._schools = database[SCHOOLS]
        self._cache = MicroCache()
        self._standings = Standings()

    async def activities(
        self, wanted: ActivityFilter, cursor: str | None = None, limit: int = 20
    ) -> ActivityPage:
        """Published, closed and cancelled activities. Raises BadCursor."""
        after = _read_cursor(cursor) if cursor else None
        key = (ACTIVITIES, wanted, after, limit)
        found = await self._cache.get(key, lambda: self._list(wanted, after, limit + 1))
        shown = found[:limit]
        items = await self._by_ids([activity for activity, _ in shown])
        more = len(found) > limit
        return {"items": items, "next": _write_cursor(shown[-1][1]) if more else None}

    async def activity(self, activity: str) -> Activity | None:
        """One activity, a draft too: whoever shows it checks that a draft is shown to its host only."""

        async def load() -> Activity | None:
            found = _activity(document := await self._activities.find_one({"_id": activity}))
            if found and document:
                written = document.get("v", {}).get("seats", 0)
                found["seats"] = self._standings.newest(activity, written, found["seats"])
            return found

        return await self._cache.get((ACTIVITIES, activity), load)

    async def drafts(self, school: str) -> list[Activity]:
        """The drafts of a host."""
        found = self._activities.find({"listed": False, "host": school}).sort("sort", 1)
        return [draft for draft in map(_activity, await found.to_list()) if draft]

    async def registration(self, registration: str) -> Registration | None:
        """One registration with its place in line."""
        document = await self._registrations.find_one({"_id": registration})
        return await self._registration(document) if document and "person" in document else None

    async def registrations_of(self, person: str) -> list[Registration]:
        """All registrations of a person, the latest first, each with `about`."""
        found = await self._registrations.find({"person": person}).limit(MOST_REGISTRATIONS).to_list()
        registrations = [await self._registration(document) for document in found]
        for one in registrations:
            one["about"] = await self.activity(one["activity"])
        return sorted(registrations, key=lambda one: one["registered_at"], reverse=True)

    async def registration_at(self, person: str, activity: str) -> Registration | None:
        """The person's registration that stands (confirmed or waiting) for the activity."""
        found = await self._registrations.find({"person": person, "activity": activity}).to_list()
        standing = [document for document in found if document["status"] != "cancelled"]
        return await self._registration(standing[0]) if standing else None

    async def schools(self) -> list[School]:
        """All schools in the order of their ids."""

        async def load() -> list[School]:
            found = [_school(document) for document in await self._schools.find().to_list()]
            return sorted((school for school in found if school), key=lambda school: school["id"])

        return await self._cache.get(SCHOOLS, load)

    async def school(self, school: str) -> School | None:
        """One school."""
        return next((one for one in await self.schools() if one["id"] == school), None)

    def note_seats(self, activity: str, sequence: int, standing: Standing) -> None:
        """This process has heard of a standing that the store may not have yet: what it shows from now on has it."""
        if self._standings.note(activity, sequence, standing):
            self._cache.change((ACTIVITIES, activity), lambda known: known and {**known, "seats": standing})

    def forget(self, collection: str, id: str, facets: Iterable[str]) -> None:
        """This process has written: what it answers from now on must show it."""
        if collection == SCHOOLS:
            self._cache.drop(SCHOOLS)
        elif collection == ACTIVITIES:
            self._cache.drop((ACTIVITIES, id))
            if any(facet != "seats" for facet in facets):
                # Lists hold ids and their order, which seats do not change: a rush keeps them.
                self._cache.clear()

    async def _list(self, wanted: ActivityFilter, after: str | None, most: int) -> list[tuple[str, str]]:
        """Ids and sort keys. The filter begins with equalities: the embedded store scans everything else."""
        query: Document = {"listed": True}
        if wanted.school:
            query["host"] = wanted.school
        if wanted.kind:
            query["kind"] = wanted.kind
        direction = 1 if wanted.when == "upcoming" else -1
        between = _between(wanted.when, after)
        if between:
            query["sort"] = between
        found = self._activities.find(query, {"sort": 1}).sort("sort", direction).limit(most)
        return [(one["_id"], one["sort"]) for one in await found.to_list() if "sort" in one]

    async def _by_ids(self, ids: list[str]) -> list[Activity]:
        known = [self._cache.fresh((ACTIVITIES, id)) for id in ids]
        if not all(known):
            known = await asyncio.gather(*map(self.activity, ids))
        return [activity for activity in known if activity]

    async def _registration(self, document: Document) -> Registration:
        activity = await self.activity(document["activity"])
        void = activity is not None and activity["status"] == "cancelled"
        status: RegistrationStatus = "cancelled" if void else document["status"]
        return {
            "id": document["_id"],
            "activity": document["activity"],
            "person": document["person"],
            "school": document["school"],
            "pool": document["pool"],
            "status": status,
            "place": await self._place(document) if status == "waiting" else None,
            "registered_at": document.get("registered_at") or document["changed_at"],
            "changed_at": document["changed_at"],
        }

    async def _place(self, document: Document) -> int:
        """1 for the next in line: who came earlier to the same pool and still waits, and oneself."""
        earlier = {
            "activity": document["activity"],
            "pool": document["pool"],
            "status": "waiting",
            "order": {"$lt": document.get("order", 0)},
        }
        return 1 + await self._registrations.count_documents(earlier)


def _between(when: When | None, after: str | None) -> dict[str, str]:
    """The range of sort keys: on which side of now, and behind the last one shown."""
    now = moment.write(datetime.now(UTC))
    if when == "upcoming":
        return {"$gt": after or now}
    if when == "past":
        return {"$lt": after or now}
    return {"$lt": after} if after else {}


def _activity(document: Document | None) -> Activity | None:
    """None also for one of which too little has been heard yet: facts may come in any order."""
    if document is None or not {"title", "seats", "status"} <= document.keys():
        return None
    return {
        "id": document["_id"],
        "kind": document["kind"],
        "host": document["host"],
        "title": document["title"],
        "summary": document["summary"],
        "venue": document["venue"],
        "theme": document["theme"],
        "starts_at": document["starts_at"],
        "ends_at": document["ends_at"],
        "waiting_limit": document["waiting_limit"],
        "status": document["status"],
        "reason": document["reason"],
        "seats": document["seats"],
    }


def _school(document: Document) -> School | None:
    if not {"name", "county", "status"} <= document.keys():
        return None
    former = document.get("former_names", {})
    return {
        "id": document["_id"],
        "name": document["name"],
        "summary": document.get("summary") or {"zh": "", "en": ""},
        "county": document["county"],
        "ror": document["ror"],
        "moe_code": document["moe_code"],
        "website": document["website"],
        "status": document["status"],
        "reason": document["reason"],
        "merged_into": document["merged_into"],
        "former_names": [former[number] for number in sorted(former)],
        "windows": sorted(person for person, speaks in document.get("windows", {}).items() if speaks),
    }


def _write_cursor(sort: str) -> str:
    return base64.urlsafe_b64encode(sort.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> str:
    try:
        sort = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        moment.read(sort.partition("~")[0])
    except (binascii.Error, ValueError) as error:
        raise BadCursor(cursor) from error
    return sort
