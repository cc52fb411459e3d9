"""Facts on the real store: what they give to tell, once, however often and in whatever order they come."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database
from unit.notification.scene import (
    ACTIVITY,
    ALICE,
    BEGAN,
    LIN,
    NOW,
    STARTS,
    cancelled,
    cancelled_activity,
    changed,
    closed,
    confirmed,
    contact_card,
    promoted,
    published,
    refused,
    registration_of,
    waiting,
)

from gongxue_chassis.errors import Poison, TryLater
from gongxue_contracts.envelope import CloudEvent
from notification import intake
from notification.dispatch import Dispatch
from notification.domain.delivery import Delivery
from notification.domain.letter import Contact
from notification.storage import Store

from .mailserver import MailServer, Received
from .office import LETTERS

LATER = STARTS + timedelta(days=1)
HOST = Contact("host", "主辦", "host@pu.example", "zh-Hant")
CARDS = [contact_card(LIN), contact_card(ALICE), contact_card(HOST)]
STORY = [
    published(1),
    confirmed("lin", 2),
    waiting("alice", 3, place=1),
    changed(4, starts_at=LATER),
    changed(5, ("pools",), waiting_limit=1),
    cancelled("lin", 6),
    promoted("alice", 7),
    changed(8, venue=None, starts_at=LATER),
    confirmed("host", 9, pool="online"),
    closed(10),
    cancelled_activity(11),
    refused("lin", "activity_cancelled"),
]
TOLD = [
    ("lin", "confirmed", 2),
    ("alice", "waiting", 3),
    ("alice", "activity_changed", 4),
    ("lin", "activity_changed", 4),
    ("lin", "cancelled", 6),
    ("alice", "promoted", 7),
    ("alice", "activity_changed", 8),
    ("host", "confirmed", 9),
    ("alice", "activity_cancelled", 11),
    ("host", "activity_cancelled", 11),
    ("lin", "refused", 0),
]


def try_to_take(store: Store, *events: CloudEvent) -> list[CloudEvent]:
    """As the chassis does it: a batch that fails is tried event by event. Returns what is to come again later."""
    waits = []
    try:
        intake.take(store, events, NOW)
    except TryLater:
        for event in events:
            try:
                intake.take(store, [event], NOW)
            except TryLater:
                waits.append(event)
    return waits


def take(store: Store, *events: CloudEvent) -> None:
    """Until nothing waits any more."""
    waits = list(events)
    while waits:
        before, waits = len(waits), try_to_take(store, *waits)
        assert len(waits) < before


def told(database: Database[dict[str, Any]]) -> list[tuple[str, str, int]]:
    found = database["deliveries"].find()
    return sorted((one["person"], one["kind"], one.get("sequence", 0)) for one in found)


def words(mails: Iterable[Received]) -> list[tuple[str, str, str, str, bytes | None]]:
    """All there is in mails but the time of writing, in a canonical order."""
    return sorted(
        (one.recipient, str(one.mail.message["Message-ID"]), one.mail.subject, one.mail.text, one.mail.file)
        for one in mails
    )


def test_what_a_story_gives_to_tell(store: Store, database: Database[dict[str, Any]]) -> None:
    take(store, *CARDS, *STORY)
    assert told(database) == sorted(TOLD)


def test_facts_one_by_one_give_the_same_as_in_a_batch(
    store: Store, database: Database[dict[str, Any]]
) -> None:
    for event in (*CARDS, *STORY):
        take(store, event)
    assert told(database) == sorted(TOLD)


@pytest.mark.parametrize("seed", range(8))
def test_each_fact_three_times_and_shuffled_gives_the_same_mails(
    store: Store, database: Database[dict[str, Any]], mail_server: MailServer, seed: int
) -> None:
    take(store, *CARDS, *STORY)
    Dispatch(store, LETTERS, mail_server.server, clock=lambda: NOW).send_due()
    in_order, mail_server.received = mail_server.received, []

    facts = [*CARDS, *STORY] * 3
    chance = random.Random(seed)
    chance.shuffle(facts)
    for name in database.list_collection_names():
        database[name].delete_many({})
    waits: list[CloudEvent] = []
    while facts:
        size = chance.randint(1, 6)
        waits += try_to_take(store, *facts[:size])
        del facts[:size]
    take(store, *waits)
    Dispatch(store, LETTERS, mail_server.server, clock=lambda: NOW).send_due()
    assert words(mail_server.received) == words(in_order)


@pytest.mark.parametrize("seed", range(8))
def test_facts_that_come_again_when_all_is_told_give_no_mail(
    store: Store, database: Database[dict[str, Any]], mail_server: MailServer, seed: int
) -> None:
    sending = Dispatch(store, LETTERS, mail_server.server, clock=lambda: NOW)
    for event in (*CARDS, *STORY):
        take(store, event)
        sending.send_due()
    assert len(mail_server.received) == len(TOLD)
    everything = {name: list(database[name].find().sort("_id")) for name in database.list_collection_names()}
    again = [*CARDS, *STORY] * 2
    random.Random(seed).shuffle(again)
    for event in again:
        take(store, event)
        assert sending.send_due() == 0
    assert everything == {name: list(database[name].find().sort("_id")) for name in everything}


@pytest.mark.parametrize("seed", range(8))
def test_facts_shuffled_while_mails_go_out_leave_everybody_with_the_last_word(
    store: Store, mail_server: MailServer, database: Database[dict[str, Any]], seed: int
) -> None:
    take(store, *CARDS)
    now = NOW
    sending = Dispatch(store, LETTERS, mail_server.server, clock=lambda: now)
    facts = STORY * 3
    random.Random(seed).shuffle(facts)
    waits: list[CloudEvent] = []
    for event in facts:
        waits += try_to_take(store, event)
        sending.send_due()
    take(store, *waits)
    sending.send_due()
    now += timedelta(minutes=1)  # a change may have waited for the details that were before it
    sending.send_due()
    ids = [str(one.mail.message["Message-ID"]) for one in mail_server.received]
    assert len(set(ids)) == len(ids)
    calendars: dict[str, tuple[int, datetime, str]] = {}
    for mail in (one.mail for one in mail_server.received if one.mail.calendar):
        heard = (mail.event["SEQUENCE"], mail.event["DTSTAMP"].dt, str(mail.calendar["METHOD"]))
        calendars[str(mail.event["UID"])] = max(heard, calendars.get(str(mail.event["UID"]), heard))
    assert {method for _, _, method in calendars.values()} == {"CANCEL"}
    endings = {"報名已取消", "活動取消", "Activity cancelled"}
    ended = {
        one.recipient
        for one in mail_server.received
        if one.mail.subject.split("：")[0].split(": ")[0] in endings
    }
    assert ended == {LIN.email, ALICE.email, HOST.email}
    assert database["deliveries"].count_documents({"state": "due"}) == 0


def test_whoever_left_and_came_back_hears_of_a_change_though_we_learn_late_that_they_had_left(
    store: Store, database: Database[dict[str, Any]], mail_server: MailServer
) -> None:
    take(store, *CARDS, published(1), confirmed("lin", 2), changed(5, starts_at=LATER))
    came_back = confirmed("lin", 4)
    came_back.data["registration"] = registration_of("lin again")
    take(store, came_back, cancelled("lin", 3))
    Dispatch(store, LETTERS, mail_server.server, clock=lambda: NOW).send_due()
    sent = database["deliveries"].find({"kind": "activity_changed", "state": "sent"})
    assert [one["registration"] for one in sent] == [registration_of("lin again")]


def test_a_fact_of_somebody_unknown_is_to_come_again_and_holds_nobody_up(
    store: Store, database: Database[dict[str, Any]]
) -> None:
    take(store, published(), contact_card(LIN))
    with pytest.raises(TryLater) as caught:
        intake.take(store, [confirmed("alice", 2), confirmed("lin", 3), refused("host")], NOW)
    assert caught.value.reason == "unknown_contact"
    assert told(database) == [("lin", "confirmed", 3)]
    take(store, contact_card(ALICE), confirmed("alice", 2))
    assert told(database) == [("alice", "confirmed", 2), ("lin", "confirmed", 3)]


@pytest.mark.parametrize(
    "fact",
    [confirmed("lin", 4), changed(4, venue=None), cancelled_activity(4)],
    ids=["seat", "change", "cancel"],
)
def test_a_fact_of_an_activity_that_is_not_known_yet_is_to_come_again(store: Store, fact: CloudEvent) -> None:
    take(store, contact_card(LIN), published(9))
    with pytest.raises(TryLater) as caught:
        intake.take(store, [fact], NOW)
    assert caught.value.reason == "unknown_activity"
    take(store, published(1), fact)


def test_a_fact_without_a_number_is_poison(store: Store) -> None:
    with pytest.raises(Poison):
        intake.take(store, [replace(confirmed("lin", 4), sequence=None)], NOW)


def test_a_refusal_of_nobody_is_told_to_nobody(store: Store, database: Database[dict[str, Any]]) -> None:
    take(store, refused(None))
    assert told(database) == []


def test_the_newest_contact_card_counts_in_whatever_order_they_come(store: Store) -> None:
    moved = Contact("lin", "林曉青", "lin@ncku.example", "en")
    take(store, contact_card(moved, version=3))
    take(store, contact_card(LIN, version=2), contact_card(LIN, version=1))
    assert store.contacts(["lin", "nobody"]) == {"lin": moved}


def test_who_registers_after_a_change_that_comes_late_hears_the_new_details_last(
    store: Store, mail_server: MailServer
) -> None:
    sending = Dispatch(store, LETTERS, mail_server.server, clock=lambda: NOW)
    take(store, published(1), *CARDS, confirmed("lin", 4), confirmed("host", 5))
    sending.send_due()
    take(store, waiting("alice", 6), changed(3, starts_at=LATER))
    assert sending.send_due() == 3
    first, second = [one.mail for one in mail_server.received if one.recipient == LIN.email]
    assert (first.event["DTSTART"].dt, second.event["DTSTART"].dt) == (STARTS, LATER)
    assert second.event["SEQUENCE"] == first.event["SEQUENCE"] == 4
    assert second.event["DTSTAMP"].dt == NOW > first.event["DTSTAMP"].dt
    alice = [one.mail for one in mail_server.received if one.recipient == ALICE.email]
    assert ["10 November" in one.text for one in alice] == [True]


class CrashesAfterAPage(Store):
    """A store whose process ends when it keeps the second page of deliveries."""

    class Crash(Exception):
        pass

    _pages = 0

    def add_deliveries(self, deliveries: Iterable[Delivery], now: datetime) -> None:
        found = list(deliveries)
        self._pages += bool(found)
        if self._pages > 1:
            raise self.Crash
        super().add_deliveries(found, now)


def test_a_change_reaches_hundreds_of_people_and_survives_a_crash_in_between(
    store: Store, database: Database[dict[str, Any]]
) -> None:
    everyone = [Contact(f"p{n:04}", f"第{n}人", f"p{n:04}@nchu.example", "zh-Hant") for n in range(500)]
    for start in range(0, 500, 100):
        some = list(enumerate(everyone, 2))[start : start + 100]
        cards = [contact_card(one) for _, one in some]
        intake.take(
            store, [published(), *cards, *[confirmed(one.person, number) for number, one in some]], NOW
        )
    change = changed(5000, starts_at=LATER)
    with pytest.raises(CrashesAfterAPage.Crash):
        intake.take(CrashesAfterAPage(database), [change], NOW)
    assert database["deliveries"].count_documents({"kind": "activity_changed"}) == 200
    assert intake.take(store, [change], NOW) == 500
    assert database["deliveries"].count_documents({"kind": "activity_changed"}) == 500
    assert intake.take(store, [change], NOW) == 0


def test_a_late_fact_comes_due_before_what_happened_after_it(store: Store) -> None:
    take(store, published(), *CARDS, confirmed("alice", 5))
    later = NOW + timedelta(minutes=1)
    intake.take(store, [confirmed("lin", 4)], later)
    assert [one.person for one in store.due(later, 10)] == ["lin", "alice"]


def test_nothing_comes_due_in_the_future_because_another_clock_is_ahead(store: Store) -> None:
    intake.take(store, [published(), contact_card(LIN), confirmed("lin", 4)], BEGAN)
    assert [one.person for one in store.due(BEGAN, 10)] == ["lin"]


def test_an_activity_is_known_by_its_own_name_alone(store: Store) -> None:
    take(store, published(1), published(1, activity="other"))
    found = store.histories([ACTIVITY, "other", "unknown"])
    assert [found[name].newest_card() is None for name in (ACTIVITY, "other", "unknown")] == [
        False,
        False,
        True,
    ]
