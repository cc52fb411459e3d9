"""A broker in memory for tests of what is built on the bus. It passes the same suite as RabbitMQ.

It routes by the same definitions document that the installation gives to RabbitMQ: exchanges, bindings, alternate
exchanges. Delays do not pass here: what goes to a retry queue stays there. Everybody is the operator.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from itertools import count
from threading import Condition
from typing import Any

from gongxue_chassis.inbox import Delivery
from gongxue_chassis.origin import OPERATOR, Origin
from gongxue_chassis.publisher import Outgoing


class MemoryBroker:
    """`definitions` as for RabbitMQ's `/api/definitions`."""

    def __init__(self, definitions: dict[str, Any]) -> None:
        self._kinds = {exchange["name"]: exchange["type"] for exchange in definitions["exchanges"]}
        self._bindings: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for binding in definitions["bindings"]:
            self._bindings[binding["source"]].append(binding)
        self._alternates = {
            exchange: policy["definition"]["alternate-exchange"]
            for policy in definitions["policies"]
            if "alternate-exchange" in policy["definition"]
            for exchange in self._kinds
            if re.search(policy["pattern"], exchange)
        }
        self._queues: dict[str, deque[Delivery]] = {queue["name"]: deque() for queue in definitions["queues"]}
        self._receipts = count(1)
        self.changed = Condition()

    def publish(self, messages: Sequence[Outgoing]) -> None:
        """Route each message. Raises KeyError for an exchange that does not exist."""
        with self.changed:
            for message in messages:
                self._route(message, message.exchange)
            self.changed.notify_all()

    def close(self) -> None:
        """Nothing to let go of."""

    def inbox(self, queues: Sequence[str]) -> MemoryInbox:
        """A consumer of these queues."""
        return MemoryInbox(self, queues)

    def take_one(self, queue: str) -> Delivery | None:
        """The oldest message of a queue."""
        return self._queues[queue].popleft() if self._queues[queue] else None

    def put_back(self, deliveries: Iterable[Delivery]) -> None:
        """Not acknowledged: to the head of their queues, in their order."""
        with self.changed:
            for delivery in reversed(list(deliveries)):
                self._queues[delivery.queue].appendleft(delivery)
            self.changed.notify_all()

    def _route(self, message: Outgoing, exchange: str) -> bool:
        routed = False
        for binding in self._matching(message, exchange):
            if binding["destination_type"] == "exchange":
                routed |= self._route(message, binding["destination"])
            else:
                self._queues[binding["destination"]].append(self._delivery(message, binding["destination"]))
                routed = True
        if not routed and exchange in self._alternates:
            return self._route(message, self._alternates[exchange])
        return routed

    def _matching(self, message: Outgoing, exchange: str) -> list[dict[str, Any]]:
        kind, bindings = self._kinds[exchange], self._bindings[exchange]
        if kind == "fanout":
            return bindings
        if kind == "x-consistent-hash":
            return [bindings[hash(message.headers.get("stream", "")) % len(bindings)]]
        if kind == "topic":
            return [one for one in bindings if _topic(one["routing_key"]).fullmatch(message.routing_key)]
        return [one for one in bindings if one["routing_key"] == message.routing_key]

    def _delivery(self, message: Outgoing, queue: str) -> Delivery:
        return Delivery(
            queue=queue,
            body=message.body,
            headers=dict(message.headers),
            content_type=message.content_type,
            message_id=message.message_id,
            reply_to=message.reply_to,
            origin=Origin(OPERATOR, message.exchange, message.routing_key),
            receipt=next(self._receipts),
        )


class MemoryInbox:
    """See `gongxue_chassis.inbox.Inbox`."""

    def __init__(self, broker: MemoryBroker, queues: Sequence[str]) -> None:
        self._broker = broker
        self._queues = queues
        self._held: dict[Any, Delivery] = {}
        self._stopped = False

    def take(self, most: int, gather: float = 0.0, patience: float = 0.0) -> list[Delivery]:
        """What is there, at least one and at most `most`; waits for the first. Empty when the inbox was stopped.

        Whoever publishes here does so at once, so that there is nothing to wait for.
        """
        with self._broker.changed:
            while not self._stopped:
                taken: list[Delivery] = []
                for queue in self._queues:
                    while len(taken) < most and (delivery := self._broker.take_one(queue)):
                        taken.append(delivery)
                if taken:
                    self._held |= {delivery.receipt: delivery for delivery in taken}
                    return taken
                self._broker.changed.wait()
            return []

    def ack(self, deliveries: Iterable[Delivery]) -> None:
        """These are done with."""
        for delivery in deliveries:
            self._held.pop(delivery.receipt, None)

    def stop(self) -> None:
        """Hand out no more."""
        with self._broker.changed:
            self._stopped = True
            self._broker.changed.notify_all()

    def close(self) -> None:
        """What was not acknowledged goes back to its queue."""
        self._broker.put_back(self._held.values())
        self._held.clear()


def _topic(pattern: str) -> re.Pattern[str]:
    """A routing pattern as a regular expression: `*` is one word, `#` any number of words."""
    words = [
        r"[^.]+" if word == "*" else ".*" if word == "#" else re.escape(word) for word in pattern.split(".")
    ]
    return re.compile(r"\.".join(words).replace(r"\..*", r"(?:\..*)?"))
