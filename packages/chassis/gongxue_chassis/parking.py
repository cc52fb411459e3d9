"""Parked messages: looked at, mended, sent back to where they came from, or thrown away. Each act is logged."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import amqp

from gongxue_chassis.errors import ChassisError, Unavailable
from gongxue_chassis.publisher import Outgoing, Publisher, connect

_log = logging.getLogger(__name__)
_OF_THE_LAST_TIME = re.compile(r"x-(attempt$|parked-id$|delivery-count$|death$|first-death-|last-death-)")


class NotParked(ChassisError):
    """No parked message has this id."""


@dataclass(frozen=True, slots=True)
class Parked:
    """A parked message: `id` names it here, `queue` is where it came from, empty if it never reached one.

    `exchange` and `routing_key` are what it was last published with.
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
    exchange: str
    routing_key: str


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
        """Send it back to the queue that it came from, to be tried anew. Raises NotParked."""
        return self._replace(parked_id, "redrive", _again)

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
                held = []
                while message := channel.basic_get(f"parking.{self._service}"):
                    held.append((_parked(message), message))
                yield held
        except (OSError, amqp.exceptions.AMQPError) as error:
            raise Unavailable(str(error)) from error


def _find(messages: list[tuple[Parked, Any]], parked_id: str) -> tuple[Parked, Any]:
    for parked, message in messages:
        if parked.id == parked_id:
            return parked, message
    raise NotParked(parked_id)


def _parked(message: Any) -> Parked:
    headers = dict(message.properties.get("application_headers") or {})
    body = message.body if isinstance(message.body, bytes) else str(message.body).encode()
    [death, *_] = headers.get("x-death") or [{}]  # by the broker itself, which knows nothing of our headers
    named = headers.get("x-parked-id") or message.properties.get("message_id")
    return Parked(
        id=str(named or blake2b(body, digest_size=8).hexdigest()),
        queue=str(headers.get("x-queue") or death.get("queue", "")),
        reason=str(headers.get("x-reason") or death.get("reason", "unroutable")),
        detail=str(headers.get("x-detail", "")),
        attempts=int(headers.get("x-attempt", 1)),
        first_seen=str(headers.get("x-first-seen", "")),
        body=body,
        content_type=message.properties.get("content_type", ""),
        message_id=message.properties.get("message_id", ""),
        headers=headers,
        exchange=str(message.delivery_info.get("exchange", "")),
        routing_key=str(message.delivery_info.get("routing_key", "")),
    )


def _again(parked: Parked) -> Outgoing:
    """To its queue, or if it never reached one, to the exchange that found none: there may be one by now."""
    headers = {name: value for name, value in parked.headers.items() if not _OF_THE_LAST_TIME.match(name)}
    exchange, key = ("requeue", parked.queue) if parked.queue else (parked.exchange, parked.routing_key)
    return Outgoing(exchange, key, parked.body, parked.content_type, parked.message_id, headers)


def _edited(parked: Parked, service: str, body: bytes) -> Outgoing:
    return Outgoing("parking", service, body, parked.content_type, parked.message_id, parked.headers)
