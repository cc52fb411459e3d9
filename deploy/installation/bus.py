"""The topology of the bus, in this one place: exchanges, queues, bindings, policies, users and rights as pure data.

`definitions(Bus(...))` is a RabbitMQ definitions document, the same for 3.10 and 4.x: nothing here is transient and
not exclusive, mirrored or global. Whatever an operator may want to change on a running broker (retry delays, delivery
limits, dead letters) is a policy, because the arguments of a queue can never be changed.

Where a message comes from is proved by its exchange as far as topic permissions reach, and they do not reach far: a
direct exchange has none, and a CC header passes them by. So what only one service may write is an exchange of its own,
and whoever reads checks the user that the broker vouches for (docs/adr/0011-who-is-believed-on-the-bus.md).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

DECIDING = ("registration", "directory")
"""Services that take commands."""
PARKING = ("registration", "directory", "notification", "gateway")
"""Services whose parked messages have an exchange that they alone write to, and a queue behind it."""
UNROUTABLE = "unroutable"
"""What no queue takes is parked under this name, by the broker."""
USERS = ("gateway", "registration", "directory", "notification")
"""Bus users, besides the operator who applies this."""

RETRY_DELAYS = {"5s": 5.0, "1m": 60.0, "10m": 600.0}
PARTITIONS = {"registration": 4, "directory": 1}
COMMAND_ATTEMPTS = 100
"""A command that ends its service's process this often is parked. Far above what restarts add up to."""
UNLIMITED = 1_000_000
"""4.x drops a message after 20 deliveries by default; looking at what is parked is a delivery. 3.10 refuses -1."""


@dataclass(frozen=True)
class FactQueue:
    """A durable queue of facts: whose it is, and the routing keys that it hears.

    `most`: so many messages it takes, in order and for one consumer; then it refuses, and who publishes waits.
    """

    name: str
    service: str
    events: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    most: int | None = None


FACT_QUEUES = (
    FactQueue(
        "gateway.facts", "gateway", events=("#",), private=("registration.#", "directory.#", "notification.#")
    ),
    FactQueue(
        "notification.facts",
        "notification",
        events=("*.registration.#",),
        private=(
            "gateway.contact_card.v1",
            "gateway.erasure_asked.v1",
            "gateway.export_asked.v1",
            "*.command_refused.v1",
        ),
    ),
    # Somebody waits for these: they do not stand in line behind the mails of a rush.
    FactQueue("notification.sign_in", "notification", private=("gateway.sign_in_link.v1",)),
    FactQueue("gateway.rebuild", "gateway", most=20_000),
)


@dataclass(frozen=True)
class Bus:
    """What differs between installations. `passwords`: user -> password; `retry_delays`: tier -> seconds."""

    passwords: Mapping[str, str]
    vhost: str = "gongxue"
    operator: str = "operator"
    partitions: Mapping[str, int] = field(default_factory=lambda: dict(PARTITIONS))
    retry_delays: Mapping[str, float] = field(default_factory=lambda: dict(RETRY_DELAYS))


def definitions(bus: Bus) -> Json:
    """The whole topology as RabbitMQ's `/api/definitions` takes it. The same input gives the same output."""
    return {
        "users": [_user(name, bus.passwords[name]) for name in USERS],
        "vhosts": [{"name": bus.vhost}],
        "permissions": [{"vhost": bus.vhost, **right} for right in permissions(bus)],
        "topic_permissions": [{"vhost": bus.vhost, **right} for right in topic_permissions()],
        "policies": [{"vhost": bus.vhost, **policy} for policy in policies(bus)],
        "exchanges": [{"vhost": bus.vhost, **exchange} for exchange in exchanges()],
        "queues": [{"vhost": bus.vhost, **queue} for queue in queues(bus)],
        "bindings": [{"vhost": bus.vhost, **binding} for binding in bindings(bus)],
    }


def exchanges() -> list[Json]:
    """All durable, none deletes itself."""
    kinds = {
        "commands": "topic",
        "replies": "direct",
        "events": "topic",
        "private": "topic",
        "replay": "direct",
        "requeue": "direct",
        **{f"retry.{queue.service}": "direct" for queue in FACT_QUEUES},
        **{f"parking.{name}": "fanout" for name in (*PARKING, UNROUTABLE)},
    }
    plain = [_exchange(name, kind, {}) for name, kind in kinds.items()]
    by_stream = [
        _exchange(f"commands.{service}", "x-consistent-hash", {"hash-header": "stream"})
        for service in DECIDING
    ]
    return plain + by_stream


def queues(bus: Bus) -> list[Json]:
    """Commands and parking are quorum queues; facts, which the commit log can publish again, are classic ones."""
    commands = [_queue(name, "quorum", {"x-single-active-consumer": True}) for _, name in command_queues(bus)]
    facts = [
        _queue(queue.name, "classic", {"x-single-active-consumer": True} if queue.most else {})
        for queue in FACT_QUEUES
    ]
    delays = [
        _queue(
            name,
            "classic",
            {"x-dead-letter-exchange": "requeue", "x-dead-letter-routing-key": queue},
        )
        for queue, name in retry_queues(bus)
    ]
    parking = [_queue(f"parking.{name}", "quorum", {}) for name in (*PARKING, UNROUTABLE)]
    return commands + facts + delays + parking


def command_queues(bus: Bus) -> list[tuple[str, str]]:
    """(service, queue) for each partition of each service that takes commands."""
    return [
        (service, f"commands.{service}.{number}")
        for service in DECIDING
        for number in range(bus.partitions[service])
    ]


def retry_queues(bus: Bus) -> list[tuple[str, str]]:
    """(fact queue, its retry queue) for each delay."""
    return [(queue.name, f"{queue.name}.retry.{tier}") for queue in FACT_QUEUES for tier in bus.retry_delays]


def bindings(bus: Bus) -> list[Json]:
    """From where to where, and with which routing key."""
    return [*_command_bindings(bus), *_fact_bindings(bus), *_parking_bindings()]


def policies(bus: Bus) -> list[Json]:
    """A queue obeys one policy at most, so each pattern here stands for queues of one kind."""
    found = [
        _policy(
            "unroutable",
            r"^(commands|replay|requeue|retry\..+)$",
            "exchanges",
            {"alternate-exchange": f"parking.{UNROUTABLE}"},
        ),
        _policy("parking", r"^parking\.", "queues", {"delivery-limit": UNLIMITED}),
    ]
    for service in DECIDING:
        found.append(
            _policy(
                f"{service}-commands",
                rf"^commands\.{service}\.\d+$",
                "queues",
                {
                    "delivery-limit": COMMAND_ATTEMPTS,
                    "dead-letter-exchange": f"parking.{service}",
                },
            )
        )
    for queue in FACT_QUEUES:
        parked: Json = {"dead-letter-exchange": f"parking.{queue.service}"}
        if queue.most:
            parked |= {"max-length": queue.most, "overflow": "reject-publish"}
        found.append(_policy(f"{queue.name}-rejected", f"^{_literal(queue.name)}$", "queues", parked))
    for tier, seconds in bus.retry_delays.items():
        delay = {"message-ttl": round(seconds * 1000)}
        found.append(_policy(f"retry-{tier}", rf"\.retry\.{_literal(tier)}$", "queues", delay))
    return found


def permissions(bus: Bus) -> list[Json]:
    """What each user may configure, write to and read from: regular expressions over names of queues and exchanges.

    Who takes in names and addresses reads its parked messages too: an erasure must reach what lies there. Who decides
    may command itself, which it does when the moment of a timer has come.
    """
    own_replies = r"replies\.[A-Za-z0-9_-]+"
    return [
        _right(bus.operator, ".*", ".*", ".*"),
        _right(
            "gateway",
            configure=f"^{own_replies}$",
            write=rf"^(commands|events|private|retry\.gateway|parking\.gateway|{own_replies})$",
            read=rf"^(replies|gateway\.(facts|rebuild)|parking\.gateway|{own_replies})$",
        ),
        _right(
            "registration",
            "^$",
            r"^(events|private|replay|replies|parking\.registration|commands\.registration)$",
            r"^commands\.registration\.\d+$",
        ),
        _right(
            "directory",
            "^$",
            r"^(events|private|replay|replies|parking\.directory|commands\.directory)$",
            r"^commands\.directory\.\d+$",
        ),
        _right(
            "notification",
            "^$",
            r"^(private|retry\.notification|parking\.notification)$",
            r"^(notification\.(facts|sign_in)|parking\.notification)$",
        ),
    ]


def topic_permissions() -> list[Json]:
    """Which routing keys each user may publish with. No user but the operator may bind to a topic exchange."""
    tenant = "[a-z][a-z0-9-]*"
    return [
        _topic_right("gateway", "commands", r"^center\.(registration|directory)\.[A-Za-z]+$"),
        _topic_right("gateway", "events", r"^center\.gateway\."),
        _topic_right("gateway", "private", r"^gateway\."),
        _topic_right("registration", "events", rf"^{tenant}\.registration\."),
        _topic_right("registration", "private", r"^registration\."),
        _topic_right("directory", "events", rf"^{tenant}\.directory\."),
        _topic_right("directory", "private", r"^directory\."),
        _topic_right("notification", "private", r"^notification\."),
    ]


def _command_bindings(bus: Bus) -> Iterator[Json]:
    for service in DECIDING:
        yield _binding("commands", f"commands.{service}", f"center.{service}.*", to="exchange")
    for service, queue in command_queues(bus):
        yield _binding(f"commands.{service}", queue, "1")  # here the key is a weight
        yield _binding("requeue", queue, queue)


def _fact_bindings(bus: Bus) -> Iterator[Json]:
    for queue in FACT_QUEUES:
        yield from (_binding("events", queue.name, key) for key in queue.events)
        yield from (_binding("private", queue.name, key) for key in queue.private)
        if queue.most:
            yield _binding("replay", queue.name, queue.name)
        yield _binding("requeue", queue.name, queue.name)
        for tier in bus.retry_delays:
            yield _binding(
                f"retry.{queue.service}", f"{queue.name}.retry.{tier}", f"{queue.name}.retry.{tier}"
            )


def _parking_bindings() -> Iterator[Json]:
    for name in (*PARKING, UNROUTABLE):
        yield _binding(f"parking.{name}", f"parking.{name}", "")


def _user(name: str, password: str) -> Json:
    """RabbitMQ's salted SHA-256. The salt follows from the password, so that applying again changes nothing."""
    salt = hashlib.sha256(f"{name}\0{password}".encode()).digest()[:4]
    digest = salt + hashlib.sha256(salt + password.encode()).digest()
    return {
        "name": name,
        "password_hash": base64.b64encode(digest).decode(),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": "",
    }


def _exchange(name: str, kind: str, arguments: Json) -> Json:
    return {
        "name": name,
        "type": kind,
        "durable": True,
        "auto_delete": False,
        "internal": False,
        "arguments": arguments,
    }


def _queue(name: str, kind: str, arguments: Json) -> Json:
    return {
        "name": name,
        "durable": True,
        "auto_delete": False,
        "arguments": {"x-queue-type": kind, **arguments},
    }


def _binding(source: str, destination: str, key: str, to: str = "queue") -> Json:
    return {
        "source": source,
        "destination": destination,
        "destination_type": to,
        "routing_key": key,
        "arguments": {},
    }


def _policy(name: str, pattern: str, apply_to: str, definition: Json) -> Json:
    return {
        "name": name,
        "pattern": pattern,
        "apply-to": apply_to,
        "definition": definition,
        "priority": 0,
    }


def _right(user: str, configure: str, write: str, read: str) -> Json:
    return {"user": user, "configure": configure, "write": write, "read": read}


def _topic_right(user: str, exchange: str, write: str) -> Json:
    return {"user": user, "exchange": exchange, "write": write, "read": "^$"}


def _literal(name: str) -> str:
    return name.replace(".", r"\.")
