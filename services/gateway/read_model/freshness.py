"""How old is what the pages show, and what of the network answers: worked out of what the worker tells of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gateway.read_model.generations import Rebuild

SILENT_SECONDS = 10.0
"""A worker that has told nothing for so long has stopped."""
OLD_SECONDS = 15.0
"""What is older than this is said to be old."""
SERVICES = ("registration", "directory", "notification")
WORKER = "gateway worker"


@dataclass(frozen=True, slots=True)
class Queue:
    """Messages that wait, and consumers."""

    waiting: int
    consumers: int


@dataclass(frozen=True, slots=True)
class Freshness:
    """`lag`: the age in seconds of what is not applied, 0 if nothing is, None if that is not known.

    `store`, `worker`: whether they are there; `broker`: whether the worker reaches it. `as_of`: all that happened until
    then is shown. `queues` are those that the worker saw last.
    """

    now: datetime
    lag: float | None
    as_of: datetime | None
    store: bool
    worker: bool
    broker: bool
    queues: Mapping[str, Queue] = field(default_factory=dict)
    rebuild: Rebuild | None = None

    @property
    def old(self) -> bool:
        """Whether people should be told that there may be news they do not see."""
        return self.lag is not None and self.lag > OLD_SECONDS

    def answering(self, service: str) -> bool:
        """Whether somebody takes what this service is sent, as far as is known."""
        prefix = f"commands.{service}." if service != "notification" else "notification.facts"
        asked = [queue for name, queue in self.queues.items() if name.startswith(prefix)]
        return self.broker and all(queue.consumers for queue in asked)

    def waiting(self, service: str) -> int:
        """How many messages wait for this service."""
        prefixes = (f"commands.{service}.", f"{service}.facts", f"{service}.rebuild")
        return sum(queue.waiting for name, queue in self.queues.items() if name.startswith(prefixes))

    def parked(self) -> Mapping[str, int]:
        """How many messages are parked, by service; `unroutable` are nobody's."""
        parking = "parking."
        return {
            name.removeprefix(parking): queue.waiting
            for name, queue in self.queues.items()
            if name.startswith(parking)
        }


@dataclass(frozen=True, slots=True)
class Part:
    """Something that runs. `waiting` and `parked` are numbers of messages, None where there are none of its own."""

    name: str
    good: bool
    waiting: int | None = None
    parked: int | None = None


def parts(found: Freshness, *, broker: bool) -> list[Part]:
    """All that runs, for operators; `broker`: whether the web side reaches it."""
    parked = found.parked()
    services = [
        Part(name, found.answering(name), found.waiting(name), parked.get(name, 0)) for name in SERVICES
    ]
    worker = Part(WORKER, found.worker, found.waiting("gateway"), parked.get("gateway", 0))
    return [*services, worker, Part("broker", broker), Part("store", found.store)]


@dataclass(frozen=True, slots=True)
class Tidings:
    """What everybody is told on top of a page. `as_of`: what is shown may be as old as this; None if it is not old.

    `later`: what is asked of activities is taken, and answered when their service is back.
    """

    as_of: datetime | None = None
    later: bool = False


def tidings(found: Freshness) -> Tidings:
    """In whole minutes, so that pages stay the same for a while."""
    as_of = found.as_of.replace(second=0, microsecond=0) if found.old and found.as_of else None
    return Tidings(as_of, later=found.broker and not found.answering("registration"))


def freshness(
    now: datetime, read_at: datetime | None, told: Mapping[str, Any] | None, rebuild: Rebuild | None
) -> Freshness:
    """From what the worker `told`, as it was `read_at` last."""
    store = read_at is not None and (now - read_at).total_seconds() < SILENT_SECONDS
    if told is None:
        return Freshness(now, None, read_at, store, worker=False, broker=False, rebuild=rebuild)
    since = told.get("behind_since")
    silent = (now - told["at"]).total_seconds() > SILENT_SECONDS
    if silent:
        since = min(since or told["at"], told["at"])
    elif not told["broker"]:
        since = min(since or now, told.get("broker_at") or told["at"])
    if not store and read_at:
        since = min(since or read_at, read_at)
    queues = {name: Queue(waiting, consumers) for name, waiting, consumers in told.get("queues", ())}
    return Freshness(
        now,
        lag=max((now - since).total_seconds(), 0.0) if since else 0.0,
        as_of=since or now,
        store=store,
        worker=not silent,
        broker=bool(told["broker"]) and not silent,
        queues=queues,
        rebuild=rebuild,
    )
