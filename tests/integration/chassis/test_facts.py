"""Facts in, effects or parked: nothing vanishes, and a bad message harms no neighbour (R3, R5 in small)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from toys.waiting import eventually

from gongxue_chassis.parking import NotParked, ParkingLot
from gongxue_chassis.publisher import Outgoing, Publisher
from gongxue_chassis.relay import outgoing
from gongxue_contracts.envelope import JSON, CloudEvent, to_json

REINSTATE = {"by": {"person": "p-center", "school": "center", "role": "center"}, "school": "nchu"}
SEATS = {"onsite": {"limit": 30, "taken": 1, "waiting": 0}}


def fact(number: int, person: str = "p-lin") -> CloudEvent:
    data = {
        "registration": f"00000000-0000-4000-8000-{number:012}",
        "activity": "a-1",
        "person": person,
        "school": "ntu",
        "pool": "onsite",
        "seats": SEATS,
    }
    return CloudEvent(
        id=f"activity:a-1@{number}.0",
        source="/center/registration",
        type="registration.seat_confirmed.v1",
        subject="activity:a-1",
        time=datetime(2026, 12, 1, tzinfo=UTC),
        data=data,
        tenant="nchu",
        sequence=number,
    )


def raw(body: bytes) -> Outgoing:
    return Outgoing("events", "nchu.registration.seat_confirmed.v1", body, JSON)


def test_effects_and_parked_are_all_that_was_sent_and_each_has_its_reason(
    start: Callable[..., Any], database: Any, publisher: Publisher, parked: ParkingLot
) -> None:
    bad = {
        "malformed_message": [raw(b"no json"), raw(b"[1, 2]"), raw(b"{}"), raw(b"\xff\xfe"), raw(b"")],
        "unknown_type": [raw(to_json(replace(fact(900), type="registration.seat_painted.v1")))],
        "not_a_fact": [raw(to_json(replace(fact(900), type="directory.ReinstateSchool.v1", data=REINSTATE)))],
        "wrong_schema": [raw(to_json(replace(fact(901), data={"person": 7})))],
        "no_such_person": [outgoing(fact(902, "p-poison"))],
        "handler_raised": [outgoing(fact(903, "p-bug"))],
    }
    oversize = json.loads(to_json(fact(904)))
    oversize["data"]["padding"] = "x" * 300_000
    bad["malformed_message"].append(raw(json.dumps(oversize).encode()))
    good = [outgoing(fact(number)) for number in range(1, 60)]
    mixed = [message for kind in bad.values() for message in kind]
    publisher.publish([*good[:30], *mixed, *good[30:]])
    service = start("toys.listener")
    eventually(lambda: len(parked.all()) == len(mixed))
    assert database["effects"].count_documents({}) == len(good)
    assert Counter(one.reason for one in parked.all()) == {reason: len(sent) for reason, sent in bad.items()}
    assert {one.queue for one in parked.all()} == {"notification.facts"}
    attempts = {one.reason: one.attempts for one in parked.all()}
    assert (attempts["handler_raised"], attempts["no_such_person"]) == (4, 1)
    assert database["tries"].count_documents({"person": "p-poison", "together": 1}) == 1
    assert service.stop() == 0


def test_what_it_needs_may_come_later(
    start: Callable[..., Any], database: Any, publisher: Publisher, parked: ParkingLot
) -> None:
    publisher.publish([outgoing(fact(1, "p-late")), outgoing(fact(2))])
    start("toys.listener")
    eventually(lambda: database["effects"].count_documents({}) == 2)
    assert parked.all() == []


def test_a_parked_message_can_be_mended_and_sent_back_once(
    start: Callable[..., Any], database: Any, publisher: Publisher, parked: ParkingLot
) -> None:
    start("toys.listener")
    publisher.publish([outgoing(fact(1, "p-poison")), outgoing(fact(2, "p-poison")), raw(b"rubbish")])
    first, second, rubbish = eventually(lambda: found if len(found := parked.all()) == 3 else None)
    assert parked.show(second.id).detail == "p-poison"
    parked.edit(second.id, to_json(fact(2, "p-mended")))
    assert to_json(fact(2, "p-mended")) in [one.body for one in parked.all()]
    parked.redrive(second.id)
    parked.discard(rubbish.id)
    eventually(lambda: database["effects"].find_one({"_id": fact(2).id}))
    assert [one.id for one in parked.all()] == [first.id]
    with pytest.raises(NotParked):
        parked.redrive(second.id)


def test_a_stopping_service_gives_back_what_it_did_not_begin(
    start: Callable[..., Any], database: Any, publisher: Publisher
) -> None:
    service = start("toys.listener")
    service.wait_ready()
    publisher.publish([outgoing(fact(number)) for number in range(1, 400)])
    eventually(lambda: database["effects"].count_documents({}) > 5)
    assert service.stop() == 0

    start("toys.listener")
    eventually(lambda: database["effects"].count_documents({}) == 399)
    assert database["tries"].count_documents({}) == 399
