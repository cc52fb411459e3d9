"""The topology on a real broker: it stands, it can be applied again, and nobody can do more than it allows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import amqp
import pytest
from toys.waiting import eventually

from installation.bus import DECIDING, USERS, Bus, definitions
from installation.management import BusAway, BusRefused, Management
from onemachine.stack import Stack

HASHED = "commands.registration"
PARTITIONS = 4
HEARING = ("gateway", "notification")
STRANGERS = [(user, owner) for user in USERS for owner in USERS if user != owner]


@pytest.fixture
def connect(infrastructure: Stack, tests_bus: Bus) -> Iterator[Callable[[str], Any]]:
    """`connect("gateway")`: a channel with confirms, as that user, in the virtual host of the tests."""
    opened: list[Any] = []

    def as_user(user: str) -> Any:
        broker = infrastructure.broker
        password = broker.password if user == "operator" else tests_bus.passwords[user]
        address = f"127.0.0.1:{infrastructure.folder.port('amqp')}"
        connection = amqp.Connection(
            address, user, password, virtual_host=tests_bus.vhost, confirm_publish=True
        )
        connection.connect()
        opened.append(connection)
        return connection.channel()

    yield as_user
    for connection in opened:
        with suppress(OSError, amqp.AMQPError):
            connection.close()


@pytest.fixture
def operator(amqp_uri: str, connect: Callable[[str], Any]) -> Any:
    """The operator, with empty queues."""
    return connect("operator")


def exported(stack: Stack, vhost: str) -> dict[str, list[Any]]:
    """What the broker has, without its own additions, in an order that can be compared."""
    found = stack.broker.management.ask("GET", f"/api/definitions/{vhost}")
    parts = {}
    for part in ("queues", "exchanges", "bindings", "policies"):
        parts[part] = sorted(({k: v for k, v in e.items() if k != "vhost"} for e in found[part]), key=str)
    return parts


def wanted(bus: Bus) -> dict[str, list[Any]]:
    found = definitions(bus)
    parts = {}
    for part in ("queues", "exchanges", "bindings", "policies"):
        parts[part] = sorted(({k: v for k, v in e.items() if k != "vhost"} for e in found[part]), key=str)
    return parts


def publish(channel: Any, exchange: str, key: str, body: str = "x", **headers: str) -> None:
    message = amqp.Message(body, delivery_mode=2, application_headers=headers)
    channel.basic_publish(message, exchange=exchange, routing_key=key)


def holding(channel: Any, queue: str) -> list[str]:
    """The bodies in a queue, which is empty afterwards."""
    found = []
    while message := channel.basic_get(queue, no_ack=True):
        found.append(message.body)
    return found


def test_the_broker_has_what_the_topology_says_and_nothing_else(
    infrastructure: Stack, tests_bus: Bus
) -> None:
    assert exported(infrastructure, tests_bus.vhost) == wanted(tests_bus)


def test_applying_again_changes_nothing(infrastructure: Stack, tests_bus: Bus) -> None:
    management = infrastructure.broker.management
    before = management.ask("GET", "/api/definitions")
    infrastructure.broker.install(tests_bus)
    after = management.ask("GET", "/api/definitions")
    assert {k: sorted(v, key=str) for k, v in after.items() if isinstance(v, list)} == {
        k: sorted(v, key=str) for k, v in before.items() if isinstance(v, list)
    }


def test_a_changed_delay_reaches_queues_that_exist(infrastructure: Stack, tests_bus: Bus) -> None:
    slower = replace(tests_bus, retry_delays=dict(tests_bus.retry_delays) | {"5s": 7.5})
    try:
        infrastructure.broker.install(slower)
        policy = infrastructure.broker.management.ask("GET", f"/api/policies/{tests_bus.vhost}/retry-5s")
        assert policy["definition"] == {"message-ttl": 7_500}
    finally:
        infrastructure.broker.install(tests_bus)


def test_a_queue_that_stands_with_other_arguments_is_named(
    infrastructure: Stack, tests_bus: Bus, operator: Any
) -> None:
    operator.queue_delete("notification.facts.retry.5s")
    operator.queue_declare("notification.facts.retry.5s", durable=True, auto_delete=False)
    try:
        with pytest.raises(
            BusRefused, match=r"queue notification\.facts\.retry\.5s exists with the arguments"
        ):
            infrastructure.broker.install(tests_bus)
    finally:
        operator.queue_delete("notification.facts.retry.5s")
        infrastructure.broker.install(tests_bus)


def test_fewer_partitions_are_refused_while_the_others_stand(infrastructure: Stack, tests_bus: Bus) -> None:
    with pytest.raises(BusRefused, match=r"queue commands\.registration\.3 is one partition too many"):
        infrastructure.broker.install(replace(tests_bus, partitions={"registration": 3, "directory": 1}))


def test_a_wrong_password_and_a_broker_that_is_away_are_told_apart(
    infrastructure: Stack, tests_bus: Bus
) -> None:
    management = infrastructure.broker.management
    with pytest.raises(BusRefused, match="401"):
        replace(management, password="wrong").apply(tests_bus)
    with pytest.raises(BusAway):
        Management("http://127.0.0.1:9", "operator", "-").apply(tests_bus)


def test_commands_of_a_stream_share_a_partition_and_streams_spread(operator: Any) -> None:
    for number in range(200):
        publish(
            operator,
            "commands",
            "center.registration.Register",
            f"{number}",
            stream=f"activity:a{number % 40}",
        )
    held: dict[int, list[int]] = {n: [] for n in range(PARTITIONS)}
    for n, numbers in held.items():  # a queue with a single active consumer is not for polling
        operator.basic_consume(
            f"{HASHED}.{n}", no_ack=True, callback=lambda message, to=numbers: to.append(int(message.body))
        )
    while sum(map(len, held.values())) < 200:
        operator.connection.drain_events(timeout=10)
    assert all(numbers == sorted(numbers) for numbers in held.values())
    streams = [{number % 40 for number in numbers} for numbers in held.values()]
    assert all(streams)
    assert sum(map(len, streams)) == 40


def test_a_command_that_no_service_takes_is_parked(operator: Any) -> None:
    publish(operator, "commands", "center.catering.OrderLunch", "lunch", stream="x")
    assert holding(operator, "parking.unroutable") == ["lunch"]


def test_a_delayed_fact_comes_back_to_its_queue_and_to_no_other(operator: Any) -> None:
    publish(operator, "retry.notification", "notification.facts.retry.5s", "later")
    assert eventually(lambda: holding(operator, "notification.facts"), 10) == ["later"]
    assert holding(operator, "gateway.facts") == []


def test_what_a_consumer_rejects_is_parked(operator: Any) -> None:
    publish(operator, "events", "nchu.registration.seat_confirmed.v1", "broken")
    for queue in ("notification.facts", "gateway.facts"):
        operator.basic_reject(operator.basic_get(queue).delivery_tag, requeue=False)
    assert eventually(lambda: holding(operator, "parking.notification")) == ["broken"]
    assert eventually(lambda: holding(operator, "parking.gateway")) == ["broken"]


def test_facts_reach_who_asked_for_them(operator: Any) -> None:
    for exchange, key in {
        "nchu.registration.seat_confirmed.v1": "events",
        "nchu.directory.school_renamed.v1": "events",
    }.items():
        publish(operator, key, exchange, exchange)
    for key in (
        "gateway.contact_card.v1",
        "registration.activity_drafted.v1",
        "registration.command_refused.v1",
        "directory.command_refused.v1",
    ):
        publish(operator, "private", key, key)
    assert holding(operator, "notification.facts") == [
        "nchu.registration.seat_confirmed.v1",
        "gateway.contact_card.v1",
        "registration.command_refused.v1",
        "directory.command_refused.v1",
    ]
    assert holding(operator, "gateway.facts") == [
        "nchu.registration.seat_confirmed.v1",
        "nchu.directory.school_renamed.v1",
        "registration.activity_drafted.v1",
        "registration.command_refused.v1",
        "directory.command_refused.v1",
    ]


def test_a_message_looked_at_often_stays_parked(operator: Any) -> None:
    publish(operator, "parking.registration", "", "odd")
    for _ in range(30):
        operator.basic_reject(operator.basic_get("parking.registration").delivery_tag, requeue=True)
    assert holding(operator, "parking.registration") == ["odd"]


ALLOWED = [
    ("gateway", "commands", "center.registration.Register"),
    ("gateway", "commands", "center.directory.AdmitSchool"),
    ("gateway", "private", "gateway.contact_card.v1"),
    ("gateway", "events", "center.gateway.person_erased.v1"),
    ("gateway", "retry.gateway", "gateway.facts.retry.5s"),
    ("gateway", "parking.gateway", ""),
    ("registration", "events", "nchu.registration.seat_confirmed.v1"),
    ("registration", "private", "registration.command_refused.v1"),
    ("registration", "replies", "some-instance"),
    ("registration", "parking.registration", ""),
    ("registration", "commands.registration", "center.registration.CloseActivity"),
    ("registration", "replay", "gateway.rebuild"),
    ("directory", "commands.directory", "center.directory.AdmitSchool"),
    ("directory", "replay", "gateway.rebuild"),
    ("directory", "events", "center.directory.school_admitted.v1"),
    ("directory", "private", "directory.command_refused.v1"),
    ("directory", "replies", "some-instance"),
    ("directory", "parking.directory", ""),
    ("notification", "private", "notification.person_forgotten.v1"),
    ("notification", "retry.notification", "notification.facts.retry.5s"),
    ("notification", "parking.notification", ""),
]
FORBIDDEN = [
    ("gateway", "commands", "nchu.registration.Register"),
    ("gateway", "commands", "center.notification.SendMail"),
    ("gateway", "events", "nchu.registration.seat_confirmed.v1"),
    ("gateway", "events", "nchu.gateway.person_erased.v1"),
    ("gateway", "private", "registration.command_refused.v1"),
    ("gateway", "private", "notification.person_forgotten.v1"),
    ("gateway", "requeue", "commands.registration.0"),
    ("gateway", "replay", "gateway.rebuild"),
    ("notification", "replay", "gateway.rebuild"),
    ("gateway", "", "commands.registration.0"),
    *((user, f"commands.{owner}", "1") for user, owner in STRANGERS if owner in DECIDING),
    ("registration", "events", "center.directory.school_admitted.v1"),
    ("registration", "private", "gateway.contact_card.v1"),
    ("registration", "commands", "center.registration.Register"),
    ("registration", "", "notification.facts"),
    ("directory", "events", "nchu.registration.seat_confirmed.v1"),
    ("directory", "commands", "center.directory.AdmitSchool"),
    ("notification", "events", "nchu.registration.seat_confirmed.v1"),
    ("notification", "private", "gateway.contact_card.v1"),
    ("notification", "replies", "some-instance"),
    ("notification", "commands", "center.registration.Register"),
    *((user, f"retry.{owner}", f"{owner}.facts.retry.5s") for user, owner in STRANGERS if owner in HEARING),
    *((user, f"parking.{owner}", "") for user, owner in STRANGERS),
    *((user, "parking.unroutable", "") for user in USERS),
    *((user, "requeue", "gateway.facts") for user in USERS),
]


@pytest.mark.parametrize(("user", "exchange", "key"), ALLOWED)
def test_a_service_may_publish_what_is_its_own(
    connect: Callable[[str], Any], user: str, exchange: str, key: str
) -> None:
    publish(connect(user), exchange, key, stream="s")


@pytest.mark.parametrize(("user", "exchange", "key"), FORBIDDEN)
def test_a_service_may_publish_nothing_else(
    connect: Callable[[str], Any], user: str, exchange: str, key: str
) -> None:
    channel = connect(user)
    with pytest.raises(amqp.AccessRefused):
        publish(channel, exchange, key, stream="s")


@pytest.mark.parametrize(
    ("user", "queue"),
    [
        ("gateway", "notification.facts"),
        ("gateway", "commands.registration.0"),
        ("gateway", "parking.notification"),
        ("registration", "gateway.facts"),
        ("registration", "commands.directory.0"),
        ("directory", "commands.registration.0"),
        ("notification", "gateway.facts"),
        ("notification", "parking.gateway"),
        ("notification", "gateway.rebuild"),
        ("gateway", "notification.sign_in"),
    ],
)
def test_a_service_may_read_no_other_queue(connect: Callable[[str], Any], user: str, queue: str) -> None:
    channel = connect(user)
    with pytest.raises(amqp.AccessRefused):
        channel.basic_get(queue)


@pytest.mark.parametrize("user", ["gateway", "registration", "directory", "notification"])
def test_no_service_may_change_the_topology(connect: Callable[[str], Any], user: str) -> None:
    attempts: list[Callable[[Any], object]] = [
        lambda channel: channel.queue_declare("spy", durable=True, auto_delete=False),
        lambda channel: channel.exchange_declare("spy", "fanout", durable=True, auto_delete=False),
        lambda channel: channel.queue_bind("gateway.facts", "events", "#"),
        lambda channel: channel.queue_delete("notification.facts"),
        lambda channel: channel.exchange_delete("events"),
        lambda channel: channel.exchange_bind("events", "private", "#"),
    ]
    for attempt in attempts:
        channel = connect(user)
        with pytest.raises(amqp.AccessRefused):
            attempt(channel)


def test_a_gateway_may_have_a_queue_for_its_answers_and_hear_them(connect: Callable[[str], Any]) -> None:
    gateway = connect("gateway")
    gateway.queue_declare("replies.g-1", exclusive=True, auto_delete=True)
    gateway.queue_bind("replies.g-1", "replies", "g-1")
    publish(connect("registration"), "replies", "g-1", "yes")
    assert eventually(lambda: holding(gateway, "replies.g-1")) == ["yes"]


def test_a_gateway_may_not_hear_facts_through_it(connect: Callable[[str], Any]) -> None:
    gateway = connect("gateway")
    gateway.queue_declare("replies.g-2", exclusive=True, auto_delete=True)
    with pytest.raises(amqp.AccessRefused):
        gateway.queue_bind("replies.g-2", "events", "#")


@pytest.mark.parametrize("user", USERS)
def test_a_service_reaches_no_queue_of_another_except_with_what_is_its_own(
    connect: Callable[[str], Any], operator: Any, tests_bus: Bus, user: str
) -> None:
    """Where no routing key is looked at, by any exchange and any key that leads anywhere."""
    found = definitions(tests_bus)
    for exchange in (one["name"] for one in found["exchanges"] if one["type"] != "topic"):
        channel = connect(user)
        with suppress(amqp.AccessRefused):
            for key in {one["routing_key"] for one in found["bindings"] if one["source"] == exchange}:
                publish(channel, exchange, key, stream="s")
    theirs = {queue["name"] for queue in found["queues"] if user not in queue["name"].split(".")}
    reached = {queue for queue in theirs if operator.queue_declare(queue, passive=True).message_count}
    assert reached <= {"gateway.rebuild"}
    assert not reached or user in DECIDING
