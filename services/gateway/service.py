"""The gateway's worker: keeps the read model, and tells what the web side could not."""

from __future__ import annotations

from typing import Any

from nameko.extensions import DependencyProvider
from nameko.timer import timer

from gateway import storage
from gateway.worker import Outbox, ReadModel
from gongxue_chassis.facts import facts
from gongxue_chassis.publisher import Publisher
from gongxue_contracts.envelope import CloudEvent

SWEEP_SECONDS = 5
GATHER_SECONDS = 0.2
"""The web side writes what it has asked for itself, and at once: the worker follows without getting in its way."""


class ReadModelProvider(DependencyProvider):  # type: ignore[misc]
    """A `ReadModel` on the service's database."""

    def setup(self) -> None:
        """Connect."""
        self._read_model = ReadModel(storage.open_for_worker(self.container.config["plumbing"].mongo_uri))

    def get_dependency(self, worker_ctx: Any) -> ReadModel:
        """The same for all calls."""
        return self._read_model


class OutboxProvider(DependencyProvider):  # type: ignore[misc]
    """An `Outbox` on the service's database and a connection of its own to the broker."""

    def setup(self) -> None:
        """Connect to the store; to the broker when there is something to tell."""
        plumbing = self.container.config["plumbing"]
        self._publisher = Publisher(plumbing.amqp_uri, "gateway contact cards")
        self._outbox = Outbox(storage.open_for_worker(plumbing.mongo_uri), self._publisher)

    def stop(self) -> None:
        """Let go of the broker."""
        self._publisher.close()

    def get_dependency(self, worker_ctx: Any) -> Outbox:
        """The same for all calls."""
        return self._outbox


class GatewayService:
    """See the module."""

    name = "gateway"

    read_model = ReadModelProvider()
    outbox = OutboxProvider()

    @facts(queue="gateway.facts", gather=GATHER_SECONDS)
    def apply(self, events: list[CloudEvent]) -> None:
        """Facts of the whole network."""
        self.read_model.apply(events)

    @timer(interval=SWEEP_SECONDS)  # type: ignore[untyped-decorator]
    def sweep(self) -> None:
        """Contact cards that are still to be told."""
        self.outbox.sweep()
