"""A suspended school: its people neither register nor speak for it until it is back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from pymongo.asynchronous.database import AsyncDatabase
from starlette.datastructures import State
from toys.unanswered import SCHOOL, unanswered

from gateway import storage
from gateway.actions import Outcome, Pending, Person, Refused
from gateway.identity.looking_up import as_of_now
from gateway.people import People
from gateway.read_model.queries import Queries
from gongxue_contracts.envelope import CloudEvent

SCHOOLS = [{"_id": "here", **SCHOOL}, {"_id": "resting", **SCHOOL, "status": "suspended"}]


def somebody(school: str) -> Person:
    return Person(f"lin-{school}", "Lin", "lin@here.example", "en", school, frozenset({"staff"}))


async def tell_nobody(_: CloudEvent) -> None:
    """Nobody is to be told."""


def with_schools(mongo_uri: str, story: Callable[[AsyncDatabase[storage.Document]], Awaitable[None]]) -> None:
    async def told() -> None:
        database = storage.open_for_web(mongo_uri)
        await database[storage.SCHOOLS].insert_many(SCHOOLS)
        try:
            await story(database)
        finally:
            await database.client.close()

    asyncio.run(told())


@pytest.mark.parametrize(("school", "refused"), [("here", False), ("resting", True)])
def test_who_registers(amqp_uri: str, mongo_uri: str, school: str, refused: bool) -> None:
    async def story(database: AsyncDatabase[storage.Document]) -> None:
        async with unanswered(amqp_uri, database) as gateway:
            outcome: Outcome = await gateway.register(
                somebody(school), "talk", pool="onsite", waiting_list=True, key="k"
            )
        if refused:
            assert isinstance(outcome, Refused)
            assert outcome.code == "school_not_open"
        else:
            assert isinstance(outcome, Pending)

    with_schools(mongo_uri, story)


@pytest.mark.parametrize(("school", "roles"), [("here", {"staff", "window"}), ("resting", {"staff"})])
def test_who_speaks_for_it(mongo_uri: str, school: str, roles: set[str]) -> None:
    async def story(database: AsyncDatabase[storage.Document]) -> None:
        person = somebody(school)
        state = State({"people": People(database, tell_nobody), "queries": Queries(database)})
        await state.people.keep(person)
        await database[storage.ROLES].insert_one(
            {
                "_id": f"{school}/{person.id}/window",
                "scope": school,
                "person": person.id,
                "role": "window",
                "starts_on": None,
                "ends_on": None,
                "revoked": False,
            }
        )
        card = await as_of_now(state, person.id)
        assert card
        assert card.person.roles == roles

    with_schools(mongo_uri, story)


def test_a_change_of_somebody_s_card_outdates_what_cookies_say_of_them(mongo_uri: str) -> None:
    outdated: list[str] = []

    async def outdate(person: str) -> None:
        outdated.append(person)

    async def story(database: AsyncDatabase[storage.Document]) -> None:
        people, person = People(database, tell_nobody, outdate), somebody("here")
        await people.keep(person)
        await people.keep_words(person, person.name, person.language)
        assert outdated == []
        await people.keep_words(person, "Lin Mei", None)
        assert outdated == [person.id]

    with_schools(mongo_uri, story)
