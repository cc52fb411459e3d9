"""Facts for the tests of notification, as the chassis hands them over: one activity, and people who register for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from gongxue_contracts import catalogue
from gongxue_contracts.envelope import CloudEvent
from notification.domain.activity import Card, Text
from notification.domain.letter import Contact
from notification.letters import Sender

ACTIVITY = "co-training-112-11-09"
SENDER = Sender("共學 Gongxue", "notice@gongxue.example", "https://gongxue.example")
BEGAN = datetime(2023, 10, 1, 4, 0, tzinfo=UTC)
NOW = datetime(2023, 11, 1, 4, 0, tzinfo=UTC)
STARTS = datetime(2023, 11, 9, 1, 30, tzinfo=UTC)
ENDS = datetime(2023, 11, 9, 8, 30, tzinfo=UTC)
TITLE = {"zh": "112年USR共同培力活動：敘事力", "en": "USR co-training 2023: narrative"}
VENUE = {"zh": "靜宜大學 (臺中市沙鹿區)", "en": "Providence University, Taichung"}
CARD = Card(Text(**TITLE), STARTS, ENDS, Text(**VENUE))
LIN = Contact("lin", "林曉青", "lin@nchu.example", "zh-Hant")
ALICE = Contact("alice", "Alice Chen", "alice@ncku.example", "en")

_SEATS = {"onsite": {"limit": 80, "taken": 37, "waiting": 0}}
_DETAILS = {
    "kind": "co_training",
    "host": "pu",
    "title": TITLE,
    "summary": {"zh": "敘事力", "en": ""},
    "venue": VENUE,
    "theme": None,
    "starts_at": STARTS,
    "ends_at": ENDS,
    "pools": {"onsite": 80, "online": 300},
    "waiting_limit": 20,
}


def fact(type: str, sequence: int | None, data: Mapping[str, Any], id: str = "") -> CloudEvent:
    """A fact of the registration service, read by its contract. It happened `sequence` minutes after the beginning."""
    stream = f"activity:{data.get('activity', ACTIVITY)}"
    name = f"registration.{type}.v1"
    return CloudEvent(
        id=id or f"{stream}@{sequence}.0",
        source="/center/registration",
        type=name,
        subject=stream,
        time=BEGAN + timedelta(minutes=sequence or 0),
        data=catalogue.read(name, catalogue.write(name, data)),
        sequence=sequence,
    )


def published(sequence: int = 1, activity: str = ACTIVITY, **details: Any) -> CloudEvent:
    data = {"activity": activity, "details": {**_DETAILS, **details}, "seats": _SEATS}
    return fact("activity_published", sequence, data)


def changed(sequence: int, names: tuple[str, ...] | None = None, /, **details: Any) -> CloudEvent:
    data = {
        "activity": ACTIVITY,
        "details": {**_DETAILS, **details},
        "changed": list(names if names is not None else details),
        "seats": _SEATS,
    }
    return fact("activity_changed", sequence, data)


def cancelled_activity(sequence: int, reason: str = "颱風來襲") -> CloudEvent:
    return fact("activity_cancelled", sequence, {"activity": ACTIVITY, "reason": reason})


def registration_of(person: str) -> str:
    return str(uuid5(NAMESPACE_URL, person))


def confirmed(person: str, sequence: int, pool: str = "onsite") -> CloudEvent:
    return fact("seat_confirmed", sequence, _registration(person, pool))


def waiting(person: str, sequence: int, place: int = 3) -> CloudEvent:
    return fact("placed_on_waiting_list", sequence, {**_registration(person), "place": place})


def promoted(person: str, sequence: int) -> CloudEvent:
    return fact("promoted_from_waiting_list", sequence, _registration(person))


def cancelled(person: str, sequence: int, was: str = "confirmed", by: str = "person") -> CloudEvent:
    return fact("registration_cancelled", sequence, {**_registration(person), "was": was, "by": by})


def closed(sequence: int) -> CloudEvent:
    return fact("activity_closed", sequence, {"activity": ACTIVITY})


def refused(
    person: str | None, code: str = "waiting_list_full", command: str = "registration.Register.v1"
) -> CloudEvent:
    data = {
        "command": registration_of(person or "nobody"),
        "command_type": command,
        "stream": f"activity:{ACTIVITY}",
        "person": person,
        "code": code,
        "details": {"pool": "onsite"},
    }
    return fact("command_refused", None, data, id=f"activity:{ACTIVITY}@9.r-{person}")


def contact_card(card: Contact, version: int = 1) -> CloudEvent:
    name = "gateway.contact_card.v1"
    data = {
        "person": card.person,
        "name": card.name,
        "email": card.email,
        "language": card.language,
        "school": "nchu",
        "version": version,
    }
    return CloudEvent(
        id=f"card {card.person} {version}".replace(" ", "-"),
        source="/center/gateway",
        type=name,
        subject=f"person:{card.person}",
        time=BEGAN,
        data=catalogue.read(name, catalogue.write(name, data)),
    )


def _registration(person: str, pool: str = "onsite") -> dict[str, Any]:
    return {
        "registration": registration_of(person),
        "activity": ACTIVITY,
        "person": person,
        "school": "nchu",
        "pool": pool,
        "seats": _SEATS,
    }
