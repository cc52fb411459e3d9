"""Entrypoint for facts: what waits in a queue, in batches.

    @facts(queue="notification.facts", gather=0.2, patience=3)
    def on_facts(self, events: list[CloudEvent]) -> None:
        ...

The handler may be called with the same fact again and with facts out of order, and must come to the same end. If it
raises for a batch, each event of it is tried alone, so that one bad message harms no neighbour. A message that is
no event, or whose type or data our contracts do not know, is parked at once. So is one that is not from the service
whose facts are of this type, or did not come by the way that its facts take: it is `forged`.

Nobody waits for a consumer of facts, and a batch costs it little more than a single fact. `gather` says for how many
seconds the first fact may wait for others, `patience` for how many seconds the first of a rush waits for it to pass:
that leaves the machine to those for whom somebody waits.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from gongxue_chassis import logs
from gongxue_chassis.consuming import Consuming
from gongxue_chassis.errors import Poison, Unavailable
from gongxue_chassis.failures import after
from gongxue_chassis.inbox import Delivery
from gongxue_chassis.origin import FORGED, OPERATOR, Origin, source, way
from gongxue_chassis.publisher import Outgoing
from gongxue_chassis.replaying import DONE
from gongxue_chassis.replaying import EXCHANGE as REPLAY
from gongxue_contracts import catalogue
from gongxue_contracts.catalogue import ContractError, UnknownType
from gongxue_contracts.envelope import CloudEvent, MalformedEvent, from_json

_log = logging.getLogger(__name__)
_COMMANDS = frozenset(entry.type for entry in catalogue.entries() if entry.kind == "command")
Method = TypeVar("Method", bound=Callable[..., Any])


class Facts(Consuming):
    """See the module."""

    def __init__(
        self, queue: str, gather: float = 0.0, patience: float = 0.0, batch: int = 200, **kwargs: Any
    ) -> None:
        self._queue = queue
        self.gather = gather
        self.patience = patience
        self.batch, self.prefetch = batch, 2 * batch
        super().__init__(**kwargs)

    def queues(self) -> list[str]:
        """The one queue."""
        return [self._queue]

    def work(self, deliveries: list[Delivery]) -> None:
        """Handle what came, hand over what could not be handled, acknowledge. Raises Unavailable."""
        good: list[tuple[Delivery, CloudEvent]] = []
        failed: list[Outgoing] = []
        for delivery in deliveries:
            try:
                good.append((delivery, read(delivery, self.plumbing.bus_operator)))
            except Poison as error:
                failed.append(self._failed(delivery, error))
        failed += self._handle(good)
        self.hand_over(failed)
        self.inbox.ack(deliveries)

    def _handle(self, good: list[tuple[Delivery, CloudEvent]]) -> list[Outgoing]:
        if not good:
            return []
        try:
            self.call([event for _, event in good])
        except Unavailable:
            raise
        except Exception as error:
            if len(good) > 1:
                return [message for one in good for message in self._handle([one])]
            delivery, event = good[0]
            with logs.ids(correlationid=event.correlationid, traceparent=event.traceparent, event=event.id):
                return [self._failed(delivery, error)]
        return []

    def _failed(self, delivery: Delivery, error: Exception) -> Outgoing:
        message = after(delivery, self.service, error)
        _log.warning("%s %s goes to %s: %s", delivery.queue, delivery.message_id, message.exchange, error)
        return message


def read(delivery: Delivery, operator: str = OPERATOR) -> CloudEvent:
    """The event of a message, its data read by its contract, from whom it says. Raises Poison with the reason."""
    try:
        event = from_json(delivery.body)
        data = catalogue.read(event.type, event.data)
    except MalformedEvent as error:
        raise Poison("malformed_message", str(error)) from error
    except UnknownType as error:
        raise Poison("unknown_type", str(error)) from error
    except ContractError as error:
        raise Poison("wrong_schema", str(error)) from error
    if event.type in _COMMANDS:
        raise Poison("not_a_fact", event.type)
    event = replace(event, data=data)
    _believe(event, delivery.origin, operator)
    return event


def _believe(event: CloudEvent, origin: Origin, operator: str) -> None:
    """Raises Poison unless the service that owns the type said this, by the way of its facts.

    The operator may say what any service could. A log that is replayed comes by a way of its own, and at its end
    `bus.replayed.v1`, which is of whatever service it names.
    """
    owner = event.data["service"] if event.type == DONE else event.type.partition(".")[0]
    if origin.user not in (owner, operator):
        raise Poison(FORGED, f"{event.type} from {origin.user or 'nobody that the broker knows'}")
    if event.source != source(owner):
        raise Poison(FORGED, f"{event.type} with the source {event.source}")
    came = (origin.exchange, origin.routing_key)
    if came[0] != REPLAY and came != way(event):
        raise Poison(FORGED, f"{event.type} of {event.tenant} by {came[0]} with {came[1]}")


def facts(
    queue: str, gather: float = 0.0, patience: float = 0.0, batch: int = 200
) -> Callable[[Method], Method]:
    """Declare a service's method as the one that hears what is in this queue, `batch` at most: `(events) -> None`."""
    declare: Callable[[Method], Method] = Facts.decorator(queue, gather, patience, batch)
    return declare
