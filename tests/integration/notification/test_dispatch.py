"""Mails that are due, on the real store: each once, in order, whoever sends them and whatever ends in between."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo.database import Database
from unit.notification.scene import ACTIVITY, ALICE, LIN, NOW, cancelled, changed, confirmed, contact_card

from notification import dispatch
from notification.dispatch import Dispatch
from notification.storage import Store

from .mailserver import MailServer
from .office import CANCELLED, CONFIRMED, LETTERS, MINUTE, Clock, confirm_all, delivery, hear, people, state


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


def test_lanes_share_the_people_so_that_all_mails_of_one_go_the_same_way(
    store: Store, mail_server: MailServer, clock: Clock
) -> None:
    everyone = people(20)
    confirm_all(store, everyone)
    hear(store, *[cancelled(one.person, 100 + number) for number, one in enumerate(everyone)])
    sending = Dispatch(store, LETTERS, mail_server.server, 2, clock)
    first = sending.send_due(0)
    by_the_first = {one.recipient for one in mail_server.received}
    assert 0 < first == 2 * len(by_the_first) < 40
    assert first + sending.send_due(1) == 40


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
