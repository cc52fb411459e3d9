"""Good and bad messages, each with what must become of it wherever it goes: an effect, or a reason for parking it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from chaos.network import SCHOOLS

from gongxue_chassis.publisher import Outgoing
from gongxue_chassis.relay import outgoing
from gongxue_contracts import catalogue, moment
from gongxue_contracts.envelope import BATCH, JSON, CloudEvent, batch_to_json, to_dict, to_json

EFFECT = "effect"
FACTS = "r3-facts"
COMMANDS = "r3-commands"
UNREADABLE = "r3-unreadable"
KEY = "nchu.registration.seat_confirmed.v1"
NOW = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)
PEOPLE = [f"r3-{number}" for number in range(50)]
NOT_EVENTS = (b"", b"no json", b"[1, 2]", b"{}", b"\xff\xfe", b'{"specversion": "1.0"}', b"null")


@dataclass(frozen=True)
class Sent:
    """A message and its fate by place: gateway, notification, registration, unroutable; a bundle may have several.

    `damaged`: see `damages`.
    """

    message: Outgoing
    becomes: Mapping[str, str | tuple[str, ...]]
    damaged: Mapping[str, str] = field(default_factory=dict)


def facts(chance: random.Random, count: int) -> list[Sent]:
    """So many messages on `events`, six in ten of them good."""
    makers = [good_fact] * 12 + [
        not_an_event,
        oversize_fact,
        unknown_type,
        wrong_schema,
        a_command_among_facts,
        forged_fact,
        without_number,
        raising_in_the_gateway,
        raising_in_notification,
        of_an_unknown_activity,
        of_an_unknown_person,
    ]
    return list(_mixed(chance, count, makers))


def commands(chance: random.Random, count: int) -> list[Sent]:
    """So many messages on `commands`, six in ten of them good."""
    makers = [good_command] * 12 + [
        not_a_bundle,
        oversize_command,
        a_bundle_with_one_bad,
        unknown_command,
        wrong_command,
        wrong_stream,
        not_a_uuid,
        of_an_unreadable_stream,
        for_nobody,
        for_another_provider,
    ]
    return list(_mixed(chance, count, makers))


def _mixed(chance: random.Random, count: int, makers: list[Callable[[int], Sent]]) -> Iterator[Sent]:
    """Every kind at least once if there is room for it."""
    for number in range(count):
        maker = makers[number] if number < len(makers) else chance.choice(makers)
        yield maker(number)


# facts


def preparation() -> list[Outgoing]:
    """What the good ones stand on: the activity that they speak of, and how to reach its people."""
    details = {
        "kind": "co_training",
        "host": "nchu",
        "title": {"zh": "共同培力", "en": "Co-training"},
        "summary": {"zh": "摘要", "en": ""},
        "venue": None,
        "theme": None,
        "starts_at": NOW + timedelta(days=30),
        "ends_at": NOW + timedelta(days=31),
        "pools": {"onsite": 100},
        "waiting_limit": 0,
    }
    seats = {"onsite": {"limit": 100, "taken": 0, "waiting": 0}}
    published = _fact("activity_published", 1, {"activity": FACTS, "details": details, "seats": seats})
    return [outgoing(published), *map(card, PEOPLE)]


def card(person: str) -> Outgoing:
    """How to reach somebody."""
    data = {"name": person, "email": f"{person}@x.example", "language": "en", "school": "ntu", "version": 1}
    event = CloudEvent(
        id=f"person:{person}@1.0",
        source="/center/gateway",
        type="gateway.contact_card.v1",
        subject=f"person:{person}",
        time=NOW,
        data={"person": person, **data},
        sequence=1,
    )
    return outgoing(event)


def registration(number: int, of: int = 0) -> str:
    """The registration that the fact of that number speaks of, or with `of=1` the command."""
    return str(UUID(int=(of << 96) + (4 << 76) + (8 << 60) + number))


def _fact(name: str, sequence: int, data: dict[str, Any]) -> CloudEvent:
    wire_type = f"registration.{name}.v1"
    stream = f"activity:{data['activity']}"
    return CloudEvent(
        id=f"{stream}@{sequence}.0",
        source="/center/registration",
        type=wire_type,
        subject=stream,
        time=NOW,
        data=catalogue.write(wire_type, data),
        tenant="nchu",
        sequence=sequence,
    )


def seat(number: int, activity: str = FACTS, person: str = "") -> CloudEvent:
    """A seat for one of the people. Facts of the numbers before it need not be there."""
    data = {
        "registration": registration(number),
        "activity": activity,
        "person": person or PEOPLE[number % len(PEOPLE)],
        "school": SCHOOLS[number % len(SCHOOLS)],
        "pool": "onsite",
        "seats": {"onsite": {"limit": 100, "taken": number, "waiting": 0}},
    }
    return _fact("seat_confirmed", number + 2, data)


def _both(body: bytes | Outgoing, reason: str) -> Sent:
    message = body if isinstance(body, Outgoing) else Outgoing("events", KEY, body, JSON)
    return Sent(message, {"gateway": reason, "notification": reason})


def good_fact(number: int) -> Sent:
    return _both(outgoing(seat(number)), EFFECT)


def not_an_event(number: int) -> Sent:
    return _both(NOT_EVENTS[number % len(NOT_EVENTS)], "malformed_message")


def oversize_fact(number: int) -> Sent:
    document = to_dict(seat(number))
    document["data"]["padding"] = "x" * 300_000
    return _both(json.dumps(document).encode(), "malformed_message")


def unknown_type(number: int) -> Sent:
    return _both(to_json(replace(seat(number), type="registration.seat_painted.v1")), "unknown_type")


def wrong_schema(number: int) -> Sent:
    return _both(to_json(replace(seat(number), data={"person": number})), "wrong_schema")


def a_command_among_facts(number: int) -> Sent:
    return _both(to_json(_register(number)), "not_a_fact")


def forged_fact(number: int) -> Sent:
    return _both(to_json(replace(seat(number), source="/center/directory")), "forged")


def without_number(number: int) -> Sent:
    return _both(to_json(replace(seat(number), sequence=None)), "no_sequence")


def raising_in_the_gateway(number: int) -> Sent:
    fates = {"gateway": "handler_raised", "notification": EFFECT}
    return Sent(outgoing(seat(number)), fates, damaged={"gateway": registration(number)})


def raising_in_notification(number: int) -> Sent:
    fates = {"gateway": EFFECT, "notification": "handler_raised"}
    return Sent(outgoing(seat(number)), fates, damaged={"notification": registration(number)})


def of_an_unknown_activity(number: int) -> Sent:
    fates = {"gateway": EFFECT, "notification": "unknown_activity"}
    return Sent(outgoing(seat(number, f"{FACTS}-unknown")), fates)


def of_an_unknown_person(number: int) -> Sent:
    fates = {"gateway": EFFECT, "notification": "unknown_contact"}
    return Sent(outgoing(seat(number, person="r3-nobody")), fates)


# commands


def _register(number: int, activity: str = COMMANDS, **attributes: Any) -> CloudEvent:
    person = f"r3-comes-{number}"
    data = {
        "activity": activity,
        "registration": registration(number, of=1),
        "person": person,
        "school": SCHOOLS[number % len(SCHOOLS)],
        "pool": "onsite",
        "waiting_list": False,
    }
    event = CloudEvent(
        id=registration(number, of=1),
        source="/center/gateway",
        type="registration.Register.v1",
        subject=f"activity:{activity}",
        time=NOW,
        data=data,
        deadline=NOW + timedelta(days=400),
    )
    return replace(event, **attributes)


def _command(content: bytes | CloudEvent, *fates: str, key: str = "center.registration.Register") -> Sent:
    body = content if isinstance(content, bytes) else batch_to_json([content])
    stream = content.subject if isinstance(content, CloudEvent) else f"activity:{COMMANDS}"
    place = "unroutable" if "unroutable" in fates else "registration"
    return Sent(Outgoing("commands", key, body, BATCH, headers={"stream": stream}), {place: fates})


def good_command(number: int) -> Sent:
    return _command(_register(number), EFFECT)


def not_a_bundle(number: int) -> Sent:
    return _command([b"", b"no json", b"{}", b"\xff", b"[1]", b'["a"]'][number % 6], "malformed_message")


def oversize_command(number: int) -> Sent:
    document = to_dict(_register(number))
    document["data"]["padding"] = "x" * 300_000
    return _command(json.dumps([document]).encode(), "malformed_message")


def a_bundle_with_one_bad(number: int) -> Sent:
    """The good one is decided, the bad one parked alone."""
    body = json.dumps([to_dict(_register(number)), {"no": "event"}]).encode()
    return _command(body, EFFECT, "malformed_message")


def unknown_command(number: int) -> Sent:
    return _command(_register(number, type="registration.Paint.v1"), "unknown_type")


def wrong_command(number: int) -> Sent:
    return _command(_register(number, data={"person": number}), "wrong_schema")


def wrong_stream(number: int) -> Sent:
    return _command(_register(number, subject="activity:r3-another"), "wrong_stream")


def not_a_uuid(number: int) -> Sent:
    return _command(_register(number, id=f"r3-{number}"), "malformed_command")


def of_an_unreadable_stream(number: int) -> Sent:
    return _command(_register(number, UNREADABLE), "unreadable_stream")


def for_nobody(number: int) -> Sent:
    return _command(_register(number), "unroutable", key="center.nobody.Register")


def for_another_provider(number: int) -> Sent:
    return _command(_register(number), "unroutable", key="nchu.registration.Register")


def unreadable_commit() -> dict[str, Any]:
    """A commit of facts that no code of today knows: whoever reads its stream fails."""
    stream = f"activity:{UNREADABLE}"
    forgotten = {"type": "SeatPainted", "data": {"colour": "red"}, "answer": 0}
    answer = {
        "id": registration(0, of=2),
        "fingerprint": "",
        "type": "registration.Paint.v1",
        "first": 0,
        "count": 1,
    }
    return {
        "_id": f"{stream}@1",
        "stream": stream,
        "seq": 1,
        "tenant": "nchu",
        "time": moment.read("2026-12-01T04:00:00Z"),
        "first": 1,
        "facts": [forgotten],
        "answers": [answer | {"correlationid": None, "traceparent": None}],
    }
