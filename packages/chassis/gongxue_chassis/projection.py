"""Projections: documents kept up to date from facts that may come twice, late and in any order.

A document consists of **facets**, groups of fields that one kind of fact speaks of. Of each facet the fact
with the highest sequence wins; its number is kept in the document:

    {"_id": "usr-workshop", "title": …, "seats": …, "v": {"details": 3, "seats": 41}}

The facts of one facet of one document come from one stream, whose numbers they carry. `Facets` and
`AsyncFacets` write what has gathered with one read and one bulk. Between the two someone else may write:
each write is guarded by the versions that were read, and when one is lost all is planned again. A document
is never deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pymongo import InsertOne, UpdateOne
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError
from pymongo.results import BulkWriteResult

from gongxue_chassis.errors import Conflict

Document = dict[str, Any]
Write = InsertOne[Document] | UpdateOne

READ_AT_ONCE = 50
"""Ids in one look-up: the embedded store's cost of `$in` grows faster than their number."""

ATTEMPTS = 20
"""An attempt is lost only when another writer got on, so this ends; the bound catches a wrong index."""

REMEMBERED = 2_000
DUPLICATE_KEY = 11000


@dataclass(frozen=True, slots=True)
class Put:
    """What a fact says about one facet. `fields` may name nested ones: `{"windows.lin": True}`.

    `starts` tells that no earlier fact speaks of the document: `AsyncFacets` inserts it without looking for
    it.
    """

    collection: str
    id: str
    facet: str
    sequence: int
    fields: Document
    starts: bool = False


@dataclass(slots=True)
class _Wish:
    facets: dict[str, tuple[int, Document]] = field(default_factory=dict)
    starts: bool = False


class Plan:
    """The pure part: gathers what is to be put, learns the versions there are, says what to write.

    `remembered` maps ids to versions that were there a while ago, which saves reading them: if they are
    outdated the guards notice.
    """

    def __init__(self, remembered: dict[str, Document] | None = None) -> None:
        self._wishes: dict[str, _Wish] = {}
        self._versions: dict[str, Document | None] = {}
        self._remembered = remembered

    def put(self, id: str, facet: str, sequence: int, fields: Document, *, starts: bool = False) -> None:
        """Keep it if nothing newer was put for the facet."""
        wish = self._wishes.setdefault(id, _Wish())
        wish.starts = wish.starts or starts
        kept = wish.facets.get(facet)
        if kept is None or kept[0] < sequence:
            wish.facets[facet] = (sequence, fields)

    def suppose(self) -> None:
        """Take for granted what is remembered, and that what starts is not there."""
        for id, wish in self._wishes.items():
            if self._remembered and id in self._remembered:
                self._versions[id] = self._remembered[id]
            elif wish.starts:
                self._versions[id] = None

    def unread(self) -> Iterator[list[str]]:
        """Ids whose versions have to be read, some at a time."""
        ids = [id for id in self._wishes if id not in self._versions]
        for start in range(0, len(ids), READ_AT_ONCE):
            yield ids[start : start + READ_AT_ONCE]

    def learn(self, ids: list[str], found: Iterable[Document]) -> None:
        """Take note of the documents found among `ids`; the others are not there."""
        self._versions.update(dict.fromkeys(ids))
        self._versions.update({document["_id"]: document.get("v", {}) for document in found})

    def writes(self) -> list[Write]:
        """What to write, for the versions learnt. Empty if all that was put is old."""
        planned = (self._write(id, wish) for id, wish in self._wishes.items())
        return [write for write in planned if write is not None]

    def _write(self, id: str, wish: _Wish) -> Write | None:
        there = self._versions[id]
        versions = there or {}
        newer = {facet: put for facet, put in wish.facets.items() if versions.get(facet, 0) < put[0]}
        if not newer:
            return None
        guard: Document = {"_id": id}
        change: Document = {}
        for facet, (sequence, fields) in newer.items():
            guard[f"v.{facet}"] = versions.get(facet)  # None also matches a facet that is not there
            change.update(fields)
            change[f"v.{facet}"] = sequence
        if there is None:
            return InsertOne({"_id": id, **nested(change)})
        return UpdateOne(guard, {"$set": change})

    def done(self) -> None:
        """All was written: remember the versions of what will be written again."""
        if self._remembered is None:
            return
        if len(self._remembered) > REMEMBERED:
            self._remembered.clear()
        for id, wish in self._wishes.items():
            if not wish.starts:
                versions = dict(self._versions[id] or {})
                for facet, (sequence, _) in wish.facets.items():
                    versions[facet] = max(sequence, versions.get(facet, 0))
                self._remembered[id] = versions

    def lost(self) -> None:
        """Someone else wrote in between: nothing is known any more."""
        self._versions.clear()


class Facets:
    """Gathers puts for one collection and writes them with one bulk.

    With `new` it takes for granted that what starts is not there: whoever fills an empty collection reads little.
    """

    def __init__(self, collection: Collection[Document], *, new: bool = False) -> None:
        self._collection = collection
        self._new = new
        self._plan = Plan()

    def put(self, id: str, facet: str, sequence: int, fields: Document, *, starts: bool = False) -> None:
        """Gather one facet; see `Put`."""
        self._plan.put(id, facet, sequence, fields, starts=starts)

    def flush(self) -> None:
        """Write what is newer than the documents. If it raises, nothing stays gathered: put it again."""
        plan, self._plan = self._plan, Plan()
        if self._new:
            plan.suppose()
        for _ in range(ATTEMPTS):
            for ids in plan.unread():
                plan.learn(ids, self._collection.find({"_id": {"$in": ids}}, {"v": 1}))
            writes = plan.writes()
            try:
                if not writes or all_matched(self._collection.bulk_write(writes, ordered=False), writes):
                    return
            except BulkWriteError as error:
                raise_unless_duplicates(error)
            plan.lost()
        raise Conflict(self._collection.name)


class AsyncFacets:
    """`Facets` for asyncio. It writes without reading first where it can: most of what it hears of is new."""

    def __init__(self, collection: AsyncCollection[Document]) -> None:
        self._collection = collection
        self._remembered: dict[str, Document] = {}
        self._plan = Plan(self._remembered)

    def put(self, id: str, facet: str, sequence: int, fields: Document, *, starts: bool = False) -> None:
        """Gather one facet; see `Put`."""
        self._plan.put(id, facet, sequence, fields, starts=starts)

    async def flush(self) -> None:
        """Write what is newer than the documents. If it raises, nothing stays gathered: put it again."""
        plan, self._plan = self._plan, Plan(self._remembered)
        plan.suppose()
        for _ in range(ATTEMPTS):
            for ids in plan.unread():
                plan.learn(ids, await self._collection.find({"_id": {"$in": ids}}, {"v": 1}).to_list())
            writes = plan.writes()
            try:
                if not writes or all_matched(
                    await self._collection.bulk_write(writes, ordered=False), writes
                ):
                    return plan.done()
            except BulkWriteError as error:
                raise_unless_duplicates(error)
            plan.lost()
        raise Conflict(self._collection.name)


def all_matched(result: BulkWriteResult, writes: list[Write]) -> bool:
    """Whether every guarded update found its document at the versions it was planned for."""
    return result.matched_count == sum(isinstance(write, UpdateOne) for write in writes)


def raise_unless_duplicates(error: BulkWriteError) -> None:
    """Pass over inserts of documents that someone else inserted first; raise all other failures."""
    failures = error.details["writeErrors"]
    if error.details.get("writeConcernErrors") or any(f["code"] != DUPLICATE_KEY for f in failures):
        raise error


def nested(fields: Document) -> Document:
    """Fields with dotted names as the document that `$set` would make of them."""
    document: Document = {}
    for name, value in fields.items():
        *path, last = name.split(".")
        place = document
        for step in path:
            place = place.setdefault(step, {})
        place[last] = value
    return document
