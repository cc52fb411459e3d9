"""How often a client may try to sign in, counted on the real store."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from toys.personal_world import World

from gateway.identity.attempts import PER_CLIENT, Attempts, Start
from gateway.problems import Problem

CAMPUS, HOME = Start("nchu", "/", "203.0.113.7"), Start("nchu", "/", "198.51.100.9")
CROWD = 40


async def _begin(attempts: Attempts, crowd: int) -> list[Any]:
    return await asyncio.gather(*(attempts.begin(CAMPUS, "b") for _ in range(crowd)), return_exceptions=True)


def _tried(world: World, times: int) -> None:
    attempts = Attempts(world.mine)
    world.run(attempts.begin(CAMPUS, "b"))
    [one] = world.database["sign_in_attempts"].find()
    more = [{**one, "_id": str(number)} for number in range(times - 1)]
    world.database["sign_in_attempts"].insert_many(more)


def test_no_more_than_may_begin_however_many_come_at_the_same_moment(world: World) -> None:
    _tried(world, PER_CLIENT.most - 5)

    answers = world.run(_begin(Attempts(world.mine), CROWD))

    begun = [one for one in answers if not isinstance(one, Exception)]
    refused = [one.code for one in answers if isinstance(one, Problem)]
    assert len(begun) <= 5
    assert refused == ["too_many_attempts"] * (CROWD - len(begun))
    kept = world.database["sign_in_attempts"].count_documents({"client": CAMPUS.client})
    assert kept == PER_CLIENT.most - 5 + len(begun)


def test_the_last_one_who_may_begin_does_and_the_next_is_told_when_to_come_back(world: World) -> None:
    _tried(world, PER_CLIENT.most - 1)
    attempts = Attempts(world.mine)

    world.run(attempts.begin(CAMPUS, "b"))
    with pytest.raises(Problem) as refused:
        world.run(attempts.begin(CAMPUS, "b"))

    assert refused.value.headers == {"Retry-After": str(PER_CLIENT.seconds)}
    world.run(attempts.begin(HOME, "b"))
