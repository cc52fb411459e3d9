"""Sending parked messages back: wherever a message came from, it is never gone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner
from toys.waiting import eventually

from gongxue_chassis.__main__ import cli
from gongxue_chassis.parking import NotOurs, Parked, ParkingLot
from gongxue_chassis.publisher import Outgoing, Publisher, connect

COMMAND = "center.nobody.Register"


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
    publisher.publish([Outgoing("parking.notification", "", b"a fact", "text/plain", "m", headers)])
    lot.redrive(only(lot).id)
    assert only(ParkingLot(amqp_uri, "unroutable", "test")).body == b"a fact"


def test_of_what_is_parked_only_the_unwanted_is_discarded(amqp_uri: str, publisher: Publisher) -> None:
    lot = ParkingLot(amqp_uri, "notification", "test")
    publisher.publish(
        [
            Outgoing("parking.notification", "", body, "text/plain", body.decode())
            for body in (b"a", b"b", b"c")
        ]
    )
    eventually(lambda: len(lot.all()) == 3)

    assert lot.discard_where(lambda parked: parked.body != b"b") == 2

    assert [parked.body for parked in lot.all()] == [b"b"]


ODD: list[Any] = ["abc", -3, None, True, 2**40, [1], {"a": 1}, b"\xff", datetime(2026, 1, 1, tzinfo=UTC)]


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_headers_of_any_kind_lock_nobody_out(
    amqp_uri: str, publisher: Publisher, amqp_uri_of: Callable[[str], str], odd: Any
) -> None:
    lot = ParkingLot(amqp_uri, "notification", "test")
    names = ("attempt", "death", "first-seen", "queue", "reason", "detail", "parked-id", "user", "exchange")
    headers = {f"x-{name}": odd for name in names} | {"stream": odd}
    message = Outgoing("parking.notification", "", b"odd", "text/plain", headers=headers)
    deaths: list[list[Any]] = [[], [odd], [{}]]
    trails = [Outgoing("parking.notification", "", b"t", "", headers={"x-death": one}) for one in deaths]
    with closing(Publisher(amqp_uri_of("notification"), "test")) as service:
        service.publish([message, *trails])
    eventually(lambda: len(lot.all()) == 4)
    for one in lot.all():
        lot.edit(one.id, one.body)
    for one in lot.all():
        lot.discard(one.id)
    assert lot.all() == []


@pytest.mark.parametrize(
    "queue",
    ["gateway.facts", "commands.registration.0", "parking.notification", "notification.facts.retry.5s"],
)
def test_what_says_that_it_came_from_another_ones_queue_is_not_sent_there(
    amqp_uri: str, publisher: Publisher, queue: str
) -> None:
    lot = ParkingLot(amqp_uri, "notification", "test")
    headers = {"x-queue": queue, "x-parked-id": "one"}
    publisher.publish([Outgoing("parking.notification", "", b"a fact", "text/plain", "m", headers)])
    assert only(lot).queue == queue
    with pytest.raises(NotOurs):
        lot.redrive("one")
    lot.discard("one")


def test_of_what_nobody_took_the_publishers_own_headers_lead_nowhere(
    amqp_uri: str, amqp_uri_of: Callable[[str], str]
) -> None:
    lot = ParkingLot(amqp_uri, "unroutable", "test")
    death = {"queue": "commands.registration.0", "exchange": "requeue", "routing-keys": ["gateway.facts"]}
    headers = {"x-queue": "gateway.facts", "x-death": [death], "x-user": "directory"}
    with closing(Publisher(amqp_uri_of("registration"), "test")) as service:
        service.publish([Outgoing("replay", "nowhere", b"a fact", "text/plain", "m", headers)])
    for _ in range(2):
        parked = only(lot)
        assert parked.queue == ""
        assert (parked.origin.user, parked.origin.exchange) == ("registration", "replay")
        assert parked.origin.routing_key == "nowhere"
        lot.redrive(parked.id)


def test_what_is_parked_is_shown_and_not_obeyed(amqp_uri: str, publisher: Publisher) -> None:
    evil = "\x1b[2Jgone\nparked  forged\u202e\x9b31m"
    headers = {"x-queue": f"q{evil}", "x-reason": evil, "x-detail": evil, "x-parked-id": "one", evil: evil}
    body = f"line\n{evil}".encode()
    publisher.publish([Outgoing("parking.notification", "", body, "text/plain", evil, headers)])
    only(ParkingLot(amqp_uri, "notification", "test"))
    asked = ["parked", "--amqp-uri", amqp_uri, "--service", "notification"]
    listed = CliRunner().invoke(cli, [*asked, "list"])
    assert len(listed.stdout.splitlines()) == 1
    for said in (listed, CliRunner().invoke(cli, [*asked, "show", "one"])):
        assert said.exit_code == 0
        assert "\\x1b[2Jgone" in said.stdout
        assert not set(said.stdout) & set("\x1b\u202e\x9b")
    assert CliRunner().invoke(cli, [*asked, "show", "--body", "one"]).stdout_bytes == body
