"""R1: people register and cancel while services, broker and store are killed again and again.

What was answered must be in the log, once; nobody sits on a seat that is not there; and when all is alive again the
read model shows the log, every fact is told and every mail has arrived.
"""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bench.bars import Bar, Form
from chaos.kills import Killer, plan
from chaos.ledger import Ledger
from chaos.mails import Post, arrived, check, due
from chaos.network import Network, crowd
from chaos.registrant import Registrant
from chaos.replay import Replay
from chaos.verdict import differences, judge
from chaos.visitor import Visitor
from toys.waiting import eventually

BAR = "R1"
BATCHES_UNDER_WAY = 2 * 25
"""Mails that a kill of notification or its store may send twice: sent, not yet recorded. Mail has no transactions."""


@dataclass(frozen=True)
class Size:
    registrations: int
    kills: int
    activities: int
    load_seconds: float
    settle_seconds: float
    skip_leases: bool
    """Whether the minute for which a killed sender's mails stay claimed are let pass at once."""


SIZES = {"short": Size(1_000, 6, 4, 150, 180, True), "long": Size(20_000, 60, 8, 3_600, 600, False)}
AT_ONCE = 48


def test_what_was_answered_survives_kills(network: Network, form: Form, seed: int, show: list[Bar]) -> None:
    size = SIZES[form]
    ledger = Ledger()
    killer = Killer(network.stack, plan(seed, size.registrations, size.kills))
    activities = [f"r1-{number}" for number in range(size.activities)]
    began = time.monotonic()
    asyncio.run(_registrations(network, ledger, killer, activities, size, seed))
    loaded = time.monotonic() - began
    logs = {activity: network.log(activity) for activity in activities}
    left = _settle(network, logs, size)
    verdict = judge(ledger, logs)
    figures = verdict.figures()
    post = _post(network, logs)
    untold = sum(name in ("notification", "store") for kill in killer.done for name in kill.victims)
    bar = Bar(
        id=BAR,
        form=form,
        value=figures["lost"] + figures["duplicated"] + figures["oversold"],
        unit="lost, duplicated or oversold",
        goal="0",
        holds=verdict.clean
        and not any(left.values())
        and not killer.died
        and post.repeated <= BATCHES_UNDER_WAY * untold,
        detail={
            "seed": seed,
            "kills": [f"{'+'.join(kill.victims)} after {kill.after}" for kill in killer.done],
            "attempted": len(ledger.wishes),
            "registrations attempted": sum(1 for _ in ledger.of("register")),
            "accepted": sum(1 for wish in ledger.wishes if wish.settled and wish.settled.accepted),
            "recovered": sum(1 for wish in ledger.wishes if wish.recovered),
            **figures,
            "examples": verdict.examples(),
            "mails": post.sent,
            "mails withheld": post.withheld,
            "mails sent twice under one Message-ID": post.repeated,
            "left over": left,
            "died by itself": killer.died,
            "answers": dict(ledger.statuses()),
            "seconds of load": round(loaded, 1),
            "seconds": round(time.monotonic() - began, 1),
        },
    )
    show.append(bar)
    assert bar.holds, bar.detail


async def _registrations(
    network: Network, ledger: Ledger, killer: Killer, activities: list[str], size: Size, seed: int
) -> None:
    seats = size.registrations // size.activities
    for activity in activities:
        await network.publish_activity(activity, seats=seats * 6 // 10, waiting_limit=seats * 3 // 10)
    visitors = await network.sign_in(crowd("r1", size.registrations))
    network.let_go_of_the_store()
    door = asyncio.Semaphore(AT_ONCE)

    async def come(number: int, visitor: Visitor) -> None:
        chance = random.Random(f"{seed} {number}")
        person = Registrant(visitor, ledger, chance, killer.let_begin)
        async with door:
            await _visit(person, activities[number % len(activities)], chance)
        visitor.leave()

    comers = (come(number, visitor) for number, visitor in enumerate(visitors))
    try:
        async with asyncio.timeout(size.load_seconds):
            await asyncio.gather(killer.run(), *comers)
    except TimeoutError:
        killer.revive()  # and the wishes that are still open speak for themselves


async def _visit(person: Registrant, activity: str, chance: random.Random) -> None:
    """Register; three in ten give it back, and half of those come again."""
    willing = chance.random() < 0.9
    wish = await person.register(activity, waiting_list=willing)
    if chance.random() < 0.1:
        await person.again(wish)
    if wish.settled and wish.settled.accepted and chance.random() < 0.3:
        await person.cancel(wish)
        if chance.random() < 0.5:
            await person.register(activity, waiting_list=willing)


def _settle(network: Network, logs: dict[str, Replay], size: Size) -> dict[str, Any]:
    """What is not as it should be when everybody has had the time to catch up."""
    left: dict[str, Any] = {}
    if size.skip_leases:
        eventually(lambda: not network.pending() and not network.waiting("notification.facts"), 60)
        held = network.claims()
        with suppress(AssertionError):  # a sender that lives gives its mails back in a moment
            eventually(lambda: not held & network.claims(), 3)
        network.end_leases(held)

    def settled() -> bool:
        left["pending commits"] = network.pending()
        left["read model differs"] = differences(logs.values(), network.shown(logs))
        left["deliveries"] = _wrong(_post(network, logs))
        return not any(left.values())

    with suppress(AssertionError):  # what is left over speaks for itself
        eventually(settled, size.settle_seconds)
    left["parked"] = {service: [one.reason for one in found] for service, found in network.parked().items()}
    return left


def _post(network: Network, logs: dict[str, Replay]) -> Post:
    return check(due(logs.values()), network.deliveries(logs), arrived(network.stack.mails_url))


def _wrong(post: Post) -> list[str]:
    return [*post.missing, *post.uncalled, *post.unsent, *post.not_arrived]
