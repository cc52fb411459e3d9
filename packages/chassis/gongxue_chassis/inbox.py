"""The inbox of a consumer: messages gathered from its queues as they come, handed out in batches.

A reader of its own keeps the connection: it fills an in-process queue and never waits to gather more (a batch is what
is there). The broker's prefetch window is the back-pressure.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, Protocol

import amqp

from gongxue_chassis.origin import NOBODY, Origin, traced
from gongxue_chassis.publisher import connect

_log = logging.getLogger(__name__)
_HEARTBEAT = 30
_PAUSE_AT_MOST = 5.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message as it came. `receipt` belongs to the inbox that gave it.

    `headers` that begin with `x-` tell its past, and are there only if they may be believed (see `origin`).
    """

    queue: str
    body: bytes
    headers: dict[str, Any] = field(default_factory=dict)
    content_type: str = ""
    message_id: str = ""
    reply_to: str | None = None
    origin: Origin = NOBODY
    receipt: Any = None


class Inbox(Protocol):
    """Where deliveries come from: the broker, or the one in memory."""

    def take(self, most: int, gather: float = 0.0, patience: float = 0.0) -> list[Delivery]:
        """What is there, at least one and at most `most`; waits for the first. Empty when the inbox was stopped.

        With `gather` it gives the others that many seconds to come after the first, unless `most` are there already.
        With `patience` it lets a rush pass: it begins when for `gather` seconds nothing has come, or after `patience`.
        """

    def ack(self, deliveries: Iterable[Delivery]) -> None:
        """These are done with. One whose connection is gone comes again; that is for the receiver to notice."""

    def stop(self) -> None:
        """Hand out no more."""

    def close(self) -> None:
        """Let go of the connection. What was not acknowledged goes back to its queue."""


class BrokerInbox:
    """Reads durable queues that the installation has declared. `run` is its loop.

    `vouchers`: users whose word on a message's past is believed.
    """

    def __init__(
        self, uri: str, name: str, queues: Sequence[str], prefetch: int, vouchers: Collection[str] = ()
    ) -> None:
        self._uri = uri
        self._name = name
        self._queues = queues
        self._prefetch = prefetch
        self._vouchers = vouchers
        self._arrived: SimpleQueue[Delivery | None] = SimpleQueue()
        self._acks = threading.Lock()
        self._done: dict[Any, int] = {}
        self._came = 0
        self._in_rush = False
        self._stopping = threading.Event()
        self._closing = threading.Event()
        self.connected = False

    @property
    def stopped(self) -> bool:
        """True once `stop` was called."""
        return self._stopping.is_set()

    def run(self) -> None:
        """Read until stopped; whenever the connection is lost, open a new one with growing pauses."""
        pause = 0.0
        while not self._closing.is_set():
            try:
                self._read()
                pause = 0.0
            except (OSError, amqp.exceptions.AMQPError) as error:
                pause = 0.25 if self.connected else min(pause * 2 or 0.25, _PAUSE_AT_MOST)
                self.connected = False
                _log.warning("%s waits for the broker: %s", self._name, error or type(error).__name__)
                self._closing.wait(pause)
        self.connected = False

    def take(self, most: int, gather: float = 0.0, patience: float = 0.0) -> list[Delivery]:
        """What is there, at least one and at most `most`; waits for the first. Empty when the inbox was stopped.

        With `gather` it gives the others that many seconds to come after the first, unless `most` are there already.
        With `patience` it lets a rush pass: it begins when for `gather` seconds nothing has come, or after `patience`.
        """
        first = self._first(gather)
        if first is None:
            return []
        if gather:
            self._let_others_come(most, gather, patience)
        taken = [first]
        while len(taken) < most:
            try:
                another = self._arrived.get_nowait()
            except Empty:
                break
            if another is None:
                self._arrived.put(None)
                break
            taken.append(another)
        return taken

    def _first(self, gather: float) -> Delivery | None:
        if self._in_rush:
            try:
                return self._arrived.get(timeout=gather)
            except Empty:
                self._in_rush = False
        return self._arrived.get()

    def _let_others_come(self, most: int, gather: float, patience: float) -> None:
        """A rush is waited for once, when it begins; then it is worked on until nothing comes any more."""
        end = time.monotonic() + (0.0 if self._in_rush else patience)
        if self._arrived.qsize() >= most - 1 and time.monotonic() >= end:
            return
        self._in_rush = patience > 0
        came = -1
        while came < self._came or self._arrived.qsize() >= self._prefetch - 1:
            came = self._came
            if self._stopping.wait(gather) or time.monotonic() >= end:
                return

    def ack(self, deliveries: Iterable[Delivery]) -> None:
        """These are done with. One whose connection is gone comes again; that is for the receiver to notice."""
        with self._acks:
            tags: dict[Any, list[int]] = {}
            for delivery in deliveries:
                receipt = delivery.receipt
                tags.setdefault(receipt.channel, []).append(receipt.delivery_info["delivery_tag"])
            for channel, some in tags.items():
                try:
                    self._ack(channel, some)
                except (OSError, amqp.exceptions.AMQPError) as error:
                    _log.info("not acknowledged, it will come again: %s", error)

    def _ack(self, channel: Any, tags: list[int]) -> None:
        """One acknowledgement for all, if nothing that came before them is still to be done."""
        before = self._done.get(channel, 0)
        if tags == list(range(before + 1, before + 1 + len(tags))):
            self._done = {channel: tags[-1]}
            channel.basic_ack(tags[-1], multiple=True)
            return
        for tag in tags:
            channel.basic_ack(tag)

    def stop(self) -> None:
        """Hand out no more."""
        self._stopping.set()
        self._arrived.put(None)

    def close(self) -> None:
        """End the loop. What was not acknowledged goes back to its queue."""
        self._closing.set()

    def _read(self) -> None:
        with connect(self._uri, self._name, heartbeat=_HEARTBEAT) as connection:
            channel = connection.channel()
            channel.auto_decode = False  # by whatever codec the message names
            channel.basic_qos(0, self._prefetch, False)
            for queue in self._queues:
                channel.basic_consume(queue, consumer_tag=queue, callback=self._arrive)
            self.connected = True
            while not self._closing.is_set():
                try:
                    connection.drain_events(timeout=1)
                except TimeoutError:
                    connection.heartbeat_check()

    def _arrive(self, message: Any) -> None:
        if self._stopping.is_set():
            return
        self._came += 1
        told, properties = message.delivery_info, message.properties
        body = message.body if isinstance(message.body, bytes) else str(message.body).encode()
        seen = Origin(properties.get("user_id", ""), told["exchange"], told["routing_key"])
        origin, headers = traced(seen, properties.get("application_headers") or {}, self._vouchers)
        self._arrived.put(
            Delivery(
                queue=told["consumer_tag"],
                body=body,
                headers=headers,
                content_type=properties.get("content_type", ""),
                message_id=properties.get("message_id", ""),
                reply_to=properties.get("reply_to"),
                origin=origin,
                receipt=message,
            )
        )
