"""The registration service, played by a test: takes the commands of all partitions, answers when told to."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime
from typing import Any

import aio_pika

from gongxue_chassis.origin import OPERATOR
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import BATCH, CloudEvent, batch_from_json, batch_to_json, to_dict

PARTITIONS = [f"commands.registration.{number}" for number in range(4)]


class PlayedService:
    """See the module."""

    def __init__(self, channel: aio_pika.abc.AbstractChannel) -> None:
        self._channel = channel
        self._arrived: asyncio.Queue[aio_pika.abc.AbstractIncomingMessage] = asyncio.Queue()

    async def listen(self) -> None:
        for name in PARTITIONS:
            queue = await self._channel.get_queue(name)
            await queue.consume(self._arrived.put, no_ack=True)

    async def next(self) -> tuple[aio_pika.abc.AbstractIncomingMessage, list[CloudEvent]]:
        async with asyncio.timeout(10):
            message = await self._arrived.get()
        return message, batch_from_json(message.body)

    @property
    def idle(self) -> bool:
        return self._arrived.empty()

    async def answer(
        self,
        reply_to: str | None,
        *outcomes: tuple[CloudEvent, dict[str, Any]],
        user: str | None = OPERATOR,
    ) -> None:
        events = [
            CloudEvent(
                id=str(uuid.uuid4()),
                source="/center/registration",
                type="bus.answer.v1",
                subject=cause.subject,
                time=datetime.now(UTC),
                data=catalogue.write("bus.answer.v1", outcome),
                causationid=cause.id,
            )
            for cause, outcome in outcomes
        ]
        await self.reply(reply_to, batch_to_json(events), user)

    async def reply(self, reply_to: str | None, body: bytes, user: str | None = OPERATOR) -> None:
        exchange = await self._channel.get_exchange("replies")
        await exchange.publish(aio_pika.Message(body, content_type=BATCH, user_id=user), reply_to or "")


def accepted(*facts: CloudEvent) -> dict[str, Any]:
    return {"outcome": "accepted", "facts": [to_dict(fact) for fact in facts], "refusal": None}


def seat_confirmed(cause: CloudEvent, number: int = 1) -> CloudEvent:
    """The fact that follows from a Register, the `number`-th of its stream."""
    data = {name: value for name, value in cause.data.items() if name != "waiting_list"}
    return CloudEvent(
        id=f"{cause.subject}@{number}.0",
        source="/center/registration",
        type="registration.seat_confirmed.v1",
        subject=cause.subject,
        time=datetime(2026, 1, 1, tzinfo=UTC),
        data={**data, "seats": {"onsite": {"limit": 9, "taken": number, "waiting": 0}}},
        sequence=number,
        causationid=cause.id,
    )
