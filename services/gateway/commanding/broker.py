"""The connection to the broker: kept up, publishing with confirms, taking replies in.

Whoever publishes is told within seconds that the broker is away; nobody waits for it to come back. Behind a
broker that holds back its confirms (a disk or memory alarm) only one publish a second tries its luck.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import NamedTuple

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractExchange, AbstractIncomingMessage
from aio_pika.exceptions import AMQPError, ChannelInvalidStateError, DeliveryError
from yarl import URL

from gateway.actions import BusUnavailable

EXCHANGES = ("commands", "private")
CONFIRM_SECONDS = 3.0
CONNECT_SECONDS = 5.0
HEARTBEAT_SECONDS = 10
DOUBT_SECONDS = 1.0
LONGEST_PAUSE = 2.0

_AWAY = (AMQPError, ChannelInvalidStateError, OSError, asyncio.TimeoutError)
_log = logging.getLogger(__name__)


class Reply(NamedTuple):
    """What came for this instance, and the user that the broker knows to have sent it."""

    body: bytes
    user: str


class Broker:
    """One connection with one channel. `replies` holds what came for this instance.

    `on_up` is called whenever a connection is there, also anew: what was asked over the last one may have
    got its reply to a queue that is gone.
    """

    def __init__(self, uri: str, instance: str, on_up: Callable[[], None]) -> None:
        self._url = URL(uri).update_query(heartbeat=HEARTBEAT_SECONDS, name=f"gateway web {instance}")
        self._instance = instance
        self._on_up = on_up
        self._exchanges: dict[str, AbstractExchange] = {}
        self._doubtful_until = 0.0
        self._keeper: asyncio.Task[None] | None = None
        self.replies: asyncio.Queue[Reply] = asyncio.Queue()

    @property
    def up(self) -> bool:
        """Whether there is a connection."""
        return bool(self._exchanges)

    async def open(self) -> None:
        """Begin to keep a connection; returns when there is one or the first try failed."""
        first = asyncio.Event()
        self._keeper = asyncio.create_task(self._keep(first))
        await first.wait()

    async def close(self) -> None:
        """End the connection. A cancellation that comes while it connects may be swallowed: then once more."""
        while self._keeper and not self._keeper.done():
            self._keeper.cancel()
            await asyncio.wait([self._keeper], timeout=0.2)

    async def publish(self, exchange: str, routing_key: str, message: aio_pika.Message) -> None:
        """Return when the broker has it on disk. Raises BusUnavailable; then whether it has it is unknown."""
        loop = asyncio.get_running_loop()
        if not self.up or loop.time() < self._doubtful_until:
            raise BusUnavailable
        message.user_id = self._url.user  # the broker takes no other, so that whoever reads may believe it
        try:
            await self._exchanges[exchange].publish(message, routing_key, timeout=CONFIRM_SECONDS)
        except DeliveryError as error:
            _log.warning("the broker refused a message for %s %s: %s", exchange, routing_key, error)
            raise BusUnavailable from error
        except _AWAY as error:
            self._doubtful_until = loop.time() + DOUBT_SECONDS
            _log.warning("the broker did not confirm a message for %s: %r", exchange, error)
            raise BusUnavailable from error

    async def _keep(self, first: asyncio.Event) -> None:
        pause = 0.1
        while True:
            try:
                await self._connected(first)
                pause = 0.1
            except Exception as error:  # whatever it is: without a connection nothing can be asked ever again
                _log.warning("waiting for the broker: %r", error)
            finally:
                self._exchanges = {}
                first.set()
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _connected(self, first: asyncio.Event) -> None:
        """Have a connection until it is lost."""
        connection = await aio_pika.connect(self._url, timeout=CONNECT_SECONDS)
        async with connection:
            channel = await connection.channel()
            lost = asyncio.Event()
            connection.close_callbacks.add(lambda *_: lost.set())
            channel.close_callbacks.add(lambda *_: lost.set())
            await self._consume(channel)
            self._exchanges = {name: await channel.get_exchange(name, ensure=False) for name in EXCHANGES}
            self._doubtful_until = 0.0
            first.set()
            self._on_up()
            await lost.wait()
        raise ConnectionResetError("the connection to the broker was lost")

    async def _consume(self, channel: AbstractChannel) -> None:
        """Replies are of no use to anybody else, nor to a later process: the queue goes with the connection."""
        queue = await channel.declare_queue(f"replies.{self._instance}", exclusive=True, auto_delete=True)
        await queue.bind("replies", self._instance)
        await queue.consume(self._on_reply, no_ack=True)

    async def _on_reply(self, message: AbstractIncomingMessage) -> None:
        self.replies.put_nowait(Reply(message.body, message.user_id or ""))
