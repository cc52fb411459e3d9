"""Who is registered for an activity, by name, and who has looked: what hosts and windows see and nobody else.

Each look is written down before anything is shown; where it was at the people of a school, or of a SIG by who convenes
it or the Center, `activity` names that:

    {"_id", "who", "role", "activity": "storytelling-2026" | "school:nchu" | "sig:soil", "at",
     "how": "page" | "csv" | "api"}
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from pymongo.asynchronous.database import AsyncDatabase

from gateway.actions import Person
from gateway.people import card_of
from gateway.read_model.following import Following
from gateway.storage import PEOPLE, REGISTRATIONS, ROSTER_VIEWS, Document

MOST_VIEWS = 200
AT_ONCE = 500
WAYS_TO_LOOK = ("page", "csv", "api")
OF_SCHOOL = "school:"
"""Before the slug, where a look was at the people of a school: no activity can be called like that."""
OF_MEMBERS = "sig:"
"""Before its id, where a look was at those who belong to a SIG or want to."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A registration on a roster. `place` is 1 for the next in line; `name` and `email` are empty for the erased."""

    registration: str
    activity: str
    person: str
    name: str
    email: str
    school: str
    pool: str
    status: str
    place: int | None
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class View:
    """Somebody looked at a roster, or at the people of a `school` or a `sig`; `name` is empty for the erased."""

    id: str
    who: str
    name: str
    role: str
    activity: str
    at: datetime
    how: str

    @property
    def school(self) -> str | None:
        """Whose people were looked at."""
        return self.activity.removeprefix(OF_SCHOOL) if self.activity.startswith(OF_SCHOOL) else None

    @property
    def sig(self) -> str | None:
        """Whose members were looked at."""
        return self.activity.removeprefix(OF_MEMBERS) if self.activity.startswith(OF_MEMBERS) else None


@dataclass(frozen=True, slots=True)
class Seen:
    """Which looks are meant: at the roster of an activity, at the people of a school or a SIG, those of a person."""

    activity: str | None = None
    school: str | None = None
    who: str | None = None
    sig: str | None = None


EVERYTHING = Seen()


class Rosters:
    """`request.app.state.rosters`. Raises PyMongoError when the store is away."""

    def __init__(self, database: AsyncDatabase[Document], following: Following) -> None:
        self._following = following
        self._people = database[PEOPLE]
        self._views = database[ROSTER_VIEWS]

    async def of_activity(self, activity: str) -> list[Entry]:
        """Everybody who is or was registered, in the order in which they came."""
        return await self._entries({"activity": activity})

    async def of_people(self, people: Iterable[str]) -> list[Entry]:
        """All registrations of these people, the latest first; without places in line."""
        found = await self._entries({"person": {"$in": list(people)}}, places=False)
        return sorted(found, key=lambda entry: entry.registered_at, reverse=True)

    async def people_of(self, school: str) -> list[Person]:
        """The people of a school, by name."""
        found = [card_of(document) for document in await self._people.find({"school": school}).to_list()]
        return sorted((card.person for card in found if card), key=lambda person: (person.name, person.id))

    async def names_of(self, people: Iterable[str]) -> dict[str, str]:
        """The names of these people; the erased have none."""
        return {id: person.name for id, person in (await self._cards(set(people))).items()}

    async def note(self, who: Person, role: str, activity: str, how: str) -> None:
        """Somebody is about to see a roster; it is shown only when this has returned."""
        seen = {"_id": uuid.uuid4().hex, "who": who.id, "role": role, "activity": activity, "how": how}
        await self._views.insert_one({**seen, "at": datetime.now(UTC)})

    async def views(
        self, most: int = MOST_VIEWS, seen: Seen = EVERYTHING, before: tuple[datetime, str] | None = None
    ) -> list[View]:
        """Who looked, the latest first; those `before` the look of that time and id."""
        query = _looks(seen, before)
        found = await self._views.find(query).sort([("at", -1), ("_id", -1)]).limit(most).to_list()
        names = await self._cards({view["who"] for view in found})
        return [
            View(
                view["_id"],
                view["who"],
                names[view["who"]].name if view["who"] in names else "",
                view["role"],
                view["activity"],
                view["at"],
                view.get("how", "page"),
            )
            for view in found
        ]

    async def _entries(self, query: Document, *, places: bool = True) -> list[Entry]:
        registrations = self._following.collection(REGISTRATIONS)
        found = [one for one in await registrations.find(query).to_list() if "person" in one]
        found.sort(key=lambda one: one.get("order", 0))
        cards = await self._cards({one["person"] for one in found})
        line: Counter[str] = Counter()
        return [_entry(one, cards.get(one["person"]), line if places else None) for one in found]

    async def _cards(self, people: set[str]) -> dict[str, Person]:
        ids = sorted(people)
        known: dict[str, Person] = {}
        for start in range(0, len(ids), AT_ONCE):
            some = {"_id": {"$in": ids[start : start + AT_ONCE]}}
            cards = [card_of(document) for document in await self._people.find(some).to_list()]
            known |= {card.person.id: card.person for card in cards if card}
        return known


def _looks(seen: Seen, before: tuple[datetime, str] | None) -> Document:
    school = f"{OF_SCHOOL}{seen.school}" if seen.school else None
    sig = f"{OF_MEMBERS}{seen.sig}" if seen.sig else None
    lists = [one for one in (seen.activity, school, sig) if one]
    query: Document = {"activity": {"$in": lists}} if lists else {}
    if seen.who:
        query["who"] = seen.who
    if before:
        at, id = before
        query["$or"] = [{"at": {"$lt": at}}, {"at": at, "_id": {"$lt": id}}]
    return query


def _entry(one: Document, person: Person | None, line: Counter[str] | None) -> Entry:
    waits = one["status"] == "waiting"
    if waits and line is not None:
        line[one["pool"]] += 1
    return Entry(
        registration=one["_id"],
        activity=one["activity"],
        person=one["person"],
        name=person.name if person else "",
        email=person.email if person else "",
        school=one["school"],
        pool=one["pool"],
        status=one["status"],
        place=line[one["pool"]] if waits and line is not None else None,
        registered_at=one.get("registered_at") or one["changed_at"],
    )
