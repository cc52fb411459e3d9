"""What people may ask of their data here: to see it, and that it be forgotten. The gateway asks for them.

Answers go out before what was asked is acknowledged: a crash in between answers twice, which changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from gongxue_chassis.log.mongo import reachable
from gongxue_chassis.parking import Parked, ParkingLot
from gongxue_chassis.publisher import MessageSink, Outgoing
from gongxue_contracts import catalogue, moment
from gongxue_contracts.envelope import JSON, CloudEvent, to_json
from notification.storage import Document, Store

ERASURE_ASKED = "gateway.erasure_asked.v1"
EXPORT_ASKED = "gateway.export_asked.v1"
FORGOTTEN = "notification.person_forgotten.v1"
EXPORT_PART = "notification.export_part.v1"
CONTACT_CARD = "gateway.contact_card.v1"
SIGN_IN_LINK = "gateway.sign_in_link.v1"
SOURCE = "/center/notification"
IN_A_PART = 500
"""Deliveries in one part of an export: an event has a size."""

_log = logging.getLogger(__name__)


class Desk:
    """`lot` is where messages to this service are parked. All raise Unavailable while broker or store is away."""

    def __init__(self, store: Store, sink: MessageSink, lot: ParkingLot) -> None:
        self._store = store
        self._sink = sink
        self._lot = lot

    def serve(self, events: Sequence[CloudEvent], now: datetime) -> None:
        """Do what is asked among these events, and answer. Other events are passed over."""
        answers: list[CloudEvent] = []
        for event in events:
            if event.type == ERASURE_ASKED:
                answers.append(self._forget(event, now))
            elif event.type == EXPORT_ASKED:
                answers += self._export(event, now)
        if answers:
            self._sink.publish([Outgoing("private", one.type, to_json(one), JSON, one.id) for one in answers])

    def tidy(self, now: datetime) -> None:
        """Delete what has been kept long enough."""
        with reachable():
            gone = self._store.delete_old(now)
        if gone:
            _log.info("deliveries that were kept long enough: %d", gone)

    def _forget(self, asked: CloudEvent, now: datetime) -> CloudEvent:
        person, erasure = asked.data["person"], asked.data["erasure"]
        with reachable():
            contact = self._store.contacts([person]).get(person)
        # First what lies in parking: as long as the contact is there, it is known what address to look for.
        email = contact.email if contact else None
        self._lot.discard_where(lambda parked: _names(parked, person, email))
        with reachable():
            self._store.forget(person, asked.data["asked_at"])
        data = {"person": person, "erasure": erasure}
        return _answer(FORGOTTEN, f"{erasure}.notification", asked, data, now)

    def _export(self, asked: CloudEvent, now: datetime) -> Iterator[CloudEvent]:
        person, export = asked.data["person"], asked.data["export"]
        with reachable():
            contact = self._store.contacts([person]).get(person)
            told = [_told(document) for document in self._store.deliveries_of(person)]
        card = contact and {"name": contact.name, "email": contact.email, "language": contact.language}
        pieces = [told[start : start + IN_A_PART] for start in range(0, len(told), IN_A_PART)] or [[]]
        for number, piece in enumerate(pieces):
            held: dict[str, Any] = {"deliveries": piece} | ({"contact": card} if not number else {})
            last = number == len(pieces) - 1
            data = {"person": person, "export": export, "part": number, "last": last, "data": held}
            yield _answer(EXPORT_PART, f"{export}.notification.{number}", asked, data, now)


def _names(parked: Parked, person: str, email: str | None) -> bool:
    """Whether it is a message that holds the person's name or address. Facts hold their opaque id alone."""
    if CONTACT_CARD.encode() in parked.body:
        return f'"{person}"'.encode() in parked.body
    return SIGN_IN_LINK.encode() in parked.body and email is not None and email.encode() in parked.body


def _told(document: Document) -> dict[str, Any]:
    """A delivery as its person sees it."""
    names = ("kind", "activity", "registration", "sig", "why", "state", "attempts")
    shown: dict[str, Any] = {name: document[name] for name in names if name in document}
    shown["happened_at"] = moment.write(document["time"])
    if "done" in document:
        shown["done_at"] = moment.write(document["done"])
    return shown


def _answer(type: str, id: str, asked: CloudEvent, data: dict[str, Any], now: datetime) -> CloudEvent:
    return CloudEvent(
        id=id,
        source=SOURCE,
        type=type,
        subject=asked.subject,
        time=now,
        data=catalogue.write(type, data),
        correlationid=asked.correlationid,
        causationid=asked.id,
        traceparent=asked.traceparent,
    )
