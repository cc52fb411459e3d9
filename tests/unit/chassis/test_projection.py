"""Facets: of each the last fact wins, whoever writes, however often and in whatever order."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymongo.errors import BulkWriteError
from toys.collection import MemoryCollection

from gongxue_chassis.errors import Conflict
from gongxue_chassis.projection import AsyncFacets, Facets, nested


class AsyncMemory:
    """The same collection for asyncio."""

    name = "memory"

    def __init__(self, collection: MemoryCollection) -> None:
        self.collection = collection

    def find(self, query: Any, fields: Any) -> Any:
        found = self.collection.find(query, fields)

        class Cursor:
            async def to_list(self) -> Any:
                return found

        return Cursor()

    async def bulk_write(self, writes: list[Any], *, ordered: bool) -> Any:
        return self.collection.bulk_write(writes, ordered=ordered)


def facets(collection: Any) -> Facets:
    return Facets(collection)


def async_facets(collection: MemoryCollection) -> AsyncFacets:
    return AsyncFacets(AsyncMemory(collection))  # type: ignore[arg-type]


def test_a_document_begins_and_goes_on() -> None:
    collection = MemoryCollection()
    writer = facets(collection)
    writer.put("a", "seats", 1, {"seats": {"taken": 1}, "by.whom": "lin"})
    writer.flush()
    writer.put("a", "seats", 4, {"seats": {"taken": 4}})
    writer.put("a", "status", 3, {"status": "closed"})
    writer.flush()
    assert collection.documents == {
        "a": {
            "_id": "a",
            "seats": {"taken": 4},
            "by": {"whom": "lin"},
            "status": "closed",
            "v": {"seats": 4, "status": 3},
        }
    }


def test_what_is_old_is_not_written() -> None:
    collection = MemoryCollection()
    writer = facets(collection)
    for sequence in (5, 4, 5):
        writer.put("a", "seats", sequence, {"seats": sequence})
        writer.flush()
    assert (collection.documents["a"]["seats"], collection.bulks) == (5, 1)


def test_nothing_put_is_nothing_asked() -> None:
    collection = MemoryCollection()
    facets(collection).flush()
    assert (collection.finds, collection.bulks) == (0, 0)


def test_ids_are_looked_up_some_at_a_time() -> None:
    collection = MemoryCollection()
    writer = facets(collection)
    for number in range(120):
        writer.put(f"a{number}", "seats", 1, {})
    writer.flush()
    assert (collection.finds, collection.bulks, len(collection.documents)) == (3, 1, 120)


@pytest.mark.parametrize("theirs", [2, 9])
def test_somebody_else_begins_the_document_meanwhile(theirs: int) -> None:
    collection = MemoryCollection()
    mine, other = facets(collection), facets(collection)

    def meanwhile() -> None:
        other.put("a", "seats", theirs, {"seats": theirs})
        other.flush()

    collection.meanwhile = meanwhile
    mine.put("a", "seats", 5, {"seats": 5})
    mine.put("a", "status", 4, {"status": "closed"})
    mine.flush()
    assert collection.documents["a"]["seats"] == max(5, theirs)
    assert collection.documents["a"]["status"] == "closed"


@pytest.mark.parametrize("theirs", [2, 9])
def test_somebody_else_goes_on_with_it_meanwhile(theirs: int) -> None:
    collection = MemoryCollection()
    mine, other = facets(collection), facets(collection)
    other.put("a", "seats", 1, {"seats": 1})
    other.flush()

    def meanwhile() -> None:
        other.put("a", "seats", theirs, {"seats": theirs})
        other.flush()

    collection.meanwhile = meanwhile
    mine.put("a", "seats", 5, {"seats": 5})
    mine.flush()
    assert collection.documents["a"]["seats"] == max(5, theirs)


def test_what_starts_is_written_without_looking() -> None:
    collection = MemoryCollection()
    writer = async_facets(collection)
    writer.put("r", "standing", 3, {"status": "confirmed"}, starts=True)
    asyncio.run(writer.flush())
    assert (collection.finds, collection.bulks) == (0, 1)


def test_what_was_there_all_the_same_is_looked_at_then() -> None:
    collection = MemoryCollection()
    facets(collection).flush()
    first = facets(collection)
    first.put("r", "standing", 7, {"status": "cancelled"})
    first.flush()
    writer = async_facets(collection)
    writer.put("r", "standing", 3, {"status": "confirmed"}, starts=True)
    writer.put("r", "start", 3, {"order": 3})
    asyncio.run(writer.flush())
    assert collection.documents["r"] == {
        "_id": "r",
        "status": "cancelled",
        "order": 3,
        "v": {"standing": 7, "start": 3},
    }


def test_what_was_written_before_is_not_looked_up_again() -> None:
    collection = MemoryCollection()
    writer = async_facets(collection)
    for sequence in (1, 3, 2, 4):
        writer.put("a", "seats", sequence, {"seats": sequence})
        asyncio.run(writer.flush())
    assert (collection.finds, collection.bulks) == (1, 3)
    assert collection.documents["a"]["seats"] == 4


def test_a_memory_that_is_outdated_is_noticed() -> None:
    collection = MemoryCollection()
    writer, other = async_facets(collection), facets(collection)
    writer.put("a", "seats", 1, {"seats": 1})
    asyncio.run(writer.flush())
    other.put("a", "seats", 8, {"seats": 8})
    other.flush()
    writer.put("a", "seats", 5, {"seats": 5})
    writer.put("a", "status", 4, {"status": "closed"})
    asyncio.run(writer.flush())
    assert collection.documents["a"]["seats"] == 8
    assert collection.documents["a"]["status"] == "closed"


def test_other_failures_are_raised() -> None:
    class Failing(MemoryCollection):
        def bulk_write(self, writes: list[Any], *, ordered: bool) -> Any:
            raise BulkWriteError({"writeErrors": [{"index": 0, "code": 121}], "writeConcernErrors": []})

    writer = facets(Failing())
    writer.put("a", "seats", 1, {})
    with pytest.raises(BulkWriteError):
        writer.flush()


def test_an_index_that_never_lets_a_document_in_is_not_tried_for_ever() -> None:
    class Full(MemoryCollection):
        def bulk_write(self, writes: list[Any], *, ordered: bool) -> Any:
            raise BulkWriteError({"writeErrors": [{"index": 0, "code": 11000}], "writeConcernErrors": []})

    writer = facets(Full())
    writer.put("a", "seats", 1, {})
    with pytest.raises(Conflict):
        writer.flush()


def test_dotted_names_are_nested() -> None:
    assert nested({"a.b.c": 1, "a.d": 2, "e": 3}) == {"a": {"b": {"c": 1}, "d": 2}, "e": 3}


PUTS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["x", "y"]), st.integers(1, 30), st.booleans()),
    max_size=40,
)


@given(st.data(), PUTS)
def test_any_writers_any_order_any_repetition(data: st.DataObject, puts: list[Any]) -> None:
    """Two writers, one of each kind, get all facts in orders of their own, in batches, writing into each other."""
    wanted: dict[str, dict[str, int]] = {}
    for id, facet, sequence, _ in puts:
        kept = wanted.setdefault(id, {})
        kept[facet] = max(sequence, kept.get(facet, 0))
    collection = MemoryCollection()
    blocking, waiting = facets(collection), async_facets(collection)
    for turn in range(2):
        order = data.draw(st.permutations(puts))
        size = data.draw(st.integers(1, 10))
        for start in range(0, len(order), size):
            for id, facet, sequence, starts in order[start : start + size]:
                fields = {facet: sequence, f"sub.{facet}": sequence}
                blocking.put(id, facet, sequence, fields)
                waiting.put(id, facet, sequence, fields, starts=starts)
            collection.meanwhile = blocking.flush if turn else (lambda: None)
            asyncio.run(waiting.flush())
            blocking.flush()
    got = {id: {k: v for k, v in one.items() if k in "xy"} for id, one in collection.documents.items()}
    assert got == wanted
    assert {id: one["v"] for id, one in collection.documents.items()} == wanted
    assert {id: one["sub"] for id, one in collection.documents.items()} == wanted
