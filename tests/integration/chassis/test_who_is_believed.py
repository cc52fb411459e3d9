"""With a service's own credentials: what it says for itself is believed, whatever it says for another is parked."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import amqp
import pytest
from toys.stories import golden
from toys.waiting import eventually

from gongxue_chassis.errors import Unavailable
from gongxue_chassis.parking import Parked, ParkingLot
from gongxue_chassis.publisher import Outgoing, Publisher
from gongxue_chassis.relay import outgoing
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import BATCH, JSON, CloudEvent, to_dict, to_json

KEY = "nchu.registration.seat_confirmed.v1"
STREAM = "school:nchu"
UriOf = Callable[[str], str]


def seat(number: int, person: str = "p-lin", **changes: Any) -> CloudEvent:
    sample = golden("registration.seat_confirmed.v1")
    data = {**sample.data, "registration": str(UUID(int=(4 << 76) + (8 << 60) + number)), "person": person}
    fact = replace(
        sample,
        id=f"activity:a-1@{number}.0",
        subject="activity:a-1",
        tenant="nchu",
        data=catalogue.write(sample.type, data),
    )
    return replace(fact, **changes)


def said(type: str, **changes: Any) -> bytes:
    sample = golden(type)
    return to_json(replace(sample, data=catalogue.write(type, sample.data), **changes))


@pytest.fixture
def publish(amqp_uri_of: UriOf) -> Callable[..., None]:
    """`publish("registration", message, …)`: as that user, whom the broker then knows."""

    def publish_as(user: str, *messages: Outgoing) -> None:
        with closing(Publisher(amqp_uri_of(user), "test")) as publisher:
            publisher.publish(messages)

    return publish_as


@pytest.fixture
def plain(amqp_uri_of: UriOf) -> Callable[..., None]:
    """`plain("registration", exchange, key, body, …)`: with just these properties, as any client could."""

    def publish_plainly(user: str, exchange: str, key: str, body: bytes, **properties: Any) -> None:
        parts = urlsplit(amqp_uri_of(user))
        address, vhost = f"{parts.hostname}:{parts.port}", parts.path[1:]
        with amqp.Connection(address, user, parts.password, virtual_host=vhost, confirm_publish=True) as one:
            one.channel().basic_publish(amqp.Message(body, **properties), exchange, key)

    return publish_plainly


def all_parked(lot: ParkingLot, count: int) -> list[Parked]:
    """As soon as there are so many."""
    eventually(lambda: len(lot.all()) == count)
    return lot.all()


def effects(database: Any) -> set[str]:
    return {one["_id"] for one in database["effects"].find()}


FORGERIES = [
    Outgoing("events", "x.registration.whatever", said("directory.school_renamed.v1"), JSON),
    Outgoing("events", "x.registration.gateway.contact_card.v1", said("gateway.contact_card.v1"), JSON),
    Outgoing("events", KEY, said("directory.school_renamed.v1", source="/center/registration"), JSON),
    Outgoing("events", KEY, to_json(seat(1, source="/center/directory")), JSON),
    Outgoing("events", KEY, to_json(seat(1, source="/nchu/registration")), JSON),
    Outgoing("events", KEY, to_json(seat(1, tenant="ntu")), JSON),
    Outgoing("events", "nchu.registration.seat_confirmed.v2", to_json(seat(1)), JSON),
    Outgoing("events", "nchu.registration.command_refused.v1", said("registration.command_refused.v1"), JSON),
    Outgoing("events", KEY, said("bus.replayed.v1"), JSON),
    Outgoing("events", KEY, said("bus.answer.v1"), JSON),
]


def test_what_is_not_its_own_is_parked_as_forged_and_its_neighbours_are_heard(
    start: Callable[..., Any], database: Any, publish: Any, parked: ParkingLot
) -> None:
    start("toys.listener")
    publish("registration", outgoing(seat(10)), *FORGERIES, outgoing(seat(11)))
    found = all_parked(parked, len(FORGERIES))
    assert {(one.reason, one.attempts, one.origin.user) for one in found} == {("forged", 1, "registration")}
    assert eventually(lambda: len(effects(database)) == 2)
    assert effects(database) == {seat(10).id, seat(11).id}


def test_who_does_not_say_who_they_are_is_not_believed_and_nobody_says_they_are_another(
    start: Callable[..., Any], database: Any, plain: Any, parked: ParkingLot
) -> None:
    start("toys.listener")
    plain("registration", "events", KEY, to_json(seat(1)))
    assert [one.reason for one in eventually(parked.all)] == ["forged"]
    with pytest.raises(amqp.PreconditionFailed):
        plain("notification", "private", "notification.x", to_json(seat(2)), user_id="registration")
    assert effects(database) == set()


def test_headers_that_tell_of_another_past_are_not_believed(
    start: Callable[..., Any], database: Any, plain: Any, parked: ParkingLot
) -> None:
    start("toys.listener")
    past = {"x-user": "gateway", "x-exchange": "private", "x-routing-key": "gateway.contact_card.v1"}
    told = {**past, "x-attempt": 9, "x-queue": "gateway.facts", "x-reason": "nice", "x-parked-id": "mine"}
    body = said("gateway.contact_card.v1")
    plain("registration", "events", KEY, body, user_id="registration", application_headers=told)
    [one] = eventually(parked.all)
    assert (one.reason, one.attempts, one.queue) == ("forged", 1, "notification.facts")
    assert one.origin.user == "registration"
    assert one.id != "mine"


def test_a_carbon_copy_leads_past_the_keys_that_are_ones_own_but_not_past_who_reads(
    start: Callable[..., Any], plain: Any, parked: ParkingLot
) -> None:
    start("toys.listener")
    copied = {"CC": ["gateway.contact_card.v1"]}
    body = said("gateway.contact_card.v1")
    plain("directory", "private", "directory.x", body, user_id="directory", application_headers=copied)
    [one] = eventually(parked.all)
    assert (one.reason, one.origin.user) == ("forged", "directory")
    assert "CC" not in one.headers


def test_what_is_tried_again_or_sent_back_is_still_from_whom_it_was(
    start: Callable[..., Any], database: Any, publish: Any, parked: ParkingLot
) -> None:
    start("toys.listener")
    publish("registration", outgoing(seat(1, "p-late")), outgoing(seat(2, "p-poison")), FORGERIES[0])
    assert eventually(lambda: seat(1).id in effects(database))
    poison, forged = sorted(all_parked(parked, 2), key=lambda one: one.reason, reverse=True)
    assert (poison.reason, forged.reason) == ("no_such_person", "forged")

    parked.edit(poison.id, to_json(seat(2)))
    parked.redrive(poison.id)
    parked.redrive(forged.id)

    assert eventually(lambda: seat(2).id in effects(database))
    [again] = eventually(lambda: [one for one in parked.all() if one.id != forged.id])
    assert (again.reason, again.origin) == ("forged", forged.origin)


@pytest.mark.parametrize(
    ("key", "properties"),
    [
        (KEY, {"message_id": b"\xff\xfe"}),
        (KEY, {"application_headers": {"a": amqp.serialization.Decimal(0)}, "content_type": b"\xff"}),
        (KEY.encode() + b"\xff", {}),
    ],
)
def test_one_message_that_no_client_can_read_stops_nobody(
    start: Callable[..., Any],
    database: Any,
    plain: Any,
    publish: Any,
    parked: ParkingLot,
    key: str,
    properties: dict[str, Any],
) -> None:
    start("toys.listener")
    plain("registration", "events", key, to_json(seat(1)), user_id="registration", **properties)
    publish("registration", outgoing(seat(2)))
    assert eventually(lambda: seat(2).id in effects(database))
    [one] = eventually(parked.all)
    assert (one.reason, one.body) == ("forged", to_json(seat(1)))
    parked.discard(one.id)
    assert parked.all() == []


def admit(school: str) -> dict[str, Any]:
    sample = golden("directory.AdmitSchool.v1")
    data = catalogue.write(sample.type, {**sample.data, "school": school})
    number = sum(school.encode())
    id = str(UUID(int=(4 << 76) + (8 << 60) + number))
    return to_dict(replace(sample, id=id, subject=f"school:{school}", data=data, time=datetime.now(UTC)))


def bundle(*parts: Any) -> Outgoing:
    body = (
        b"[" + b", ".join(one if isinstance(one, bytes) else json.dumps(one).encode() for one in parts) + b"]"
    )
    return Outgoing("commands", "center.directory.AdmitSchool", body, BATCH, headers={"stream": STREAM})


def test_commands_are_the_gateways_and_the_operators_to_give(
    start: Callable[..., Any], database: Any, publish: Any, plain: Any, amqp_uri: str
) -> None:
    start("directory")
    lot = ParkingLot(amqp_uri, "directory", "test")
    with closing(Publisher(amqp_uri, "test")) as operator:
        operator.publish([bundle(admit("aa"))])
    nobody = bundle(admit("bb"))
    headers = {"stream": STREAM}
    plain("gateway", "commands", nobody.routing_key, nobody.body, application_headers=headers)
    publish("gateway", bundle(admit("cc")))

    assert eventually(lambda: decided(database) == {"school:aa", "school:cc"})
    [one] = eventually(lot.all)
    assert (one.reason, one.origin.user) == ("forged", "")


def test_of_a_bundle_the_good_is_decided_and_the_bad_parked_alone(
    start: Callable[..., Any], database: Any, publish: Any, amqp_uri: str
) -> None:
    twice = json.dumps(admit("twice")).encode().replace(b'"id"', b'"subject": "school:xx", "id"')
    bad = [{"no": "event"}, {**admit("xx"), "time": "soon"}, 7]
    start("directory")
    publish("gateway", bundle(admit("aa"), *bad, twice, admit("bb")))

    assert eventually(lambda: decided(database) == {"school:aa", "school:bb"})
    found = all_parked(ParkingLot(amqp_uri, "directory", "test"), len(bad) + 1)
    assert {one.reason for one in found} == {"malformed_message"}
    assert [one.body for one in found] == [b"[" + (json.dumps(one).encode()) + b"]" for one in bad] + [
        b"[" + twice + b"]"
    ]


def to_itself(*parts: Any, service: str = "directory") -> Outgoing:
    told = replace(bundle(*parts), exchange=f"commands.{service}")
    return replace(told, routing_key=f"center.{service}.AdmitSchool")


def test_a_service_commands_itself_for_its_own_and_as_nobody_else(
    start: Callable[..., Any], database: Any, publish: Any, amqp_uri: str
) -> None:
    own = {"source": "/center/directory"}
    foreign = {**admit("yy"), **own, "type": "registration.CloseActivity.v1"}
    start("directory")
    publish("directory", to_itself({**admit("aa"), **own}, admit("xx"), foreign, {**admit("bb"), **own}))
    publish("gateway", bundle({**admit("zz"), **own}, admit("cc")))

    assert eventually(lambda: decided(database) == {"school:aa", "school:bb", "school:cc"})
    found = all_parked(ParkingLot(amqp_uri, "directory", "test"), 3)
    assert {(one.reason, one.origin.user) for one in found} == {
        ("forged", "directory"),
        ("forged", "gateway"),
    }
    assert [json.loads(one.body)[0]["subject"] for one in found] == ["school:xx", "school:yy", "school:zz"]


def test_a_services_command_for_itself_that_was_parked_is_sent_back_and_believed(
    start: Callable[..., Any], database: Any, publish: Any, amqp_uri: str
) -> None:
    start("directory")
    wrong = {**admit("aa"), "source": "/center/directory"}
    publish("directory", to_itself({**wrong, "data": {}}))
    lot = ParkingLot(amqp_uri, "directory", "test")
    [one] = eventually(lot.all)
    assert one.reason == "wrong_schema"
    lot.edit(one.id, json.dumps([wrong]).encode())
    lot.redrive(one.id)
    assert eventually(lambda: decided(database) == {"school:aa"})


@pytest.mark.parametrize("user", ["gateway", "notification", "registration"])
def test_nobody_else_reaches_a_service_where_it_commands_itself(publish: Any, user: str) -> None:
    with pytest.raises(Unavailable, match="access"):
        publish(user, to_itself({**admit("aa"), "source": f"/center/{user}"}))


def decided(database: Any) -> set[str]:
    return set(database["commits"].distinct("stream"))
