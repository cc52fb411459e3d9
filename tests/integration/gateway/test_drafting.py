"""Drafts: to whoever may not read one there is none, and none is made for a host that is no school."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from toys.unanswered import SCHOOL, unanswered

from gateway import storage
from gateway.actions import Outcome, Pending, Person
from gateway.commanding.dispatch import Gateway
from gateway.problems import Problem

SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
DETAILS: dict[str, Any] = {
    "kind": "workshop",
    "title": {"zh": "工作坊", "en": ""},
    "summary": {"zh": "摘要", "en": ""},
    "venue": None,
    "theme": None,
    "starts_at": SOON,
    "ends_at": SOON + timedelta(hours=3),
    "pools": {"onsite": 2},
    "waiting_limit": 1,
}
DRAFT = {
    "_id": "secret-plan",
    "listed": False,
    "status": "draft",
    "reason": None,
    "host": "here",
    **{
        name: DETAILS[name] for name in ("kind", "title", "summary", "venue", "theme", "starts_at", "ends_at")
    },
    "waiting_limit": 1,
    "seats": {"onsite": {"limit": 2, "taken": 0, "waiting": 0}},
}


def somebody(school: str, *roles: str) -> Person:
    return Person(f"lin-{school}", "Lin", "lin@x.example", "en", school, frozenset({"staff", *roles}))


CENTER = somebody("center", "center")


def asked(amqp_uri: str, mongo_uri: str, ask: Callable[[Gateway], Awaitable[Outcome]]) -> Outcome:
    """What becomes of it where there are the schools `here` and `there`, and a draft of the first."""

    async def story() -> Outcome:
        database = storage.open_for_web(mongo_uri)
        try:
            schools = [{"_id": id, **SCHOOL} for id in ("here", "there")]
            await database[storage.SCHOOLS].insert_many(schools)
            await database[storage.ACTIVITIES].insert_one(DRAFT)
            async with unanswered(amqp_uri, database) as gateway:
                return await ask(gateway)
        finally:
            await database.client.close()

    return asyncio.run(story())


def registering(person: Person) -> Callable[[Gateway], Awaitable[Outcome]]:
    return lambda gateway: gateway.register(person, "secret-plan", pool="onsite", waiting_list=True, key="k")


def registering_others(by: Person, person: Person) -> Callable[[Gateway], Awaitable[Outcome]]:
    return lambda gateway: gateway.register_other(
        by, person, "secret-plan", pool="onsite", waiting_list=True, key="k"
    )


@pytest.mark.parametrize(
    "person", [somebody("there", "host", "window"), somebody("here")], ids=["stranger", "staff"]
)
def test_registering_for_a_draft_that_one_may_not_read(amqp_uri: str, mongo_uri: str, person: Person) -> None:
    with pytest.raises(Problem, match="unknown_activity"):
        asked(amqp_uri, mongo_uri, registering(person))


def test_registering_others_for_a_draft_that_one_may_not_read(amqp_uri: str, mongo_uri: str) -> None:
    window = somebody("there", "window")
    with pytest.raises(Problem, match="unknown_activity"):
        asked(amqp_uri, mongo_uri, registering_others(window, somebody("there")))


@pytest.mark.parametrize(
    "ask",
    [registering(somebody("here", "host")), registering_others(CENTER, somebody("there"))],
    ids=["oneself", "others"],
)
def test_of_a_draft_that_one_may_read_its_service_says_what_is_so(
    amqp_uri: str, mongo_uri: str, ask: Callable[[Gateway], Awaitable[Outcome]]
) -> None:
    assert isinstance(asked(amqp_uri, mongo_uri, ask), Pending)


def drafting(host: str) -> Callable[[Gateway], Awaitable[Outcome]]:
    return lambda gateway: gateway.draft_activity(CENTER, "new-plan", {**DETAILS, "host": host}, key="k")


def test_the_center_drafts_for_a_host_that_is_no_school(amqp_uri: str, mongo_uri: str) -> None:
    with pytest.raises(Problem, match="unknown_school") as refused:
        asked(amqp_uri, mongo_uri, drafting("atlantis"))
    assert refused.value.details == {"field": "host"}
    assert refused.value.errors == (("/host", "There is no such school."),)


def test_the_center_drafts_for_a_school(amqp_uri: str, mongo_uri: str) -> None:
    assert isinstance(asked(amqp_uri, mongo_uri, drafting("there")), Pending)
