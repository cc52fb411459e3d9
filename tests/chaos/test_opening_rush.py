"""R2: registration opens, and everybody is there. Some ask twice, some give their seat back while others still come.

In the end every seat is sold, to one person each; nobody was refused while a seat was free; who waited moved up in the
order in which they came; and nobody ever saw an error.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass

from bench.bars import Bar, Form
from chaos.door import refused_at_the_door, refused_while_free
from chaos.ledger import Ledger, Wish
from chaos.network import Network, crowd
from chaos.registrant import Registrant
from chaos.replay import Replay
from chaos.verdict import differences, judge
from toys.waiting import eventually

from gateway.rush.door import START_SECONDS

BAR = "R2"
ACTIVITY = "r2-rush"


@dataclass(frozen=True)
class Size:
    seats: int
    people: int


SIZES = {"short": Size(100, 1_000), "long": Size(500, 5_000)}


def test_a_rush_sells_every_seat_once(network: Network, form: Form, seed: int, show: list[Bar]) -> None:
    size = SIZES[form]
    ledger = Ledger()
    eventually(network.door_is_open, START_SECONDS + 1)
    seconds = asyncio.run(_rush(network, ledger, size, seed))
    log = network.log(ACTIVITY)
    verdict = judge(ledger, {ACTIVITY: log})
    at_the_door = refused_at_the_door(ledger, log)
    while_free = refused_while_free(at_the_door, ledger, network.commits(ACTIVITY))
    errors = sum(count for status, count in ledger.statuses().items() if status == "none" or status >= "500")
    eventually(lambda: not differences([log], network.shown([ACTIVITY])), 60)
    sold = sum(line.status == "confirmed" for line in log.registrations.values())
    shown = asyncio.run(_seats_shown(network))
    bar = Bar(
        id=BAR,
        form=form,
        value=sold,
        unit=f"of {size.seats} seats sold to {size.people} people at once",
        goal=f"exactly {size.seats}, 0 errors",
        holds=verdict.clean and not while_free and not errors and sold == size.seats == shown,
        detail={
            "seed": seed,
            "wishes": len(ledger.wishes),
            **verdict.figures(),
            "examples": [*verdict.examples(), *map(repr, while_free[:5])],
            "refused at the door": len(at_the_door),
            "refused at the door while free": len(while_free),
            "errors": errors,
            "answers": dict(ledger.statuses()),
            "seats shown as taken": shown,
            **_moves(log),
            "seconds of rush": round(seconds, 1),
        },
    )
    show.append(bar)
    assert bar.holds, bar.detail


async def _rush(network: Network, ledger: Ledger, size: Size, seed: int) -> float:
    """Let everybody in at the same moment; the seconds until the last one had their answer."""
    await network.publish_activity(ACTIVITY, seats=size.seats, waiting_limit=size.seats * 3)
    visitors = await network.sign_in(crowd("r2", size.people))
    opening = asyncio.Event()

    async def come(number: int) -> None:
        chance = random.Random(f"{seed} {number}")
        person = Registrant(visitors[number], ledger, chance)
        await opening.wait()
        await _visit(person, chance)
        visitors[number].leave()

    people = [asyncio.create_task(come(number)) for number in range(size.people)]
    await asyncio.sleep(0)
    began = time.monotonic()
    opening.set()
    await asyncio.gather(*people)
    return time.monotonic() - began


async def _visit(person: Registrant, chance: random.Random) -> None:
    """One in six asks in two windows, one in ten asks again as if for the first time, some change their mind."""
    willing = chance.random() < 0.7
    windows = 2 if chance.random() < 1 / 6 else 1
    wish = await person.register(ACTIVITY, waiting_list=willing, windows=windows)
    if chance.random() < 0.1:
        await person.register(ACTIVITY, waiting_list=willing)
    if _gives_back(wish, chance):
        await person.cancel(wish)
        if chance.random() < 0.5:
            await person.register(ACTIVITY, waiting_list=willing)


def _gives_back(wish: Wish, chance: random.Random) -> bool:
    if wish.settled is None or not wish.settled.accepted:
        return False
    return chance.random() < (0.3 if wish.settled.standing == "confirmed" else 0.1)


async def _seats_shown(network: Network) -> int:
    host = await network.host()
    answer = await host.ask("GET", f"/activities/{ACTIVITY}")
    host.leave()
    return int(answer.json()["seats"]["onsite"]["taken"])


def _moves(log: Replay) -> dict[str, int]:
    names = [name for decision in log.decisions.values() for name, _ in decision.facts]
    return {
        "given back": names.count("RegistrationCancelled"),
        "moved up": names.count("PromotedFromWaitingList"),
        "placed in line": names.count("PlacedOnWaitingList"),
        **Counter(f"refused: {one.refused}" for one in log.decisions.values() if one.refused),
    }
