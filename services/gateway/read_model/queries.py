"""Reading: what pages and API show, from this service's own database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase

from gateway.access import roles
from gateway.actions import Person
from gateway.finding.listing import Listing
from gateway.finding.search import Entry, Page, Wanted, by_county, matching, read_cursor, search
from gateway.read_model.documents import Activity, HeldRole, Registration, RegistrationStatus, School
from gateway.read_model.following import Following
from gateway.read_model.freshness import Freshness, Tidings
from gateway.read_model.micro_cache import MicroCache
from gateway.read_model.sigs import Sigs
from gateway.read_model.standings import Standing, Standings
from gateway.storage import ACTIVITIES, REGISTRATIONS, ROLES, SCHOOLS, SIGS, Document
from gongxue_chassis.projection import READ_AT_ONCE

MOST_REGISTRATIONS = 500
"""Of one person, that a page shows."""
AT_ONCE = 500
"""Documents that are taken from the store at a time, so that nobody else waits long for their turn."""
LISTED = "listed"

Found = TypeVar("Found")


class Version(NamedTuple):
    """The number of the newest fact that tells what, when or whether, and when that was if it was kept."""

    number: int
    changed_at: datetime | None


class Registered(NamedTuple):
    """A registration in short. `stands`: it is confirmed or waits."""

    registration: str
    person: str
    stands: bool


class Queries:
    """`request.app.state.queries`. Callers may share the documents: read them, never change them.

    What everybody sees is read at most once a second. Raises PyMongoError when the store is away and
    nothing is remembered.
    """

    def __init__(self, database: AsyncDatabase[Document], following: Following | None = None) -> None:
        self._following = following or Following(database)
        self._following.on_switch = self._switched
        self._cache = MicroCache()
        self._standings = Standings()
        self._listing = Listing(self._read_listed, self._understood)
        self._searches = MicroCache(most=1_000)
        self.sigs = Sigs(self._following)

    @property
    def _activities(self) -> AsyncCollection[Document]:
        return self._following.collection(ACTIVITIES)

    @property
    def _registrations(self) -> AsyncCollection[Document]:
        return self._following.collection(REGISTRATIONS)

    @property
    def _schools(self) -> AsyncCollection[Document]:
        return self._following.collection(SCHOOLS)

    @property
    def _roles(self) -> AsyncCollection[Document]:
        return self._following.collection(ROLES)

    def _switched(self) -> None:
        """Documents of another generation may say more of the same facts."""
        self._cache.clear()
        self._searches.clear()
        self._listing.forget()
        self.sigs.forget()

    def freshness(self) -> Freshness:
        """How old is what is shown, and what of the network answers."""
        return self._following.freshness()

    @property
    def tidings(self) -> Tidings:
        """What everybody is told of that on top of a page."""
        return self._following.tidings

    async def activities(self, wanted: Wanted, cursor: str | None = None, limit: int = 20) -> Page:
        """Published, closed and cancelled activities that are so. Raises BadCursor."""
        if cursor:
            read_cursor(cursor)

        def find(entries: list[Entry]) -> tuple[list[str], int, str | None]:
            page = search(entries, wanted, datetime.now(UTC), cursor, limit)
            return [one["id"] for one in page.items], page.total, page.next

        ids, total, more = await self._searched((wanted, cursor, limit), find)
        return Page(self._listing.items(ids), total, more)

    async def counties(self, wanted: Wanted) -> Mapping[str, int]:
        """How many such activities there are in each county; counties without any are left out."""

        def count(entries: list[Entry]) -> Mapping[str, int]:
            return by_county(matching(entries, wanted, datetime.now(UTC)))

        return await self._searched(("counties", wanted), count)

    async def activity(self, activity: str) -> Activity | None:
        """One activity, a draft too: whoever shows it checks that a draft is shown to its host only."""

        async def load() -> Activity | None:
            document = await self._activities.find_one({"_id": activity})
            return self._understood(document) if document else None

        return await self._cache.get((ACTIVITIES, activity), load)

    async def activity_now(self, activity: str) -> Activity | None:
        """The same, read from the store by this very call."""
        document = await self._activities.find_one({"_id": activity})
        return self._understood(document) if document else None

    async def registrations_among(self, activity: str, people: Iterable[str]) -> list[Registered]:
        """What these people have, or had, at the activity; read from the store by this very call."""
        wanted = {"person": {"$in": list(people)}, "activity": activity}
        found = await self._registrations.find(wanted, {"person": 1, "status": 1}).to_list()
        return [Registered(one["_id"], one["person"], one["status"] != "cancelled") for one in found]

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

    async def versions(self, activities: Iterable[str], person: str | None = None) -> Mapping[str, Version]:
        """When these activities were changed last, by their ids; and the registrations of a person, by theirs."""
        fields = {"v": 1, "described_at": 1, "status_at": 1, "changed_at": 1}
        ids = sorted(set(activities))
        found: list[Document] = []
        for start in range(0, len(ids), READ_AT_ONCE):
            some = {"_id": {"$in": ids[start : start + READ_AT_ONCE]}}
            found += await self._activities.find(some, fields).to_list()
        if person is not None:
            found += await self._registrations.find({"person": person}, fields).to_list()
        return {one["_id"]: version_of(one) for one in found}

    async def registration_at(self, person: str, activity: str) -> Registration | None:
        """The person's registration that stands (confirmed or waiting) for the activity."""
        found = await self._registrations.find({"person": person, "activity": activity}).to_list()
        standing = [document for document in found if document["status"] != "cancelled"]
        return await self._registration(standing[0]) if standing else None

    async def going(self, activity: str, school: str) -> int:
        """How many people of a school have a seat."""
        confirmed = {"activity": activity, "school": school, "status": "confirmed"}
        return await self._cache.get(
            ("going", activity, school), lambda: self._registrations.count_documents(confirmed)
        )

    async def schools(self) -> list[School]:
        """All schools in the order of their ids."""

        async def load() -> list[School]:
            found = [_school(document) for document in await self._schools.find().to_list()]
            return sorted((school for school in found if school), key=lambda school: school["id"])

        return await self._cache.get(SCHOOLS, load)

    async def school(self, school: str) -> School | None:
        """One school."""
        return next((one for one in await self.schools() if one["id"] == school), None)

    async def roles_of(self, person: Person) -> frozenset[str]:
        """The roles that the person has now, staff among them; read from the store by this very call."""
        found = await self._roles.find({"person": person.id}).to_list()
        return roles.now_of(person, found, roles.day(datetime.now(UTC)))

    async def with_roles(self, people: Iterable[Person]) -> list[Person]:
        """The people with the roles that they have now."""
        today, granted = roles.day(datetime.now(UTC)), defaultdict[str, list[Document]](list)
        for one in await self._roles.find({"revoked": False}).to_list():
            granted[one["person"]].append(one)
        return [replace(one, roles=roles.now_of(one, granted[one.id], today)) for one in people]

    async def roles_at(self, scope: str) -> list[HeldRole]:
        """All roles that were ever granted at a school, or in the network, by person and role, with their history."""
        found = await self._roles.find({"scope": scope}).to_list()
        known = [one for one in map(roles.held, found) if one]
        return sorted(known, key=lambda one: (one["person"], one["role"]))

    async def roles_ever(self, person: str) -> list[HeldRole]:
        """All roles that were ever granted to somebody, by scope and role, with their history."""
        found = await self._roles.find({"person": person}).to_list()
        known = [one for one in map(roles.held, found) if one]
        return sorted(known, key=lambda one: (one["scope"], one["role"]))

    async def role(self, scope: str, person: str, role: str) -> HeldRole | None:
        """One of them."""
        found = await self._roles.find_one({"_id": roles.id_of(scope, person, role)})
        return roles.held(found) if found else None

    async def is_suspended(self, school: str) -> bool:
        """Whether the school does not take part at the moment."""
        found = await self.school(school)
        return found is not None and found["status"] == "suspended"

    def note_seats(self, activity: str, sequence: int, standing: Standing) -> None:
        """This process has heard of a standing that the store may not have yet: what it shows from now on has it."""
        if self._standings.note(activity, sequence, standing):
            self._cache.change((ACTIVITIES, activity), lambda known: known and {**known, "seats": standing})
            self._listing.note_seats(activity, standing)

    def forget(self, collection: str, id: str, facets: Iterable[str]) -> None:
        """This process has written: what it answers from now on must show it."""
        if collection == SCHOOLS:
            self._cache.drop(SCHOOLS)
        elif collection == SIGS:
            self.sigs.forget()
        elif collection == ACTIVITIES:
            self._cache.drop((ACTIVITIES, id))
            if any(facet != "seats" for facet in facets):
                # What was found are ids and their order, which seats do not change: a rush keeps them.
                self._listing.hurry()
                self._cache.clear()
                self._searches.clear()

    async def _searched(self, key: Hashable, look: Callable[[list[Entry]], Found]) -> Found:
        """What `look` finds in all listed activities, looked for at most once a second."""

        async def load() -> Found:
            await self._cache.get(LISTED, self._refreshed)
            return look(self._listing.entries())

        return await self._searches.get(key, load)

    async def _refreshed(self) -> bool:
        await self._listing.refresh(await self.schools())
        return True

    async def _read_listed(self) -> list[Document]:
        return await self._activities.find({"listed": True}).batch_size(AT_ONCE).to_list()

    def _understood(self, document: Document) -> Activity | None:
        """With the newest standing of its seats that this process has heard of."""
        found = _activity(document)
        if found:
            written = document.get("v", {}).get("seats", 0)
            found["seats"] = self._standings.newest(found["id"], written, found["seats"])
        return found

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


def version_of(document: Document) -> Version:
    """Of an activity or a registration; how many seats are taken is no news of it."""
    numbers = [number for facet, number in document.get("v", {}).items() if facet not in ("seats", "start")]
    times = [document[name] for name in ("described_at", "status_at", "changed_at") if name in document]
    return Version(max(numbers, default=0), max(times, default=None))


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
        "county": document.get("county"),
        "sdgs": document.get("sdgs", []),
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
    }
