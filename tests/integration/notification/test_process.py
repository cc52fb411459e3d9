"""The service as a process, on the real bus and store, with the mail catcher behind it."""

from __future__ import annotations

import json
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo.database import Database
from toys.waiting import eventually
from unit.notification.scene import (
    ALICE,
    LIN,
    cancelled,
    changed,
    confirmed,
    contact_card,
    published,
    refused,
)

from gongxue_chassis.log.mongo import connect
from gongxue_chassis.parking import ParkingLot
from gongxue_chassis.publisher import Publisher
from gongxue_chassis.relay import outgoing
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import CloudEvent
from notification.dispatch import BATCH
from notification.domain.letter import Contact
from onemachine.services import Settings
from onemachine.stack import Stack

LANES = 2
RETRY_DELAYS = {"5s": 0.2, "1m": 0.4, "10m": 0.8}


@pytest.fixture(scope="module")
def running(new_stack: Callable[..., Stack]) -> Stack:
    """Notification and the mail catcher alone."""
    return new_stack(Settings(services=("mails", "notification"), retry_delays=RETRY_DELAYS))


@pytest.fixture
def publisher(running: Stack) -> Iterator[Publisher]:
    found = Publisher(running.broker.amqp_uri, "test")
    yield found
    found.close()


@pytest.fixture
def database(running: Stack) -> Iterator[Database[dict[str, Any]]]:
    found = connect(running.store.uri_for("notification"))
    yield found
    found.client.close()


def tell(publisher: Publisher, *events: CloudEvent) -> None:
    written = (replace(event, data=catalogue.write(event.type, event.data)) for event in events)
    publisher.publish([outgoing(event) for event in written])


def mails(stack: Stack) -> Counter[tuple[str, str]]:
    """How often each mail came, by whom it was for and its Message-ID."""
    with urllib.request.urlopen(f"{stack.mails_url}/api/v1/messages?limit=1000") as answer:
        found = json.load(answer)["messages"]
    return Counter((mail["To"][0]["Address"], mail["MessageID"]) for mail in found)


def addresses(stack: Stack) -> list[str]:
    return sorted(address for address, _ in mails(stack).elements())


def everything_told(database: Database[dict[str, Any]], count: int) -> bool:
    """Whether that many deliveries are kept, and all are done with."""
    deliveries = database["deliveries"]
    return deliveries.count_documents({}) == count == deliveries.count_documents({"state": "sent"})


def test_facts_on_the_bus_become_mails_each_once(
    running: Stack, publisher: Publisher, database: Database[dict[str, Any]]
) -> None:
    story = [
        published(1),
        confirmed("lin", 2),
        confirmed("alice", 3),
        changed(4, venue=None),
        cancelled("lin", 5),
    ]
    cards = [contact_card(LIN), contact_card(ALICE)]
    tell(publisher, *cards, *story, refused("alice"))
    eventually(lambda: everything_told(database, 6))
    tell(publisher, *story, *cards, refused("alice"), confirmed("alice", 6))
    eventually(lambda: everything_told(database, 7))
    assert addresses(running) == [ALICE.email] * 4 + [LIN.email] * 3
    assert set(mails(running).values()) == {1}


def test_a_fact_of_somebody_unknown_waits_for_the_contact_card(
    running: Stack, publisher: Publisher, database: Database[dict[str, Any]]
) -> None:
    late = Contact("late", "遲到", "late@nchu.example", "zh-Hant")
    tell(publisher, published(1), confirmed(late.person, 20))
    tell(publisher, contact_card(late))
    eventually(lambda: late.email in addresses(running))


def test_a_fact_of_somebody_who_stays_unknown_is_parked_with_its_reason(
    running: Stack, publisher: Publisher
) -> None:
    parked = ParkingLot(running.broker.amqp_uri, "notification", "test")
    tell(publisher, published(1), confirmed("nobody", 21))
    eventually(lambda: [one.reason for one in parked.all()] == ["unknown_contact"])
    (left,) = parked.all()
    assert (left.detail, left.attempts) == ("nobody", 4)
    parked.discard(left.id)


def test_killed_while_mails_go_out_everybody_is_told_and_few_twice(
    running: Stack, publisher: Publisher, database: Database[dict[str, Any]]
) -> None:
    before = database["deliveries"].count_documents({})
    everyone = [Contact(f"p{n:03}", f"第{n}人", f"p{n:03}@nchu.example", "zh-Hant") for n in range(300)]
    tell(publisher, published(1), *[contact_card(one) for one in everyone])
    tell(publisher, *[confirmed(one.person, 100 + number) for number, one in enumerate(everyone)])
    eventually(lambda: len(mails(running)) > 60)
    process = running.process("notification")
    process.kill9()
    process.start()
    running.wait_ready()
    eventually(lambda: database["deliveries"].count_documents({}) == before + 300)
    # Let the minute pass for which the killed process had claimed what it was about to send.
    claimed = {"state": "due", "claim": {"$exists": True}}
    database["deliveries"].update_many(claimed, {"$set": {"due": datetime.now(UTC)}})
    eventually(lambda: everything_told(database, before + 300))
    came = mails(running)
    assert {address for address, _ in came} >= {one.email for one in everyone}
    assert sum(count - 1 for count in came.values()) <= LANES * BATCH


def test_asked_to_end_it_ends_and_what_was_not_sent_goes_out_at_the_next_start(
    running: Stack, publisher: Publisher, database: Database[dict[str, Any]]
) -> None:
    before = database["deliveries"].count_documents({})
    everyone = [Contact(f"q{n:03}", f"第{n}人", f"q{n:03}@nchu.example", "zh-Hant") for n in range(300)]
    tell(publisher, published(1), *[contact_card(one) for one in everyone])
    tell(publisher, *[confirmed(one.person, 1000 + number) for number, one in enumerate(everyone)])
    eventually(lambda: database["deliveries"].count_documents({}) > before)
    process = running.process("notification")
    repeated = sum(count - 1 for count in mails(running).values())
    assert process.stop()
    process.start()
    running.wait_ready()
    eventually(lambda: everything_told(database, before + 300))
    assert sum(count - 1 for count in mails(running).values()) == repeated
