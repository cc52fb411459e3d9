"""A collection in memory that understands what projections ask of MongoDB, and no more."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from pymongo import InsertOne, UpdateOne
from pymongo.errors import BulkWriteError
from pymongo.results import BulkWriteResult

Document = dict[str, Any]


class MemoryCollection:
    """`meanwhile` is called between a look-up and the bulk that follows from it: someone else may write then."""

    name = "memory"

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self.finds = 0
        self.bulks = 0
        self.meanwhile: Callable[[], None] = lambda: None

    def find(self, query: Document, fields: Document) -> list[Document]:
        self.finds += 1
        return deepcopy([self.documents[id] for id in query["_id"]["$in"] if id in self.documents])

    def bulk_write(self, writes: list[Any], *, ordered: bool) -> BulkWriteResult:
        assert not ordered
        self.bulks += 1
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        matched, failures = 0, []
        for index, write in enumerate(writes):
            if isinstance(write, UpdateOne):
                matched += self._update(write._filter, write._doc["$set"])
            elif write._doc["_id"] in self.documents:
                failures.append({"index": index, "code": 11000})
            else:
                assert isinstance(write, InsertOne)
                self.documents[write._doc["_id"]] = deepcopy(dict(write._doc))
        if failures:
            raise BulkWriteError({"writeErrors": failures, "writeConcernErrors": [], "nMatched": matched})
        return BulkWriteResult({"nMatched": matched}, acknowledged=True)

    def _update(self, guard: Document, change: Document) -> int:
        document = self.documents.get(guard["_id"])
        if document is None or any(self._at(document, name) != value for name, value in guard.items()):
            return 0
        for name, value in change.items():
            *path, last = name.split(".")
            place = document
            for step in path:
                place = place.setdefault(step, {})
            place[last] = deepcopy(value)
        return 1

    def _at(self, document: Document, name: str) -> Any:
        value: Any = document
        for step in name.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        return value
