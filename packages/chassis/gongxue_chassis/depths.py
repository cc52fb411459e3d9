"""How much waits in queues and how many consume them, asked over AMQP: no right and no management plugin is needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import amqp

from gongxue_chassis.errors import Unavailable
from gongxue_chassis.publisher import connect


@dataclass(frozen=True, slots=True)
class Depth:
    """Messages that wait (those in somebody's hands are not among them), and consumers of the queue."""

    waiting: int
    consumers: int


class Depths:
    """A connection of its own, opened when first needed and anew after a fault."""

    def __init__(self, uri: str, name: str) -> None:
        self._uri = uri
        self._name = name
        self._connection: Any = None
        self._channel: Any = None

    def look(self, queues: Iterable[str]) -> dict[str, Depth]:
        """Those of the queues that are there. Raises Unavailable."""
        try:
            return {queue: depth for queue in queues if (depth := self._look(queue))}
        except (OSError, amqp.exceptions.AMQPError) as error:
            self.close()
            raise Unavailable(str(error)) from error

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.collect()  # without a farewell: it may hang
        self._connection = self._channel = None

    def _look(self, queue: str) -> Depth | None:
        if self._connection is None:
            self._connection = connect(self._uri, self._name)
        if self._channel is None:
            self._channel = self._connection.channel()
        try:
            told = self._channel.queue_declare(queue, passive=True)
        except amqp.NotFound:
            self._channel = None  # the broker closes a channel on which something was not found
            return None
        return Depth(told.message_count, told.consumer_count)
