"""R10: somebody who was registered, mailed, exported and then erased is found nowhere but in their own mailbox."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bench.bars import Bar, Form
from chaos.canary import Life, Search, canary
from chaos.network import FACTS_AND_DELAYS, Network
from toys.waiting import eventually

from gateway.people import Card, contact_card
from gateway.personal.erasures import erasure_id
from gongxue_chassis.origin import Origin
from gongxue_chassis.publisher import Outgoing
from gongxue_contracts.envelope import JSON, to_json

BAR = "R10"
ACTIVITY = "r10-canary"
SECONDS = 120
PROMISED_HOURS = 24


def test_an_erased_person_is_found_nowhere(network: Network, form: Form, seed: int, show: list[Bar]) -> None:
    asyncio.run(network.publish_activity(ACTIVITY, seats=5, waiting_limit=5))
    life = _lived(network)
    export = life.export()
    _leave_messages_behind(network, life)
    before = _search(network, life)
    assert all(before[place] for place in ("stores", "parked")), before

    status, took = _erase(network, life)
    _come_late(network, life)
    eventually(network.is_quiet, SECONDS)

    found = _search(network, life)
    left = sum(len(places) for places in found.values())
    told = life.browser.get(status).status_code == 200
    after = _after(network, life)
    life.browser.close()
    bar = Bar(
        id=BAR,
        form=form,
        value=left,
        unit="places in which the person is found",
        goal=f"0 within {PROMISED_HOURS} h",
        holds=left == 0 and told and all(after.values()),
        detail={
            "seed": seed,
            "found": found,
            "seconds": round(took, 1),
            **after,
            "held_before": {place: len(places) for place, places in before.items()},
            "exported": sorted(export),
            "not_overwritten_yet": Search(network, life.person, [life.person.email]).in_files(
                "store/**/*", "broker/**/*"
            ),
        },
    )
    show.append(bar)
    assert found == {place: [] for place in found}
    assert bar.holds, bar.detail


def _lived(network: Network) -> Life:
    """Somebody who has left traces of every kind, and was mailed."""
    life = Life(network, canary())
    for visitor in asyncio.run(network.sign_in([life.person])):
        visitor.leave()
    life.leave_traces(ACTIVITY)
    _be_told(network, life.person.id)
    return life


def _erase(network: Network, life: Life) -> tuple[str, float]:
    """The address at which it was followed, and how many seconds it took."""
    began = time.monotonic()
    status = life.erase()
    done = {"_id": erasure_id(life.person.id), "state": "done"}
    eventually(lambda: network.database("gateway")["erasures"].find_one(done), SECONDS)
    return status, time.monotonic() - began


def _after(network: Network, life: Life) -> dict[str, bool]:
    """What must hold of who is erased."""
    seats = network.log(ACTIVITY).registrations.values()
    return {
        "signed_out": life.browser.get("/me/data").status_code == 303,
        "stays_out": life.browser.post("/sign-in", data={"person": life.person.id}).status_code == 401,
        "given_back": all(line.status == "cancelled" for line in seats if line.person == life.person.id),
    }


def _be_told(network: Network, person: str) -> None:
    """The mail that confirms the seat has gone out."""
    deliveries = network.database("notification")["deliveries"]
    eventually(lambda: deliveries.find_one({"person": person, "state": "sent"}), SECONDS)


def _leave_messages_behind(network: Network, life: Life) -> None:
    """Parked ones, and one in a delay: cards that could not be handled, a part of an export that came to nothing."""
    card = _card(life, 90)
    part = (
        b'{"type": "notification.export_part.v1", "data": {"person": "%s", "data": {"contact": {"email": "%s"}}}}'
        % (life.person.id.encode(), life.person.email.encode())
    )
    told = Origin("gateway", "private", "gateway.contact_card.v1").headers()
    network.send(
        [
            Outgoing("parking.notification", "", card, JSON, "parked card"),
            Outgoing("parking.gateway", "", part, JSON, "parked part"),
            Outgoing("retry.notification", "notification.facts.retry.10m", card, JSON, "delayed card", told),
        ]
    )
    eventually(lambda: network.waiting("parking.notification", "parking.gateway") == 2)


def _come_late(network: Network, life: Life) -> None:
    """A card that was under way, and all facts about the person once more."""
    network.send([Outgoing("private", "gateway.contact_card.v1", _card(life, 91), JSON, "late card")])
    eventually(lambda: not network.waiting(*FACTS_AND_DELAYS), SECONDS)
    tomb: Any = network.database("notification")["contacts"].find_one({"_id": life.person.id})
    assert tomb is not None


def _card(life: Life, version: int) -> bytes:
    card = Card(replace(life.person, language="en"), version, untold=True)
    return to_json(contact_card(card, datetime.now(UTC)))


def _search(network: Network, life: Life) -> dict[str, list[str]]:
    person = life.person
    search = Search(network, person, [person.name, person.email, *life.secrets])
    queues = search.in_queues()
    return {
        "stores": search.in_stores(),
        "parked": [name for name in queues if name.startswith("parking.")],
        "queues": [name for name in queues if not name.startswith("parking.")],
        "logs": search.in_files("logs/**/*", "*.log", "**/*.log"),
    }
