"""The frame of a nameko entrypoint that consumes queues of ours: reads, works batch after batch, stops with grace."""

from __future__ import annotations

import logging
from typing import Any

import eventlet
from eventlet.event import Event
from nameko.extensions import Entrypoint

from gongxue_chassis.errors import Poison, TryLater, Unavailable
from gongxue_chassis.inbox import BrokerInbox, Delivery
from gongxue_chassis.publisher import Outgoing, Publisher
from gongxue_chassis.settings import Plumbing

_log = logging.getLogger(__name__)
_PAUSE_AT_MOST = 5.0


class Consuming(Entrypoint):  # type: ignore[misc]
    """Subclasses say which `queues` they read and how a batch is `work`ed."""

    batch = 200
    prefetch = 400
    gather = 0.0
    """Seconds that a batch is given to grow after its first message has come."""
    patience = 0.0
    """Seconds that a rush is given to pass."""

    inbox: BrokerInbox
    publisher: Publisher

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("expected_exceptions", (Unavailable, TryLater, Poison))
        super().__init__(**kwargs)

    @property
    def service(self) -> str:
        """The name of the service, as queues and parking know it."""
        return str(self.container.service_name)

    @property
    def plumbing(self) -> Plumbing:
        """The settings that every service has."""
        found: Plumbing = self.container.config["plumbing"]
        return found

    def queues(self) -> list[str]:
        """The queues to read."""
        raise NotImplementedError

    def work(self, deliveries: list[Delivery]) -> None:
        """Handle and acknowledge a batch. Raises Unavailable to be called again with the same one."""
        raise NotImplementedError

    def setup(self) -> None:
        """Called by nameko before the service starts."""
        queues = self.queues()
        uri, name = self.plumbing.amqp_uri, f"{self.service} {queues[0]}"
        vouchers = (self.service, self.plumbing.bus_operator)
        self.inbox = BrokerInbox(uri, name, queues, self.prefetch, vouchers)
        self.publisher = Publisher(uri, f"{name} failures")
        self._ended = Event()
        self.container.config.setdefault("inboxes", []).append(self.inbox)

    def start(self) -> None:
        """Called by nameko when all dependencies are ready."""
        self.container.spawn_managed_thread(self.inbox.run, identifier="inbox")
        self.container.spawn_managed_thread(self._run, identifier="work")

    def stop(self) -> None:
        """Finish the batch in hand, give the rest back to the broker."""
        self.inbox.stop()
        self._ended.wait()
        self.inbox.close()
        self.publisher.close()

    def call(self, *args: Any) -> Any:
        """Run the decorated method as a nameko worker and return what it returns, or raise what it raises."""
        done = Event()

        def handle_result(_worker: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            if exc_info is None:
                done.send(result)
            else:
                done.send_exception(*exc_info)
            return result, exc_info

        self.container.spawn_worker(self, args, {}, handle_result=handle_result)
        return done.wait()

    def hand_over(self, messages: list[Outgoing]) -> None:
        """Publish copies of what could not be handled. Raises Unavailable."""
        if messages:
            self.publisher.publish(messages)

    def _run(self) -> None:
        try:
            while deliveries := self.inbox.take(self.batch, self.gather, self.patience):
                self._work_until_done(deliveries)
        finally:
            self._ended.send(None)

    def _work_until_done(self, deliveries: list[Delivery]) -> None:
        pause = 0.25
        while True:
            try:
                return self.work(deliveries)
            except Unavailable as error:
                if self.inbox.stopped:
                    return None
                _log.warning("%s waits: %s; trying again in %g s", self.service, error, pause)
                eventlet.sleep(pause)
                pause = min(pause * 2, _PAUSE_AT_MOST)
