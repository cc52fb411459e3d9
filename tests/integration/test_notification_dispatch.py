"""Mails that are due, on the real store, through a real mail server that is not always well."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database
from unit.notification.mailserver import DROP, DROP_AFTERWARDS, MailServer
from unit.notification.scene import (
    ACTIVITY,
    ALICE,
    LIN,
    NOW,
    SENDER,
    cancelled,
    changed,
    confirmed,
    contact_card,
    published,
)

from gongxue_chassis.log.mongo import connect
from gongxue_contracts.envelope import CloudEvent
from notification import dispatch, intake
from notification.dispatch import Dispatch
from notification.domain.letter import Contact
from notification.letters import Letters
from notification.smtp import Server
from notification.storage import Store

LETTERS = Letters(SENDER)
MINUTE = timedelta(minutes=1)
CONFIRMED = "報名成功：112年USR共同培力活動：敘事力"
CANCELLED = "報名已取消：112年USR共同培力活動：敘事力"


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, pause: timedelta) -> None:
        self.now += pause


@pytest.fixture
def database(mongo_uri: str) -> Iterator[Database[dict[str, Any]]]:
    found = connect(mongo_uri)
    yield found
    found.client.close()


@pytest.fixture
def store(database: Database[dict[str, Any]]) -> Store:
    return Store(database)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def sending(store: Store, mail_server: MailServer, clock: Clock) -> Dispatch:
    return Dispatch(store, LETTERS, mail_server.server, clock=clock)


def people(count: int) -> list[Contact]:
    return [Contact(f"p{n:03}", f"第{n}人", f"p{n:03}@nchu.example", "zh-Hant") for n in range(count)]


def hear(store: Store, *events: CloudEvent, now: datetime = NOW) -> None:
    intake.take(store, [published(), contact_card(LIN), contact_card(ALICE), *events], now)


def confirm_all(store: Store, everyone: list[Contact]) -> None:
    facts = [confirmed(one.person, sequence) for sequence, one in enumerate(everyone, start=4)]
    hear(store, *[contact_card(one) for one in everyone], *facts)


def delivery(database: Database[dict[str, Any]], sequence: int = 4, person: str = "lin") -> dict[str, Any]:
    found = database["deliveries"].find_one({"_id": f"activity:{ACTIVITY}@{sequence}.0/{person}/mail"})
    assert found is not None
    return found


def state(database: Database[dict[str, Any]], sequence: int = 4) -> tuple[str, int, str]:
    found = delivery(database, sequence)
    return found["state"], found["attempts"], found.get("reason", "")


def test_what_is_due_is_sent_once_over_one_connection(
    store: Store, database: Database[dict[str, Any]], mail_server: MailServer, sending: Dispatch
) -> None:
    everyone = people(60)
    confirm_all(store, everyone)
    assert sending.send_due() == 60
    assert sending.send_due() == 0
    assert mail_server.told == [(one.email, CONFIRMED) for one in everyone]
    assert mail_server.received[0].sender == "notice@gongxue.example"
    assert mail_server.connections == 1
    assert database["deliveries"].count_documents({"state": "sent"}) == 60
    assert {"due", "claim"}.isdisjoint(delivery(database, 4, "p000"))
    assert delivery(database, 4, "p000")["done"] == NOW


def test_no_delivery_holds_who_the_person_is(
    store: Store, database: Database[dict[str, Any]], mail_server: MailServer, sending: Dispatch
) -> None:
    mail_server.at_rcpt["lin@nchu.example"] = ["550 5.1.1 <lin@nchu.example>: no such user"]
    hear(store, confirmed("lin", 4), confirmed("alice", 5))
    sending.send_due()
    everything = str(list(database["deliveries"].find()))
    for personal in (LIN.name, LIN.email, ALICE.name, ALICE.email):
        assert personal not in everything


def test_a_passing_refusal_is_tried_again_after_the_pause(
    store: Store, database: Database[dict[str, Any]], mail_server: MailServer, sending: Dispatch, clock: Clock
) -> None:
    mail_server.answers["lin@nchu.example"] = ["451 4.3.0 try later", "452 full"]
    hear(store, confirmed("lin", 4), confirmed("alice", 5))
    assert sending.send_due() == 1
    assert state(database) == ("due", 1, "smtp 451 4.3.0")
    clock.advance(MINUTE - timedelta(milliseconds=1))
    assert sending.send_due() == 0
    clock.advance(timedelta(milliseconds=1))
    assert sending.send_due() == 0
    assert state(database) == ("due", 2, "smtp 452")
    clock.advance(5 * MINUTE)
    assert sending.send_due() == 1
    assert state(database) == ("sent", 3, "")
    assert [one.recipient for one in mail_server.received] == ["alice@ncku.example", "lin@nchu.example"]


@pytest.mark.parametrize("place", ["at_rcpt", "answers"])
def test_a_refusal_for_good_is_not_tried_again_and_harms_no_neighbour(
    store: Store,
    database: Database[dict[str, Any]],
    mail_server: MailServer,
    sending: Dispatch,
    clock: Clock,
    place: str,
) -> None:
    getattr(mail_server, place)["lin@nchu.example"] = ["550 5.1.1 no such user lin@nchu.example"]
    hear(store, confirmed("lin", 4), confirmed("alice", 5))
    assert sending.send_due() == 1
    assert state(database) == ("failed", 1, "smtp 550 5.1.1")
    clock.advance(timedelta(days=2))
    assert sending.send_due() == 0
    assert mail_server.connections == 1


def test_when_the_connection_drops_the_mail_and_its_neighbours_go_over_a_new_one(
    store: Store, mail_server: MailServer, sending: Dispatch
) -> None:
    everyone = people(5)
    mail_server.answers[everyone[2].email] = [DROP]
    confirm_all(store, everyone)
    assert sending.send_due() == 5
    assert mail_server.told == [(one.email, CONFIRMED) for one in everyone]
    assert mail_server.connections == 2


def test_a_mail_on_which_connections_drop_waits_and_the_others_go_on(
    store: Store, database: Database[dict[str, Any]], mail_server: MailServer, sending: Dispatch, clock: Clock
) -> None:
    mail_server.answers["lin@nchu.example"] = [DROP]
    hear(store, confirmed("lin", 4), confirmed("alice", 5))
    assert sending.send_due() == 1
    assert state(database) == ("due", 1, "dropped")
    clock.advance(MINUTE)
    assert sending.send_due() == 1


def test_a_mail_whose_answer_was_lost_comes_again_under_the_same_id(
    store: Store, mail_server: MailServer, sending: Dispatch, clock: Clock
) -> None:
    mail_server.answers["lin@nchu.example"] = [DROP_AFTERWARDS]
    hear(store, confirmed("lin", 4))
    sending.send_due()
    clock.advance(MINUTE)
    sending.send_due()
    first, second = (one.mail.message["Message-ID"] for one in mail_server.received)
    assert first == second


def test_a_server_that_takes_few_mails_a_connection_gets_them_all(
    store: Store, mail_server: MailServer, sending: Dispatch
) -> None:
    mail_server.mails_a_connection = 3
    everyone = people(10)
    confirm_all(store, everyone)
    assert sending.send_due() == 10
    assert [one.recipient for one in mail_server.received] == [one.email for one in everyone]


def test_while_the_server_is_away_mails_wait_and_after_seven_attempts_they_have_failed(
    store: Store, database: Database[dict[str, Any]], mail_server: MailServer, sending: Dispatch, clock: Clock
) -> None:
    mail_server.leave()
    hear(store, confirmed("lin", 4))
    for attempt in range(1, 7):
        assert sending.send_due() == 0
        assert state(database) == ("due", attempt, "server away: ConnectionRefusedError")
        clock.now = delivery(database)["due"]
    sending.send_due()
    assert state(database) == ("failed", 7, "server away: ConnectionRefusedError")
    mail_server.listen()
    clock.advance(timedelta(days=2))
    assert sending.send_due() == 0


def test_while_the_server_is_away_only_one_batch_loses_an_attempt(
    store: Store, database: Database[dict[str, Any]], mail_server: MailServer, sending: Dispatch
) -> None:
    mail_server.leave()
    confirm_all(store, people(60))
    sending.send_due()
    assert database["deliveries"].count_documents({"attempts": 1}) == dispatch.BATCH
    mail_server.listen()
    assert sending.send_due() == 60 - dispatch.BATCH


def test_without_the_encryption_that_was_asked_for_nothing_is_sent(
    store: Store, database: Database[dict[str, Any]], mail_server: MailServer, clock: Clock
) -> None:
    hear(store, confirmed("lin", 4))
    guarded: Server = replace(mail_server.server, tls="starttls")
    assert Dispatch(store, LETTERS, guarded, clock=clock).send_due() == 0
    assert state(database) == ("due", 1, "server away: SMTPNotSupportedError")


def test_a_login_that_fails_is_no_fault_of_the_mail(
    store: Store, database: Database[dict[str, Any]], mail_server: MailServer, clock: Clock
) -> None:
    hear(store, confirmed("lin", 4))
    unknown = replace(mail_server.server, user="notification", password="wrong")
    assert Dispatch(store, LETTERS, unknown, clock=clock).send_due() == 0
    assert state(database)[:2] == ("due", 1)


def test_what_a_crashed_sender_had_claimed_is_sent_when_its_lease_ends(
    store: Store, mail_server: MailServer, sending: Dispatch, clock: Clock
) -> None:
    hear(store, confirmed("lin", 4))
    store.claim(store.due(NOW, 10), NOW, NOW + dispatch.LEASE)
    clock.advance(dispatch.LEASE - timedelta(milliseconds=1))
    assert sending.send_due() == 0
    clock.advance(timedelta(milliseconds=1))
    assert sending.send_due() == 1


def test_a_sender_whose_server_is_slow_keeps_what_it_has_claimed(
    store: Store, mail_server: MailServer, sending: Dispatch, clock: Clock
) -> None:
    everyone = people(6)
    confirm_all(store, everyone)
    for_others: list[int] = []

    class TakesHalfAMinute(dict[str, list[str]]):
        def __getitem__(self, recipient: str) -> list[str]:
            for_others.append(len(store.due(clock.now, 10)))
            clock.advance(MINUTE / 2)
            return []

    mail_server.answers = TakesHalfAMinute()
    assert sending.send_due() == 6
    assert for_others == [0] * 6
    assert [one.recipient for one in mail_server.received] == [one.email for one in everyone]


def test_a_sender_that_was_away_too_long_leaves_the_rest_to_who_has_taken_it(
    store: Store, mail_server: MailServer, sending: Dispatch, clock: Clock
) -> None:
    everyone = people(4)
    confirm_all(store, everyone)

    class Sleeps(dict[str, list[str]]):
        def __getitem__(self, recipient: str) -> list[str]:
            if recipient == everyone[1].email:
                clock.advance(2 * dispatch.LEASE)
                others = store.due(clock.now, 10)
                store.claim(
                    [one for one in others if one.person > "p001"], clock.now, clock.now + dispatch.LEASE
                )
            return []

    mail_server.answers = Sleeps()
    assert sending.send_due() == 2
    assert [one.recipient for one in mail_server.received] == [one.email for one in everyone[:2]]


def test_senders_side_by_side_send_each_mail_once(
    store: Store, database: Database[dict[str, Any]], mail_server: MailServer, clock: Clock
) -> None:
    everyone = people(120)
    confirm_all(store, everyone)
    one, other = (Dispatch(Store(database), LETTERS, mail_server.server, 2, clock) for _ in range(2))
    threads = [
        threading.Thread(target=each.send_due, args=(lane,)) for each in (one, other) for lane in (0, 1)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(recipient for recipient, _ in mail_server.told) == [each.email for each in everyone]
    assert database["deliveries"].count_documents({"state": "sent", "attempts": 1}) == 120


def test_the_mails_of_one_person_go_out_in_the_order_in_which_things_happened(
    store: Store, mail_server: MailServer, sending: Dispatch
) -> None:
    hear(store, cancelled("lin", 9))
    hear(store, confirmed("lin", 4))
    assert sending.send_due() == 2
    assert mail_server.told == [(LIN.email, CONFIRMED), (LIN.email, CANCELLED)]


def test_an_older_word_does_not_follow_a_newer_one(
    store: Store, database: Database[dict[str, Any]], mail_server: MailServer, sending: Dispatch, clock: Clock
) -> None:
    mail_server.answers["lin@nchu.example"] = ["451 later"]
    hear(store, confirmed("lin", 4))
    sending.send_due()
    hear(store, cancelled("lin", 9))
    sending.send_due()
    clock.advance(MINUTE)
    assert sending.send_due() == 0
    assert mail_server.told == [(LIN.email, CANCELLED)]
    assert state(database) == ("withheld", 2, "superseded")


def test_an_address_that_cannot_be_written_to_has_failed(
    store: Store, database: Database[dict[str, Any]], mail_server: MailServer, sending: Dispatch
) -> None:
    hear(store, contact_card(replace(LIN, email="林@nchu.example"), version=2), confirmed("lin", 4))
    assert sending.send_due() == 0
    assert state(database) == ("failed", 1, "bad_address")
    assert mail_server.connections == 0


def test_a_person_who_was_erased_in_between_gets_no_mail(
    store: Store, database: Database[dict[str, Any]], sending: Dispatch
) -> None:
    hear(store, confirmed("lin", 4))
    database["contacts"].delete_one({"_id": "lin"})
    assert sending.send_due() == 0
    assert state(database) == ("due", 1, "unknown_contact")


def test_a_letter_that_cannot_be_written_harms_no_neighbour(
    store: Store, database: Database[dict[str, Any]], mail_server: MailServer, sending: Dispatch
) -> None:
    hear(store, confirmed("lin", 4), changed(5, venue=None), confirmed("alice", 6))
    far = {"$set": {"card.starts_at": datetime(9999, 12, 31, 23, 59, tzinfo=UTC)}}
    database["activities"].update_one({"_id": f"activity:{ACTIVITY}@1.0"}, far)
    sending.send_due()
    assert state(database) == ("due", 1, "not written: OverflowError")
    assert (ALICE.email, "Seat confirmed: USR co-training 2023: narrative") in mail_server.told


def test_when_stopped_what_was_not_tried_is_given_back(
    store: Store, database: Database[dict[str, Any]], mail_server: MailServer, sending: Dispatch, clock: Clock
) -> None:
    everyone = people(10)
    confirm_all(store, everyone)
    fourth = everyone[3].email

    class StopsAtTheFourth(dict[str, list[str]]):
        def __getitem__(self, recipient: str) -> list[str]:
            if recipient == fourth:
                sending.stop()
            return []

    mail_server.answers = StopsAtTheFourth()
    assert sending.send_due() == 4
    left = {"state": "due", "attempts": 0, "due": {"$lte": clock.now}, "claim": {"$exists": False}}
    assert database["deliveries"].count_documents(left) == 6
    assert Dispatch(store, LETTERS, mail_server.server, clock=clock).send_due() == 6
    assert [one.recipient for one in mail_server.received] == [one.email for one in everyone]


def test_the_loop_sends_what_wakes_it_and_ends_when_stopped(
    store: Store, database: Database[dict[str, Any]], mail_server: MailServer, clock: Clock
) -> None:
    sending = Dispatch(store, LETTERS, mail_server.server, lanes=2, clock=clock)
    loops = [threading.Thread(target=sending.run, args=(lane,)) for lane in (0, 1)]
    for loop in loops:
        loop.start()
    confirm_all(store, people(20))
    sending.wake()
    with database["deliveries"].watch() as changes:
        while database["deliveries"].count_documents({"state": "sent"}) < 20:
            changes.try_next()
    sending.stop()
    for loop in loops:
        loop.join(timeout=20)
    assert not any(loop.is_alive() for loop in loops)
    assert len(mail_server.received) == 20
