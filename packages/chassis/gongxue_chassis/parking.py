"""Parked messages: looked at, mended, sent back to where they came from, or thrown away. Each act is logged.

What their headers tell may be anything: a message is listed with what can be read of them. Only what the service
itself or the operator wrote into them is acted on, and a message goes back to a queue of its own service alone.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import amqp

from gongxue_chassis.errors import ChassisError, Unavailable
from gongxue_chassis.failures import attempts, kept
from gongxue_chassis.origin import Origin, traced
from gongxue_chassis.publisher import Outgoing, Publisher, connect

UNROUTABLE = "unroutable"
"""Where the broker parks what no queue takes."""

_log = logging.getLogger(__name__)
_NAME = re.compile(r"[0-9A-Za-z][!-~]{0,254}")
_OF_THE_LAST_TIME = frozenset({"x-attempt", "x-parked-id"})


class NotParked(ChassisError):
    """No parked message has this id."""


class NotOurs(ChassisError):
    """A parked message says that it came from the queue of another service: it is not sent there."""


@dataclass(frozen=True, slots=True)
class Parked:
    """A parked message: `id` names it here, `queue` is where it came from, empty if it never reached one.

    `origin` is who published it first, and how; `headers` are as they came.
    """

    id: str
    queue: str
    reason: str
    detail: str
    attempts: int
    first_seen: str
    body: bytes
    content_type: str
    message_id: str
    headers: dict[str, Any]
    origin: Origin


class ParkingLot:
    """The parking queue of one service, `parking.<service>`."""

    def __init__(self, uri: str, service: str, operator: str) -> None:
        self._uri = uri
        self._service = service
        self._operator = operator

    def all(self) -> list[Parked]:
        """All that is parked, oldest first. They stay."""
        with self._browse() as messages:
            return [parked for parked, _ in messages]

    def show(self, parked_id: str) -> Parked:
        """One of them. Raises NotParked."""
        with self._browse() as messages:
            return _find(messages, parked_id)[0]

    def redrive(self, parked_id: str) -> Parked:
        """Send it back to the queue that it came from, to be tried anew. Raises NotParked, NotOurs."""
        return self._replace(parked_id, "redrive", lambda parked: _again(parked, self._service))

    def edit(self, parked_id: str, body: bytes) -> Parked:
        """Put another body in its place; it stays parked. Raises NotParked."""
        return self._replace(parked_id, "edit", lambda parked: _edited(parked, self._service, body))

    def discard(self, parked_id: str) -> Parked:
        """Throw it away for good. Raises NotParked."""
        return self._replace(parked_id, "discard", lambda _: None)

    def discard_where(self, unwanted: Callable[[Parked], bool]) -> int:
        """Throw all away of which `unwanted` is true; how many that were."""
        with self._browse() as messages:
            found = [(parked, message) for parked, message in messages if unwanted(parked)]
            for _, message in found:
                message.channel.basic_ack(message.delivery_info["delivery_tag"])
        for parked, _ in found:
            self._log("discard", parked)
        return len(found)

    def _replace(self, parked_id: str, act: str, successor: Any) -> Parked:
        """The successor is confirmed before the original goes: a crash in between repeats, never loses."""
        with self._browse() as messages:
            parked, message = _find(messages, parked_id)
            outgoing = successor(parked)
            if outgoing is not None:
                publisher = Publisher(self._uri, f"parking {act}")
                publisher.publish([outgoing])
                publisher.close()
            message.channel.basic_ack(message.delivery_info["delivery_tag"])
        self._log(act, parked)
        return parked

    def _log(self, act: str, parked: Parked) -> None:
        _log.info(
            "parking: %s of %s by %s",
            act,
            parked.id,
            self._operator,
            extra={"act": act, "parked": parked.id, "operator": self._operator, "queue": parked.queue},
        )

    @contextmanager
    def _browse(self) -> Iterator[list[tuple[Parked, Any]]]:
        """All messages, held but not acknowledged; they go back to the queue when the connection closes."""
        try:
            with connect(self._uri, f"parking {self._service}") as connection:
                channel = connection.channel()
                channel.auto_decode = False  # by whatever codec the message names
                vouchers = (self._service, connection.userid)
                held = []
                while message := channel.basic_get(f"parking.{self._service}"):
                    held.append((_parked(message, self._service, vouchers), message))
                yield held
        except (OSError, amqp.exceptions.AMQPError) as error:
            raise Unavailable(str(error)) from error


def _find(messages: list[tuple[Parked, Any]], parked_id: str) -> tuple[Parked, Any]:
    for parked, message in messages:
        if parked.id == parked_id:
            return parked, message
    raise NotParked(parked_id)


def _parked(message: Any, service: str, vouchers: Collection[str]) -> Parked:
    properties, told = message.properties, message.delivery_info
    body = message.body if isinstance(message.body, bytes) else str(message.body).encode()
    headers = dict(properties.get("application_headers") or {})
    death = _death(headers) if service != UNROUTABLE else {}
    seen = Origin(
        str(properties.get("user_id", "")),
        str(death.get("exchange") or told.get("exchange", "")),
        str(_first(death.get("routing-keys")) or told.get("routing_key", "")),
    )
    origin, past = traced(seen, headers, vouchers)
    named = str(past.get("x-parked-id") or properties.get("message_id") or "")
    return Parked(
        id=named if _NAME.fullmatch(named) else blake2b(body, digest_size=8).hexdigest(),
        queue=str(past.get("x-queue") or death.get("queue", "")),
        reason=str(past.get("x-reason") or death.get("reason", UNROUTABLE)),
        detail=str(past.get("x-detail", "")),
        attempts=attempts(past),
        first_seen=str(past.get("x-first-seen", "")),
        body=body,
        content_type=str(properties.get("content_type", "")),
        message_id=str(properties.get("message_id", "")),
        headers=headers,
        origin=origin,
    )


def _death(headers: dict[str, Any]) -> dict[str, Any]:
    """How the broker itself has parked a message: the last entry of its trail, which it puts first."""
    first = _first(headers.get("x-death"))
    return first if isinstance(first, dict) else {}


def _first(found: Any) -> Any:
    return found[0] if isinstance(found, list) and found else None


def _again(parked: Parked, service: str) -> Outgoing:
    """To its queue, or if it never reached one, to the exchange that found none: there may be one by now."""
    headers = {name: value for name, value in _told(parked).items() if name not in _OF_THE_LAST_TIME}
    exchange, key = parked.origin.exchange, parked.origin.routing_key
    if parked.queue:
        if service != UNROUTABLE and not _is_of(parked.queue, service):
            raise NotOurs(f"{parked.id} came from {parked.queue}, which is not of {service}")
        exchange, key = "requeue", parked.queue
    return Outgoing(exchange, key, parked.body, parked.content_type, parked.message_id, headers)


def _is_of(queue: str, service: str) -> bool:
    own = re.escape(service)
    return bool(re.fullmatch(rf"{own}\.[a-z_]+|commands\.{own}\.\d+", queue))


def _edited(parked: Parked, service: str, body: bytes) -> Outgoing:
    return Outgoing(f"parking.{service}", "", body, parked.content_type, parked.message_id, _told(parked))


def _told(parked: Parked) -> dict[str, Any]:
    """What a copy of it tells of its past, in the operator's name."""
    told = {
        "x-queue": parked.queue,
        "x-reason": parked.reason,
        "x-detail": parked.detail,
        "x-attempt": parked.attempts,
        "x-first-seen": parked.first_seen,
        "x-parked-id": parked.id,
    }
    return {**kept(parked.headers), **parked.origin.headers(), **told}
