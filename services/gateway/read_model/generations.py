"""Generations of the read model: one that is shown, and while it is made anew, the next one beside it.

The collections of a generation are called `<name><generation>`: `activities` of the first one, which the installation
declares with its indexes, `activities_2` of the next. One document says which is which:

    {"_id": "pointer", "number": 3, "active": "_2", "next": "_3", "old": None,
     "rebuild": {"id", "phase", "since", "asked_at", "applied", "done": {"registration": {"facts", "unreadable"}}}}

All that are named in it are fed with every fact, so that each may be shown at any moment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from pymongo import IndexModel
from pymongo.database import Database

from gateway.storage import READ_MODEL, Document

STATE = "read_model"
"""The collection of the pointer, and of what the worker tells of itself."""
POINTER = "pointer"
WORKER = "worker"
FIRST = ""

Phase = Literal["asked", "feeding", "replaying", "switched", "retiring", "done"]
_COLLECTION = re.compile(rf"({'|'.join(READ_MODEL)})(_\d+)")


@dataclass(frozen=True, slots=True)
class Rebuild:
    """A rebuild and how far it is. `done`: service -> facts and unreadable commits; `applied`: facts, some twice."""

    id: str
    phase: Phase
    since: datetime
    asked_at: datetime
    applied: int = 0
    done: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    finished_at: datetime | None = None

    @property
    def running(self) -> bool:
        """Whether there is still something to do."""
        return self.phase != "done"


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which generation is shown, and which are fed besides."""

    number: int = 1
    active: str = FIRST
    next: str | None = None
    old: str | None = None
    rebuild: Rebuild | None = None

    @property
    def fed(self) -> tuple[str, ...]:
        """The generations that every fact goes to, the one that is shown first."""
        return tuple(one for one in (self.active, self.next, self.old) if one is not None)


def pointer_of(document: Mapping[str, Any] | None) -> Pointer:
    """The pointer of its document; the first generation if there is none."""
    if document is None:
        return Pointer()
    told = document.get("rebuild")
    rebuild = Rebuild(**{name: told[name] for name in Rebuild.__slots__ if name in told}) if told else None
    return Pointer(document["number"], document["active"], document.get("next"), document.get("old"), rebuild)


def read_pointer(database: Database[Document]) -> Pointer:
    """The pointer of now."""
    return pointer_of(database[STATE].find_one({"_id": POINTER}))


def prepare(database: Database[Document], generation: str, active: str) -> None:
    """Create the collections of a new generation with the indexes of the first one and of the one that is shown."""
    for name in READ_MODEL:
        for source in {FIRST, active}:
            _copy_indexes(database, f"{name}{source}", f"{name}{generation}")


def renew_indexes(database: Database[Document], active: str) -> None:
    """What the installation has declared since, for the first generation, the one that is shown gets too."""
    if active != FIRST:
        prepare(database, active, FIRST)


def drop_before(database: Database[Document], active: str) -> None:
    """Drop the generations before the one that is shown, also those that never were. The first one stays, empty, with
    its indexes: it is the pattern of all others. Nothing younger is touched, however late this comes."""
    shown = _number(active)
    for name in database.list_collection_names():
        found = _COLLECTION.fullmatch(name)
        if found and _number(found[2]) < shown:
            database.drop_collection(name)
    if shown > _number(FIRST):
        for name in READ_MODEL:
            _empty(database, name)


def _number(generation: str) -> int:
    return int(generation.removeprefix("_")) if generation else 1


def _empty(database: Database[Document], name: str) -> None:
    if database[name].find_one({}, {"_id": 1}) is not None:
        indexes = _indexes(database, name)
        database.drop_collection(name)
        if indexes:
            database[name].create_indexes(indexes)


def _copy_indexes(database: Database[Document], source: str, target: str) -> None:
    if source != target and (indexes := _indexes(database, source)):
        database[target].create_indexes(indexes)


def _indexes(database: Database[Document], collection: str) -> list[IndexModel]:
    found = []
    for name, options in database[collection].index_information().items():
        if name != "_id_":
            kept = {key: value for key, value in options.items() if key not in ("v", "ns", "key")}
            if "partialFilterExpression" in kept:
                kept["partialFilterExpression"] = dict(kept["partialFilterExpression"])
            found.append(IndexModel(list(options["key"]), name=name, **kept))
    return found
