"""Sending parked messages back: wherever a message came from, it is never gone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from toys.waiting import eventually

from gongxue_chassis.parking import Parked, ParkingLot
from gongxue_chassis.publisher import Outgoing, Publisher, connect

COMMAND = "center.nobody.Register"


@pytest.fixture
def publisher(amqp_uri: str) -> Iterator[Publisher]:
    publisher = Publisher(amqp_uri, "test")
    yield publisher
    publisher.close()


def only(lot: ParkingLot) -> Parked:
    found = eventually(lot.all)
    assert len(found) == 1
    return found[0]


def take(uri: str, queue: str) -> Any:
    with connect(uri, "test") as connection:
        return eventually(lambda: connection.channel().basic_get(queue, no_ack=True))


def test_a_command_that_no_service_took_goes_back_to_where_commands_go(
    amqp_uri: str, publisher: Publisher
) -> None:
    lot = ParkingLot(amqp_uri, "unroutable", "test")
    publisher.publish([Outgoing("commands", COMMAND, b"lost?", "text/plain", headers={"stream": "s:a"})])
    before = only(lot)
    lot.redrive(before.id)
    after = only(lot)
    assert (after.body, after.headers["stream"]) == (b"lost?", "s:a")


def test_once_there_is_somebody_to_take_it_it_is_taken(amqp_uri: str, publisher: Publisher) -> None:
    lot = ParkingLot(amqp_uri, "unroutable", "test")
    publisher.publish([Outgoing("commands", COMMAND, b"late", "text/plain", headers={"stream": "s:a"})])
    with connect(amqp_uri, "test") as connection:
        channel = connection.channel()
        queue = channel.queue_declare("", exclusive=True).queue
        channel.queue_bind(queue, "commands", COMMAND)
        lot.redrive(only(lot).id)
        message = eventually(lambda: channel.basic_get(queue, no_ack=True))
        assert (message.body, message.properties["application_headers"]["stream"]) == (b"late", "s:a")
    assert lot.all() == []


def test_what_the_broker_itself_has_parked_goes_back_to_its_queue(
    amqp_uri: str, publisher: Publisher
) -> None:
    """As after too many deliveries, which ended the service each time."""
    lot = ParkingLot(amqp_uri, "notification", "test")
    publisher.publish([Outgoing("private", "gateway.contact_card.v1", b"a card", "text/plain")])
    with connect(amqp_uri, "test") as connection:
        channel = connection.channel()
        message = eventually(lambda: channel.basic_get("notification.facts"))
        channel.basic_reject(message.delivery_info["delivery_tag"], requeue=False)
    parked = only(lot)
    assert (parked.queue, parked.reason) == ("notification.facts", "rejected")
    lot.redrive(parked.id)
    assert take(amqp_uri, "notification.facts").body == b"a card"
    assert lot.all() == []


def test_what_goes_back_to_a_queue_that_is_gone_is_parked_again(amqp_uri: str, publisher: Publisher) -> None:
    lot = ParkingLot(amqp_uri, "notification", "test")
    headers = {"x-queue": "notification.former", "x-reason": "handler_raised", "x-parked-id": "one"}
    publisher.publish([Outgoing("parking", "notification", b"a fact", "text/plain", "m", headers)])
    lot.redrive(only(lot).id)
    assert only(ParkingLot(amqp_uri, "unroutable", "test")).body == b"a fact"


def test_of_what_is_parked_only_the_unwanted_is_discarded(amqp_uri: str, publisher: Publisher) -> None:
    lot = ParkingLot(amqp_uri, "notification", "test")
    publisher.publish(
        [
            Outgoing("parking", "notification", body, "text/plain", body.decode())
            for body in (b"a", b"b", b"c")
        ]
    )
    eventually(lambda: len(lot.all()) == 3)

    assert lot.discard_where(lambda parked: parked.body != b"b") == 2

    assert [parked.body for parked in lot.all()] == [b"b"]
