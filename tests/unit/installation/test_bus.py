"""The topology as data: what it promises without a broker."""

from __future__ import annotations

import re

import pytest

from installation.bus import FACT_QUEUES, USERS, Bus, definitions

PASSWORDS = {user: f"secret of {user}" for user in USERS}
EXCHANGES = {
    "commands": "topic",
    "commands.registration": "x-consistent-hash",
    "commands.directory": "x-consistent-hash",
    "replies": "direct",
    "events": "topic",
    "private": "topic",
    "replay": "direct",
    "requeue": "direct",
    "retry.gateway": "direct",
    "retry.notification": "direct",
    "parking.registration": "fanout",
    "parking.directory": "fanout",
    "parking.notification": "fanout",
    "parking.gateway": "fanout",
    "parking.unroutable": "fanout",
}


def names(bus: Bus, part: str) -> set[str]:
    return {entry["name"] for entry in definitions(bus)[part]}


@pytest.fixture
def bus() -> Bus:
    return Bus(PASSWORDS)


def test_the_same_input_gives_the_same_output(bus: Bus) -> None:
    assert definitions(bus) == definitions(Bus(dict(PASSWORDS)))


def test_exchanges(bus: Bus) -> None:
    assert {exchange["name"]: exchange["type"] for exchange in definitions(bus)["exchanges"]} == EXCHANGES


def test_queues(bus: Bus) -> None:
    commands = {f"commands.registration.{n}" for n in range(4)} | {"commands.directory.0"}
    facts = {"gateway.facts", "gateway.rebuild", "notification.facts", "notification.sign_in"}
    delays = {f"{queue}.retry.{tier}" for queue in facts for tier in ("5s", "1m", "10m")}
    parking = {
        f"parking.{name}" for name in ("registration", "directory", "notification", "gateway", "unroutable")
    }
    assert names(bus, "queues") == commands | facts | delays | parking


def test_partitions_follow_the_settings() -> None:
    bus = Bus(PASSWORDS, partitions={"registration": 2, "directory": 3})
    assert {name for name in names(bus, "queues") if name.startswith("commands.")} == {
        *(f"commands.registration.{n}" for n in range(2)),
        *(f"commands.directory.{n}" for n in range(3)),
    }


def test_everything_outlives_a_restart_of_the_broker(bus: Bus) -> None:
    found = definitions(bus)
    assert all(
        entry["durable"] and not entry["auto_delete"] for entry in found["exchanges"] + found["queues"]
    )


def test_every_binding_joins_what_is_there(bus: Bus) -> None:
    for binding in definitions(bus)["bindings"]:
        assert binding["source"] in EXCHANGES
        assert binding["destination"] in names(bus, f"{binding['destination_type']}s")


def test_no_queue_is_meant_by_two_policies(bus: Bus) -> None:
    policies = [policy for policy in definitions(bus)["policies"] if policy["apply-to"] == "queues"]
    for queue in names(bus, "queues"):
        assert sum(bool(re.search(policy["pattern"], queue)) for policy in policies) <= 1


def test_delays_and_dead_letters_are_policies_so_that_they_can_be_changed(bus: Bus) -> None:
    by_queue = {
        queue: policy["definition"]
        for policy in definitions(bus)["policies"]
        for queue in names(bus, "queues")
        if policy["apply-to"] == "queues" and re.search(policy["pattern"], queue)
    }
    assert by_queue["gateway.facts.retry.1m"] == {"message-ttl": 60_000}
    assert by_queue["commands.directory.0"] == {
        "delivery-limit": 100,
        "dead-letter-exchange": "parking.directory",
    }
    assert by_queue["gateway.rebuild"] == {
        "dead-letter-exchange": "parking.gateway",
        "max-length": 20_000,
        "overflow": "reject-publish",
    }
    assert by_queue["notification.facts"] == {"dead-letter-exchange": "parking.notification"}


def test_no_password_is_readable(bus: Bus) -> None:
    assert "secret of" not in str(definitions(bus))


def test_no_service_may_do_what_is_another_ones_business(bus: Bus) -> None:
    rights = {right["user"]: right for right in definitions(bus)["permissions"]}
    everything = names(bus, "queues") | set(EXCHANGES) | {"", "amq.default", "amq.topic", "replies.another"}
    for user in USERS:
        own = {queue.name for queue in FACT_QUEUES if queue.service == user}
        own |= {f"commands.{user}.{n}" for n in range(4)} & everything
        if user == "gateway":
            own |= {"replies", "replies.another"}
        if user in ("gateway", "notification"):  # who takes in names and addresses deletes parked ones too
            own |= {f"parking.{user}"}
        assert {name for name in everything if re.search(rights[user]["read"], name)} == own
        assert {name for name in everything if re.search(rights[user]["configure"], name)} <= {
            "replies.another"
        } | ({""} if user != "gateway" else set())
        assert not re.search(rights[user]["write"], "amq.default")
        assert not re.search(rights[user]["write"], "requeue")
        writable = {name for name in EXCHANGES if re.search(rights[user]["write"], name)}
        ways = {name for name in writable if name.startswith(("retry.", "parking.", "commands."))}
        owns = {f"retry.{user}", f"parking.{user}", f"commands.{user}"}
        assert ways == owns & set(EXCHANGES)
