"""R3: whatever is sent to the services has its effect or is parked with its reason, exactly once each."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from contextlib import suppress

from bench.bars import Bar, Form
from chaos.mixtures import (
    COMMANDS,
    EFFECT,
    FACTS,
    PEOPLE,
    Sent,
    card,
    commands,
    facts,
    preparation,
    unreadable_commit,
)
from chaos.network import FACTS_AND_DELAYS, Network
from toys.waiting import eventually

BAR = "R3"
SIZES = {"short": 150, "long": 5_000}
"""Messages of either kind: facts and commands."""
SECONDS = {"short": 90, "long": 900}

Fates = dict[str, Counter[str]]


def test_effects_and_parked_are_all_that_was_sent(
    network: Network, form: Form, seed: int, show: list[Bar]
) -> None:
    chance = random.Random(seed)
    sent = facts(chance, SIZES[form]) + commands(chance, SIZES[form])
    _prepare(network, sent)
    began = time.monotonic()
    network.send([one.message for one in chance.sample(sent, len(sent))])
    wanted = _wanted(sent)
    with suppress(AssertionError):  # the comparison says what is missing
        eventually(lambda: _all_handled(network, wanted), SECONDS[form])
    found = _found(network)
    bar = Bar(
        id=BAR,
        form=form,
        value=sum(found[place].total() - counts.total() for place, counts in wanted.items()),
        unit="more or fewer than sent",
        goal="effects + parked = sent, each with its reason",
        holds=found == wanted and network.all_running(),
        detail={
            "seed": seed,
            "sent": len(sent),
            "fates": sum(counts.total() for counts in wanted.values()),
            "wanted": {place: dict(counts) for place, counts in wanted.items()},
            "found": {place: dict(counts) for place, counts in found.items()},
            "seconds": round(time.monotonic() - began, 1),
        },
    )
    show.append(bar)
    assert found == wanted
    assert bar.holds


def _prepare(network: Network, sent: list[Sent]) -> None:
    asyncio.run(network.publish_activity(COMMANDS, seats=10**6, waiting_limit=0))
    network.database("registration")["commits"].insert_one(unreadable_commit())
    for service in ("gateway", "notification"):
        damaged = [one.damaged[service] for one in sent if service in one.damaged]
        network.database(service)["registrations"].insert_many({"_id": id, "v": "damaged"} for id in damaged)
    comers = [card(f"r3-comes-{number}") for number in range(len(sent))]
    network.send(preparation() + comers)
    contacts = network.database("notification")["contacts"]
    known = len(PEOPLE) + len(comers)
    eventually(lambda: contacts.count_documents({"_id": {"$regex": "^r3-"}}) >= known, 60)
    eventually(lambda: network.database("notification")["activities"].find_one({"activity": FACTS}))


def _wanted(sent: list[Sent]) -> Fates:
    fates: Fates = {}
    for one in sent:
        for place, fate in one.becomes.items():
            fates.setdefault(place, Counter()).update([fate] if isinstance(fate, str) else fate)
    return fates


def _found(network: Network) -> Fates:
    fates: Fates = {"unroutable": Counter()}
    for place, count in _effects(network).items():
        fates[place] = Counter({EFFECT: count})
    for place, parked in network.parked().items():
        fates.setdefault(place, Counter()).update(one.reason or "unroutable" for one in parked)
    return fates


def _effects(network: Network) -> dict[str, int]:
    mine = {"$regex": f"^{FACTS}"}
    shown = {"activity": mine, "status": "confirmed"}
    return {
        "gateway": network.database("gateway")["registrations"].count_documents(shown),
        "notification": network.database("notification")["deliveries"].count_documents({"activity": mine}),
        "registration": len(network.log(COMMANDS).registrations),
    }


def _all_handled(network: Network, wanted: Fates) -> bool:
    """Nothing waits or is held any more: what was sent is in the stores or parked, as far as it is anywhere."""
    parked = {place: network.waiting(f"parking.{place}") for place in wanted}
    effects = _effects(network)
    there = all(parked[place] + effects.get(place, 0) >= counts.total() for place, counts in wanted.items())
    return there and not network.waiting(*FACTS_AND_DELAYS)
