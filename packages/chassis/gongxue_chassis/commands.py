"""Entrypoint for commands: bundles from the service's partition queues, answered after the commit.

    @commands
    def answer(self, bundle: list[CloudEvent]) -> list[Answer]:
        return self.log.answer(bundle)

One process is the single active consumer of a partition, and it decides one batch at a time; while it waits for the
disk the next batch gathers. Commands that make no sense are parked, each alone, and whoever waits for them is told so.
Commands are the gateway's to give, an operator's, and, where time alone asks for something, the service's own; those of
anybody else are parked as `forged`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from gongxue_chassis import faults
from gongxue_chassis.consuming import Consuming
from gongxue_chassis.errors import Poison
from gongxue_chassis.failures import park
from gongxue_chassis.inbox import Delivery
from gongxue_chassis.log.commit import Answer
from gongxue_chassis.log.runner import utc_now
from gongxue_chassis.origin import DOOR, FORGED, may_command, source
from gongxue_chassis.publisher import Outgoing, Publisher
from gongxue_contracts.envelope import (
    BATCH,
    CloudEvent,
    MalformedEvent,
    batch_from_json,
    batch_parts,
    batch_to_json,
    from_json,
    to_dict,
)

Method = TypeVar("Method", bound=Callable[..., Any])

FACTS_IN_AN_ANSWER = 100
"""A raised limit may promote thousands; with all of them the answer would not fit into an event."""


def partition_queues(service: str, partitions: int) -> list[str]:
    """The names of a service's command queues."""
    return [f"commands.{service}.{number}" for number in range(partitions)]


class Commands(Consuming):
    """See the module."""

    def queues(self) -> list[str]:
        """All partitions; the broker gives each to one process only."""
        return partition_queues(self.service, self.plumbing.command_partitions)

    def setup(self) -> None:
        """Called by nameko before the service starts."""
        super().setup()
        self.replies = Publisher(self.plumbing.amqp_uri, f"{self.service} replies", confirm=False)

    def stop(self) -> None:
        """Finish the batch in hand, give the rest back to the broker."""
        super().stop()
        self.replies.close()

    def work(self, deliveries: list[Delivery]) -> None:
        """Decide what came, answer, acknowledge. Raises Unavailable while the store or the broker is away."""
        asked: list[tuple[Delivery, CloudEvent]] = []
        parked: list[Outgoing] = []
        for delivery in deliveries:
            try:
                asked += [(delivery, command) for command in self._read(delivery, parked)]
            except Poison as error:
                parked.append(park(delivery, self.service, error.reason, error.detail))
        answers: list[Answer] = self.call([command for _, command in asked]) if asked else []
        parked += [
            park(_alone(delivery, command), self.service, answer.code or "", answer.detail)
            for (delivery, command), answer in zip(asked, answers, strict=True)
            if answer.outcome == "parked"
        ]
        self.hand_over(parked)
        self._reply(asked, answers)
        faults.point("replied")
        self.inbox.ack(deliveries)

    def _read(self, delivery: Delivery, parked: list[Outgoing]) -> list[CloudEvent]:
        """The commands of a bundle; those that cannot be read join the parked. Raises Poison for a whole bundle."""
        user, operator = delivery.origin.user, self.plumbing.bus_operator
        if user not in (DOOR, operator, self.service):
            raise Poison(FORGED, f"commands from {user or 'nobody that the broker knows'}")
        try:
            found = batch_from_json(delivery.body)
        except MalformedEvent:
            found = self._read_each(delivery, parked)
        good = []
        for command in found:
            if may_command(command, delivery.origin, self.service, operator):
                good.append(command)
            else:
                detail = f"{command.type} of {command.source} from {user} by {delivery.origin.exchange}"
                parked.append(park(_alone(delivery, command), self.service, FORGED, detail))
        return good

    def _read_each(self, delivery: Delivery, parked: list[Outgoing]) -> list[CloudEvent]:
        try:
            parts = batch_parts(delivery.body)
        except MalformedEvent as error:
            raise Poison("malformed_message", str(error)) from error
        good = []
        for part in parts:
            try:
                good.append(from_json(part))
            except MalformedEvent as error:
                alone = replace(delivery, body=b"[" + part + b"]")
                parked.append(park(alone, self.service, "malformed_message", str(error)))
        return good

    def _reply(self, asked: list[tuple[Delivery, CloudEvent]], answers: list[Answer]) -> None:
        """One message for each gateway instance that asked something in this batch."""
        told: dict[str, list[CloudEvent]] = defaultdict(list)
        for (delivery, command), answer in zip(asked, answers, strict=True):
            if delivery.reply_to:
                told[delivery.reply_to].append(answer_event(self.service, command, answer))
        if told:
            self.replies.publish(
                [
                    Outgoing("replies", instance, batch_to_json(events), BATCH, durable=False)
                    for instance, events in told.items()
                ]
            )


def answer_event(service: str, command: CloudEvent, answer: Answer) -> CloudEvent:
    """The answer as it travels, with the first of its facts: an event has a size, and all facts come anyway."""
    refusal = {"code": answer.code, "details": answer.details or {}} if answer.code else None
    data: dict[str, Any] = {
        "outcome": answer.outcome,
        "facts": [to_dict(fact) for fact in answer.facts[:FACTS_IN_AN_ANSWER]],
        "refusal": refusal,
    }
    return CloudEvent(
        id=f"{command.id}.answer",
        source=source(service),
        type="bus.answer.v1",
        subject=command.subject,
        time=utc_now(),
        data=data,
        correlationid=command.correlationid,
        causationid=command.id,
        traceparent=command.traceparent,
    )


def _alone(delivery: Delivery, command: CloudEvent) -> Delivery:
    """One command taken out of its bundle, so that it can be parked without the others."""
    return replace(delivery, body=batch_to_json([command]), content_type=BATCH, message_id=command.id)


def commands(method: Method) -> Method:
    """Declare a service's method as the one that answers its commands: `(bundle) -> answers`, in the same order."""
    declared: Method = Commands.decorator(method)
    return declared
