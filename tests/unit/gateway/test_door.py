"""The door: nobody is refused while a seat is free, nobody hears two answers, and a crowd costs a few reads."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from gateway.actions import Refused
from gateway.read_model.documents import Activity
from gateway.rush.door import Door, Wish, why_not

NOW = datetime.now(UTC)


def an_activity(taken: int = 2, waiting: int = 0, **changed: Any) -> Activity:
    made: Any = {
        "id": "talk",
        "ends_at": NOW + timedelta(days=1),
        "waiting_limit": 1,
        "status": "published",
        "seats": {"onsite": {"limit": 2, "taken": taken, "waiting": waiting}},
    }
    made |= changed
    found: Activity = made
    return found


def a_wish(
    command: str = "c", person: str = "lin", *, waiting_list: bool = False, pool: str = "onsite"
) -> Wish:
    return Wish(command, person, "talk", pool, waiting_list)


class ReadModel:
    """What is remembered, what the store has, and who is known there already. Reads can be held."""

    def __init__(self, remembered: Activity | None, stored: Activity | Exception | None) -> None:
        self.remembered = remembered
        self.stored = stored
        self.decided: set[str] = set()
        self.reads = 0
        self.held: asyncio.Event | None = None
        self.reading = asyncio.Event()

    async def activity(self, activity: str) -> Activity | None:
        return self.remembered

    async def activity_now(self, activity: str) -> Activity | None:
        self.reads += 1
        stored = self.stored
        self.reading.set()
        if self.held:
            await self.held.wait()
        if isinstance(stored, Exception):
            raise stored
        return stored

    async def maybe_decided(self, activity: str, wishes: dict[str, str]) -> set[str]:
        return self.decided & wishes.keys()


FULL, FREE = an_activity(), an_activity(1)


def play(model: ReadModel, scenario: Callable[[Door], Awaitable[None]], start: float = 0) -> None:
    async def played() -> None:
        await scenario(Door(model, start))

    asyncio.run(played())


def refusal(model: ReadModel, wish: Wish, start: float = 0) -> Refused | None:
    async def asked() -> Refused | None:
        return await Door(model, start).refusal(wish)

    return asyncio.run(asked())


@pytest.mark.parametrize(
    ("activity", "waiting_list", "code"),
    [
        (an_activity(1), False, None),
        (an_activity(2), False, "pool_full"),
        (an_activity(2), True, None),
        (an_activity(2, 1), True, "waiting_list_full"),
        (an_activity(1, 1), True, None),
        (an_activity(3), False, "pool_full"),
        (an_activity(0, status="draft"), True, "not_published"),
        (an_activity(0, status="closed"), True, "closed"),
        (an_activity(0, status="cancelled"), True, "activity_cancelled"),
        (an_activity(0, status="something new"), True, None),
        (an_activity(0, ends_at=NOW), True, "activity_over"),
        (an_activity(0, ends_at=NOW + timedelta(seconds=1)), True, None),
        (None, True, None),
    ],
)
def test_why_not_follows_the_document(
    activity: Activity | None, waiting_list: bool, code: str | None
) -> None:
    assert why_not(activity, a_wish(waiting_list=waiting_list), NOW) == code


def test_an_unknown_pool_is_for_the_service_to_refuse() -> None:
    assert why_not(FULL, a_wish(pool="online"), NOW) is None


def test_full_here_and_in_the_store_is_refused() -> None:
    assert refusal(ReadModel(FULL, FULL), a_wish()) == Refused("c", "pool_full", {"pool": "onsite"})


def test_while_seats_are_known_to_be_free_the_store_is_not_asked() -> None:
    model = ReadModel(FREE, FULL)
    assert refusal(model, a_wish()) is None
    assert model.reads == 0


@pytest.mark.parametrize("stored", [FREE, None, AutoReconnect("away")])
def test_what_is_only_remembered_refuses_nobody(stored: Activity | Exception | None) -> None:
    assert refusal(ReadModel(FULL, stored), a_wish()) is None


def test_a_read_that_began_before_the_wish_came_does_not_refuse_it() -> None:
    """A seat is given back while a read is under way; who comes after that is not refused by that read."""
    model = ReadModel(FULL, FULL)

    async def scenario(door: Door) -> None:
        model.held = asyncio.Event()
        earlier = asyncio.create_task(door.refusal(a_wish("earlier", "lin")))
        await model.reading.wait()
        model.stored = FREE
        later = asyncio.create_task(door.refusal(a_wish("later", "wu")))
        await asyncio.sleep(0)
        model.held.set()
        refused = await earlier
        assert refused is not None
        assert refused.code == "pool_full"
        assert await later is None

    play(model, scenario)


def test_a_crowd_costs_one_read_after_the_other() -> None:
    model = ReadModel(FULL, FULL)

    async def scenario(door: Door) -> None:
        wishes = [door.refusal(a_wish(f"c{number}", f"p{number}")) for number in range(1_000)]
        refused = await asyncio.gather(*wishes)
        assert all(refused)
        assert model.reads <= 2

    play(model, scenario)


def test_what_may_have_been_decided_before_is_sent_on() -> None:
    model = ReadModel(FULL, FULL)
    model.decided = {"c"}
    assert refusal(model, a_wish()) is None


def test_what_was_sent_from_here_is_sent_again() -> None:
    async def scenario(door: Door) -> None:
        door.sent(a_wish("unanswered"))
        door.sent(a_wish("answered"))
        door.answered(a_wish("answered"))
        assert await door.refusal(a_wish("unanswered")) is None
        assert await door.refusal(a_wish("answered")) is None
        assert await door.refusal(a_wish("new")) is not None

    play(ReadModel(FULL, FULL), scenario)


def test_the_same_wish_hears_the_same_refusal_again() -> None:
    model = ReadModel(FULL, FULL)

    async def scenario(door: Door) -> None:
        first = await door.refusal(a_wish("c"))
        model.stored = FREE
        assert await door.refusal(a_wish("c")) == first
        assert await door.refusal(a_wish("another")) is None

    play(model, scenario)


def test_shortly_after_a_start_everybody_is_sent_on() -> None:
    assert refusal(ReadModel(FULL, FULL), a_wish(), start=60) is None


def test_a_store_that_takes_long_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.rush.door.LOOK_SECONDS", 0.01)
    model = ReadModel(FULL, FULL)

    async def scenario(door: Door) -> None:
        model.held = asyncio.Event()
        assert await door.refusal(a_wish()) is None

    play(model, scenario)
