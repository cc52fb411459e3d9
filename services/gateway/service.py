"""The gateway's worker: keeps the read model, and tells what the web side could not."""

from __future__ import annotations

from typing import Any

from nameko.extensions import DependencyProvider
from nameko.timer import timer

from gateway import storage
from gateway.personal.office import Office
from gateway.read_model.keeper import Keeper
from gongxue_chassis.depths import Depths
from gongxue_chassis.facts import facts
from gongxue_chassis.parking import ParkingLot
from gongxue_chassis.publisher import Publisher
from gongxue_contracts.envelope import CloudEvent

SWEEP_SECONDS = 5
BEAT_SECONDS = 1
REBUILD_BATCH = 1_000
"""A write to disk for so many replayed facts: five times as many as usual, still a few megabytes."""
TIDY_SECONDS = 3600
GATHER_SECONDS = 0.2
"""The web side writes what it has asked for itself, and at once: the worker follows without getting in its way."""


class KeeperProvider(DependencyProvider):  # type: ignore[misc]
    """A `Keeper` on the service's database, with connections of its own to the broker."""

    def setup(self) -> None:
        """Connect to the store; to the broker when it is looked at."""
        plumbing = self.container.config["plumbing"]
        self._publisher = Publisher(plumbing.amqp_uri, "gateway rebuild")
        self._depths = Depths(plumbing.amqp_uri, "gateway pulse")
        database = storage.open_for_worker(plumbing.mongo_uri)
        self._keeper = Keeper(database, self._publisher, self._depths)

    def stop(self) -> None:
        """Let go of the broker."""
        self._publisher.close()
        self._depths.close()

    def get_dependency(self, worker_ctx: Any) -> Keeper:
        """The same for all calls."""
        return self._keeper


class OfficeProvider(DependencyProvider):  # type: ignore[misc]
    """The `Office` for people's data, with a connection of its own to the broker."""

    def setup(self) -> None:
        """Connect to the store; to the broker when there is something to tell."""
        plumbing = self.container.config["plumbing"]
        self._publisher = Publisher(plumbing.amqp_uri, "gateway personal data")
        lot = ParkingLot(plumbing.amqp_uri, "gateway", "erasure")
        self._office = Office(storage.open_for_worker(plumbing.mongo_uri), self._publisher, lot)

    def stop(self) -> None:
        """Let go of the broker."""
        self._publisher.close()

    def get_dependency(self, worker_ctx: Any) -> Office:
        """The same for all calls."""
        return self._office


class GatewayService:
    """See the module."""

    name = "gateway"

    keeper = KeeperProvider()
    office = OfficeProvider()

    @facts(queue="gateway.facts", gather=GATHER_SECONDS)
    def apply(self, events: list[CloudEvent]) -> None:
        """Facts of the whole network."""
        self.keeper.read_model.apply(events)
        self.office.hear(events)

    @facts(queue="gateway.rebuild", batch=REBUILD_BATCH)
    def apply_replayed(self, events: list[CloudEvent]) -> None:
        """Facts that services replay for a read model that is made anew."""
        self.keeper.read_model.apply_replayed(events)

    @timer(interval=BEAT_SECONDS)  # type: ignore[untyped-decorator]
    def beat(self) -> None:
        """The next step of a rebuild, and word of how things are."""
        self.keeper.beat()

    @timer(interval=SWEEP_SECONDS)  # type: ignore[untyped-decorator]
    def tell_cards(self) -> None:
        """Contact cards that are still to be told."""
        self.office.tell_cards()

    @timer(interval=SWEEP_SECONDS)  # type: ignore[untyped-decorator]
    def go_on(self) -> None:
        """Erasures and exports that are under way."""
        self.office.go_on()

    @timer(interval=TIDY_SECONDS, eager=True)  # type: ignore[untyped-decorator]
    def tidy(self) -> None:
        """What has been kept long enough."""
        self.office.tidy()
