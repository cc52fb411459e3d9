"""A stream's state kept warm in the process: read from snapshot and log once, then carried from commit to commit."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Generic, TypeVar
from uuid import UUID

from gongxue_chassis.aggregate import Aggregate
from gongxue_chassis.errors import Unreadable
from gongxue_chassis.log.codec import FactCodec
from gongxue_chassis.log.commit import Document
from gongxue_chassis.log.store import CommitStore, Snapshot

State = TypeVar("State")
_SEEN_PER_PIECE = 5_000


@dataclass
class Warm(Generic[State]):
    """The state after commit `seq`, which holds `facts` facts.

    `seen` finds the answer of every command this stream ever answered: 16 bytes of its id → (commit, index).
    `kept` is the number of facts in the newest snapshot. `timers` are those that the log has for the stream.
    """

    stream: str
    state: State
    seq: int = 0
    facts: int = 0
    kept: int = 0
    seen: dict[bytes, tuple[int, int]] = field(default_factory=dict)
    timers: list[Document] = field(default_factory=list)

    def note(self, commit: Document) -> None:
        """Account for a commit whose facts the state has already taken in."""
        self.seq = commit["seq"]
        self.facts += len(commit["facts"])
        for index, answer in enumerate(commit["answers"]):
            self.seen[key(answer["id"])] = (self.seq, index)
        self.timers = commit.get("timers", self.timers)


def key(command_id: str) -> bytes:
    """A command id in the 16 bytes in which it is remembered. Raises ValueError if it is not a UUID."""
    return UUID(command_id).bytes


def read(aggregate: Aggregate[State], store: CommitStore, stream: str) -> Warm[State]:
    """The stream's state of now: newest snapshot, then the commits after it. Raises Unreadable, Unavailable."""
    snapshot = store.snapshot(stream)
    try:
        warm = _thaw(aggregate, snapshot, stream)
    except Exception as error:
        raise Unreadable(f"the snapshot of {stream}: {error!r}") from error
    codec = FactCodec(aggregate.facts)
    for commit in store.commits_after(stream, warm.seq):
        try:
            for stored in commit["facts"]:
                warm.state = aggregate.evolve(warm.state, codec.restore(stored))
            warm.note(commit)
        except Exception as error:
            raise Unreadable(f"{commit['_id']}: {error!r}") from error
    return warm


def freeze(aggregate: Aggregate[State], warm: Warm[State]) -> Snapshot:
    """A snapshot of a warm state. Its pieces are made as they are taken: the state must not change meanwhile."""
    return Snapshot(warm.stream, warm.seq, warm.facts, _pieces(aggregate, warm))


def _pieces(aggregate: Aggregate[State], warm: Warm[State]) -> Iterator[dict[str, Any]]:
    for piece in aggregate.dump(warm.state):
        yield {"state": piece}
    seen = iter(warm.seen.items())
    while some := list(islice(seen, _SEEN_PER_PIECE)):
        yield {"seen": [[command, seq, index] for command, (seq, index) in some]}
    if warm.timers:
        yield {"timers": warm.timers}


def _thaw(aggregate: Aggregate[State], snapshot: Snapshot | None, stream: str) -> Warm[State]:
    if snapshot is None:
        return Warm(stream, aggregate.initial())
    pieces = list(snapshot.pieces)
    state = aggregate.load(piece["state"] for piece in pieces if "state" in piece)
    warm = Warm(stream, state, snapshot.seq, snapshot.facts, snapshot.facts)
    for piece in pieces:
        for command, seq, index in piece.get("seen", ()):
            warm.seen[bytes(command)] = (seq, index)
        warm.timers = piece.get("timers", warm.timers)
    return warm


class WarmStreams(Generic[State]):
    """The most recently used streams of one aggregate."""

    def __init__(self, aggregate: Aggregate[State], store: CommitStore, limit: int = 1_000) -> None:
        self._aggregate = aggregate
        self._store = store
        self._limit = limit
        self._streams: OrderedDict[str, Warm[State]] = OrderedDict()

    def get(self, stream: str) -> Warm[State]:
        """The stream's warm state, read if it is not here. Raises Unreadable, Unavailable."""
        warm = self._streams.get(stream)
        if warm is None:
            warm = self._streams[stream] = read(self._aggregate, self._store, stream)
        self._streams.move_to_end(stream)
        while len(self._streams) > self._limit:
            self._streams.popitem(last=False)
        return warm

    def forget(self, stream: str) -> None:
        """Someone else wrote, or a write failed half way: what we hold may be wrong."""
        self._streams.pop(stream, None)
