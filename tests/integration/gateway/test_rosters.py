"""Rosters on the real store: names and order, and every look written down before anything is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase

from gateway import storage
from gateway.access.rosters import Rosters, Seen
from gateway.actions import Person
from gateway.read_model.following import Following

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
HOST = Person("p-host", "陳主辦", "host@nchu.example", "zh-Hant", "nchu", frozenset({"staff", "host"}))
Database = AsyncDatabase[dict[str, Any]]


def a_registration(number: int, status: str = "confirmed", **changed: Any) -> dict[str, Any]:
    return {
        "_id": f"r-{number}",
        "activity": "talk",
        "person": f"p-{number}",
        "school": "ccu",
        "pool": "onsite",
        "status": status,
        "order": number,
        "registered_at": NOON + timedelta(minutes=number),
        "changed_at": NOON,
        **changed,
    }


def a_card(number: int, **changed: Any) -> dict[str, Any]:
    card = {"name": f"林 {number}", "email": f"p-{number}@ccu.example", "language": "en", "school": "ccu"}
    return {"_id": f"p-{number}", **card, "roles": ["staff"], "version": 1, **changed}


def told(mongo_uri: str, story: Callable[[Database, Rosters], Awaitable[None]]) -> None:
    async def whole() -> None:
        database = storage.open_for_web(mongo_uri)
        try:
            await story(database, Rosters(database, Following(database)))
        finally:
            await database.client.close()

    asyncio.run(whole())


def test_a_roster_has_names_and_places_in_the_order_of_coming(mongo_uri: str) -> None:
    async def story(database: Database, rosters: Rosters) -> None:
        await database["people"].insert_many([a_card(1), a_card(2), a_card(3)])
        await database["registrations"].insert_many(
            [
                a_registration(3, "waiting"),
                a_registration(1),
                a_registration(4, "waiting"),
                a_registration(2, "cancelled"),
                a_registration(5, activity="another"),
            ]
        )
        found = await rosters.of_activity("talk")
        assert [(one.registration, one.name, one.status, one.place) for one in found] == [
            ("r-1", "林 1", "confirmed", None),
            ("r-2", "林 2", "cancelled", None),
            ("r-3", "林 3", "waiting", 1),
            ("r-4", "", "waiting", 2),
        ]

    told(mongo_uri, story)


def test_the_people_of_a_school_are_its_own_alone_and_by_name(mongo_uri: str) -> None:
    async def story(database: Database, rosters: Rosters) -> None:
        await database["people"].insert_many([a_card(2), a_card(1), a_card(3, school="nchu")])
        assert [one.id for one in await rosters.people_of("ccu")] == ["p-1", "p-2"]
        await database["registrations"].insert_many([a_registration(1), a_registration(3)])
        assert [one.registration for one in await rosters.of_people(["p-1", "p-2"])] == ["r-1"]

    told(mongo_uri, story)


def test_looks_are_told_a_page_at_a_time_and_by_what_was_looked_at(mongo_uri: str) -> None:
    async def story(database: Database, rosters: Rosters) -> None:
        at = [{"at": NOON + timedelta(minutes=minute)} for minute in (0, 0, 5)]
        looked = [("a", "talk"), ("b", "school:ccu"), ("c", "another")]
        await database["roster_views"].insert_many(
            {"_id": id, "who": f"p-{id}", "role": "host", "activity": what, "how": "api", **when}
            for (id, what), when in zip(looked, at, strict=True)
        )
        whole = await rosters.views()
        assert [(one.id, one.school) for one in whole] == [("c", None), ("b", "ccu"), ("a", None)]
        first, rest = await rosters.views(2), await rosters.views(2, before=(NOON, "b"))
        assert [one.id for one in first + rest] == ["c", "b", "a"]
        for seen in (Seen(activity="talk"), Seen(who="p-a")):
            assert [one.id for one in await rosters.views(seen=seen)] == ["a"]
        assert [one.id for one in await rosters.views(seen=Seen(school="ccu"))] == ["b"]
        await rosters.note(HOST, "staff", "sig:soil", "page")
        [look] = await rosters.views(seen=Seen(sig="soil"))
        assert (look.sig, look.school, look.role) == ("soil", None, "staff")

    told(mongo_uri, story)


def test_looks_are_kept_and_told_the_latest_first(mongo_uri: str) -> None:
    async def story(database: Database, rosters: Rosters) -> None:
        await rosters.note(HOST, "host", "talk", "page")
        await rosters.note(HOST, "host", "talk", "csv")
        assert [(one.who, one.role, one.activity, one.how) for one in await rosters.views()] == [
            ("p-host", "host", "talk", "csv"),
            ("p-host", "host", "talk", "page"),
        ]

    told(mongo_uri, story)
