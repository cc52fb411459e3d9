"""What notification holds about somebody: told on request, forgotten on request, and not learnt again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database
from unit.notification.scene import (
    ALICE,
    LIN,
    NOW,
    changed,
    confirmed,
    contact_card,
    published,
    refused,
)

from gongxue_chassis.parking import ParkingLot
from gongxue_chassis.publisher import Outgoing, Publisher
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import JSON, CloudEvent, from_json, to_json
from notification import intake, personal
from notification.dispatch import Dispatch
from notification.personal import Desk
from notification.storage import KEPT, Store

from .mailserver import MailServer
from .office import delivery, hear

ERASURE, EXPORT = "e" * 32, "f" * 32
ASKED_AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


class Sink:
    """Keeps what is published."""

    def __init__(self) -> None:
        self.events: list[CloudEvent] = []

    def publish(self, messages: Any) -> None:
        self.events += [from_json(message.body) for message in messages]

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def desk(store: Store, sink: Sink, amqp_uri: str) -> Desk:
    return Desk(store, sink, ParkingLot(amqp_uri, "notification", "erasure"))


def asked(type: str, **data: Any) -> CloudEvent:
    return CloudEvent("asked", "/center/gateway", type, "person:lin", ASKED_AT, {"person": "lin", **data})


def erase(desk: Desk) -> None:
    desk.serve([asked(personal.ERASURE_ASKED, erasure=ERASURE, asked_at=ASKED_AT)], NOW)


def words(database: Database[dict[str, Any]]) -> str:
    """Everything that is stored, as text."""
    return str([list(database[name].find()) for name in database.list_collection_names()])


def test_an_erasure_leaves_the_opaque_id_alone(
    store: Store, desk: Desk, database: Database[dict[str, Any]]
) -> None:
    hear(store, confirmed("lin", 4), confirmed("alice", 5))

    erase(desk)

    left = words(database)
    assert LIN.name not in left
    assert LIN.email not in left
    assert ALICE.email in left
    assert database["deliveries"].count_documents({"person": "lin"}) == 0
    assert database["registrations"].count_documents({"person": "lin"}) == 0
    assert store.contacts(["lin", "alice"]) == {"lin": None, "alice": ALICE}


def test_it_is_answered_each_time_it_is_asked(store: Store, desk: Desk, sink: Sink) -> None:
    erase(desk)
    erase(desk)

    assert [(one.type, one.data) for one in sink.events] == [
        (personal.FORGOTTEN, {"person": "lin", "erasure": ERASURE})
    ] * 2
    assert sink.events[0].id == sink.events[1].id


def test_what_comes_later_does_not_bring_them_back(
    store: Store, desk: Desk, database: Database[dict[str, Any]]
) -> None:
    """Nor does it wait for a contact card that will never come."""
    hear(store)
    erase(desk)

    intake.take(store, [contact_card(LIN), confirmed("lin", 4), refused("lin"), confirmed("alice", 5)], NOW)
    intake.take(store, [contact_card(LIN, 99)], NOW)

    assert LIN.email not in words(database)
    assert {one["person"] for one in database["deliveries"].find()} == {"alice"}


def test_a_mail_that_was_already_due_is_withheld(
    store: Store, desk: Desk, sending: Dispatch, mail_server: MailServer, database: Database[dict[str, Any]]
) -> None:
    """A change was being told to everybody while the person was forgotten."""
    hear(store, confirmed("lin", 4), changed(5, venue=None))
    kept = [database[name].find_one({"person": "lin"}) for name in ("deliveries", "registrations")]
    erase(desk)
    for name, document in zip(("deliveries", "registrations"), kept, strict=True):
        database[name].insert_one(document or {})

    sending.send_due()

    assert [mail for mail in mail_server.received if LIN.email in str(mail)] == []
    assert (delivery(database)["state"], delivery(database)["reason"]) == ("withheld", "erased")


def test_parked_contact_cards_of_theirs_are_thrown_away(store: Store, desk: Desk, amqp_uri: str) -> None:
    publisher = Publisher(amqp_uri, "test")
    parked = [contact_card(LIN), contact_card(ALICE), confirmed("lin", 4)]
    publisher.publish([Outgoing("parking.notification", "", to_json(_sent(one)), JSON) for one in parked])
    link = b'{"type": "gateway.sign_in_link.v1", "data": {"email": "%s"}}'
    links = [link % one.encode() for one in (LIN.email, ALICE.email)]
    publisher.publish([Outgoing("parking.notification", "", one, JSON) for one in links])
    publisher.close()
    hear(store)

    erase(desk)

    lot = ParkingLot(amqp_uri, "notification", "test")
    assert [one.body for one in lot.all() if b"sign_in_link" in one.body] == links[1:]
    lot.discard_where(lambda parked: b"sign_in_link" in parked.body)
    left = [from_json(one.body) for one in ParkingLot(amqp_uri, "notification", "test").all()]
    assert sorted((one.type, one.data["person"]) for one in left) == [
        ("gateway.contact_card.v1", "alice"),
        ("registration.seat_confirmed.v1", "lin"),
    ]


def test_an_export_has_the_contact_and_what_was_told(store: Store, desk: Desk, sink: Sink) -> None:
    hear(store, confirmed("lin", 4), confirmed("alice", 5))

    desk.serve([asked(personal.EXPORT_ASKED, export=EXPORT)], NOW)

    [part] = sink.events
    assert (part.type, part.data["part"], part.data["last"]) == (personal.EXPORT_PART, 0, True)
    assert part.data["data"]["contact"] == {"name": LIN.name, "email": LIN.email, "language": LIN.language}
    [told] = part.data["data"]["deliveries"]
    assert (told["kind"], told["state"]) == ("confirmed", "due")


def test_a_long_export_comes_in_parts(
    store: Store, desk: Desk, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(personal, "IN_A_PART", 2)
    hear(store, confirmed("lin", 4), changed(5, venue=None), changed(6, venue={"zh": "臺中", "en": ""}))

    desk.serve([asked(personal.EXPORT_ASKED, export=EXPORT)], NOW)

    assert [(one.data["part"], one.data["last"]) for one in sink.events] == [(0, False), (1, True)]
    assert [len(one.data["data"]["deliveries"]) for one in sink.events] == [2, 1]


def test_an_export_of_somebody_unknown_is_empty(desk: Desk, sink: Sink) -> None:
    desk.serve([asked(personal.EXPORT_ASKED, export=EXPORT)], NOW)

    assert sink.events[0].data["data"] == {"deliveries": [], "contact": None}


def test_deliveries_are_deleted_when_they_were_kept_long_enough(
    store: Store, desk: Desk, sending: Dispatch, database: Database[dict[str, Any]]
) -> None:
    hear(store, published(1), confirmed("lin", 4))
    sending.send_due()
    done = delivery(database)["done"]

    desk.tidy(done + KEPT - timedelta(seconds=1))
    assert delivery(database)["state"] == "sent"
    desk.tidy(done + KEPT + timedelta(seconds=1))

    assert database["deliveries"].count_documents({}) == 0


def _sent(event: CloudEvent) -> CloudEvent:
    return replace(event, data=catalogue.write(event.type, event.data))
