"""A rush on a real Gongxue that lets five people a second in: in line, in order, each once, until nobody waits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from chaos.network import Network, crowd
from chaos.visitor import Answer, Visitor

from onemachine.services import Settings
from onemachine.stack import Stack

RATE = 5
PEOPLE = 25
ACTIVITY = "a-rush"


@pytest.fixture(scope="module")
def network(new_stack: Callable[..., Stack]) -> Iterator[Network]:
    slow = new_stack(Settings(more={"gateway": {"GATEWAY_ADMISSIONS_PER_SECOND": str(RATE)}}))
    network = Network(slow)
    yield network
    network.close()
    slow.kill9()


@dataclass
class Person:
    """Asks under one key until there is a decision, with the ticket as soon as there is one."""

    visitor: Visitor
    places: list[int] = field(default_factory=list)
    admitted: float = 0.0
    ticket: str = ""

    async def ask(self, key: str = "k") -> Answer:
        body = {"pool": "onsite"} | ({"ticket": self.ticket} if self.ticket else {})
        return await self.visitor.ask("POST", f"/activities/{ACTIVITY}/registrations", body, key=key)

    async def insist(self) -> None:
        while (answer := await self.ask()).status == 429:
            problem = answer.json()
            assert problem["code"] == "waiting_room"
            self.ticket = problem["details"]["ticket"]
            self.places.append(problem["details"]["place"])
            self.visitor.leave()  # the server ends connections that are idle for as long
            await asyncio.sleep(float(answer.headers["retry-after"]))
        assert answer.status == 201, answer
        self.admitted = time.monotonic()


def test_a_rush_is_let_in_in_the_order_of_arrival_at_the_rate_and_then_nobody_waits(network: Network) -> None:
    async def rush() -> tuple[list[Person], Answer]:
        await network.publish_activity(ACTIVITY, seats=1_000, waiting_limit=0)
        visitors = await network.sign_in(crowd("rush", PEOPLE + 1))
        people = [Person(visitor) for visitor in visitors]
        late = people.pop()
        await asyncio.gather(*(one.insist() for one in people))
        calm = await late.ask()
        for one in visitors:
            one.leave()
        return people, calm

    people, calm = asyncio.run(rush())
    waited = [one for one in people if one.places]
    assert len(waited) >= PEOPLE - 3
    first_places = [one.places[0] for one in waited]
    assert len(set(first_places)) == len(first_places)
    assert all(places == sorted(places, reverse=True) for places in (one.places for one in waited))
    in_order = sorted(waited, key=lambda one: one.places[0])
    # Who comes back does so in whole seconds: of people who are two seconds apart, the earlier is in first.
    apart = 2 * RATE
    for earlier, later in zip(in_order, in_order[apart:], strict=False):
        assert earlier.admitted < later.admitted
    took = max(one.admitted for one in people) - min(one.admitted for one in people)
    assert took >= (PEOPLE - 3) / RATE - 1
    assert calm.status in (201, 429)
    assert len(network.log(ACTIVITY).registrations) >= PEOPLE


def test_a_stolen_or_made_up_ticket_opens_nothing(network: Network) -> None:
    async def attack() -> list[tuple[int, str]]:
        visitors = await network.sign_in(crowd("thieves", 12))
        people = [Person(visitor) for visitor in visitors]
        answers = await asyncio.gather(*(one.ask("first") for one in people))
        stolen = next(answer.json()["details"]["ticket"] for answer in answers if answer.status == 429)
        last = people[-1]
        tries = []
        for ticket in (stolen, stolen[:-2] + "xx", "made-up"):
            last.ticket = ticket
            answer = await last.ask("again")
            tries.append((answer.status, answer.json().get("code", "")))
        for one in visitors:
            one.leave()
        return tries

    assert asyncio.run(attack()) == [(429, "waiting_room")] * 3
