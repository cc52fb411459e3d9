"""All listed activities in memory: what is read anew, and what stays the same object."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from gateway.finding.listing import Listing
from gateway.read_model.documents import Activity

NOW = datetime(2026, 12, 9, 1, 30, tzinfo=UTC)
SCHOOLS: list[Any] = []


class Store:
    """Documents that are read, and how often."""

    def __init__(self) -> None:
        self.documents: list[dict[str, Any]] = []
        self.readings = 0

    async def read(self) -> list[dict[str, Any]]:
        self.readings += 1
        return list(self.documents)


def document(id: str, version: int = 1, **changes: Any) -> dict[str, Any]:
    return {"_id": id, "v": {"details": version}, "day": 1, **changes}


def understood(document: dict[str, Any]) -> Activity | None:
    if "silent" in document:
        return None
    return {
        "id": document["_id"],
        "kind": "forum",
        "host": "ntu",
        "title": {"zh": document.get("title", "論壇"), "en": ""},
        "summary": {"zh": "", "en": ""},
        "venue": None,
        "theme": None,
        "county": None,
        "sdgs": [],
        "starts_at": NOW.replace(day=document["day"]),
        "ends_at": NOW.replace(day=document["day"]),
        "waiting_limit": 0,
        "status": "published",
        "reason": None,
        "seats": {"onsite": {"limit": 5, "taken": 0, "waiting": 0}},
    }


def listing(*documents: dict[str, Any]) -> tuple[Listing, Store]:
    store = Store()
    store.documents = list(documents)
    return Listing(store.read, understood), store


async def refreshed(listing: Listing) -> list[Activity]:
    listing.hurry()
    await listing.refresh(SCHOOLS)
    return [one.activity for one in listing.entries()]


def test_entries_are_in_the_order_of_time_and_without_what_is_not_understood() -> None:
    kept, _ = listing(document("b", day=9), document("a", day=3), document("c", silent=True))

    assert [one["id"] for one in asyncio.run(refreshed(kept))] == ["a", "b"]


def test_what_has_not_changed_stays_the_same_object_and_what_has_is_another() -> None:
    kept, store = listing(document("a"), document("b"))

    async def twice() -> tuple[list[Activity], list[Activity]]:
        before = await refreshed(kept)
        store.documents[1] = document("b", version=2, title="工作坊")
        return before, await refreshed(kept)

    before, after = asyncio.run(twice())
    assert after[0] is before[0]
    assert after[1]["title"]["zh"] == "工作坊"


def test_what_is_gone_is_gone() -> None:
    kept, store = listing(document("a"), document("b"))

    async def twice() -> list[Activity]:
        await refreshed(kept)
        del store.documents[0]
        return await refreshed(kept)

    assert [one["id"] for one in asyncio.run(twice())] == ["b"]
    assert kept.items(["a", "b"]) == [kept.entries()[0].activity]


def test_reading_takes_a_twentieth_of_the_time_unless_somebody_is_in_a_hurry() -> None:
    kept, store = listing(document("a"))

    async def slowly() -> list[dict[str, Any]]:
        store.readings += 1
        await asyncio.sleep(0.01)
        return store.documents

    kept = Listing(slowly, understood)

    async def often() -> None:
        for _ in range(3):
            await kept.refresh(SCHOOLS)
        assert store.readings == 1
        kept.hurry()
        await kept.refresh(SCHOOLS)

    asyncio.run(often())
    assert store.readings == 2


def test_seats_that_are_heard_of_while_it_is_read_are_not_forgotten() -> None:
    taken: Any = {"onsite": {"limit": 5, "taken": 4, "waiting": 0}}

    async def read() -> list[dict[str, Any]]:
        kept.note_seats("a", taken)
        return [document("a")]

    kept = Listing(read, understood)

    assert asyncio.run(refreshed(kept))[0]["seats"] == taken
