"""A mail server that refuses, drops or is away: no mail is lost, and none harms another."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database
from unit.notification.scene import confirmed

from notification import dispatch
from notification.dispatch import Dispatch
from notification.smtp import Server
from notification.storage import Store

from .mailserver import DROP, DROP_AFTERWARDS, MailServer
from .office import CONFIRMED, LETTERS, MINUTE, Clock, confirm_all, delivery, hear, people, state


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


@pytest.mark.parametrize(
    "status", ["421 4.3.2 closing down", "530 5.7.0 authentication required", "535 5.7.8 no"]
)
def test_what_is_refused_for_the_connection_is_tried_again_over_another(
    store: Store,
    database: Database[dict[str, Any]],
    mail_server: MailServer,
    sending: Dispatch,
    clock: Clock,
    status: str,
) -> None:
    mail_server.at_rcpt["lin@nchu.example"] = [status]
    hear(store, confirmed("lin", 4), confirmed("alice", 5))
    assert sending.send_due() == 1
    assert state(database) == ("due", 1, f"smtp {status[:9]}")
    assert mail_server.connections == 2
    clock.advance(MINUTE)
    assert sending.send_due() == 1


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
