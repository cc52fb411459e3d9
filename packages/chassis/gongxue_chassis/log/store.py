"""Where commits are kept: `memory.py` for tests, `mongo.py` for life; one suite runs on both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from gongxue_chassis.log.commit import Document

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A stream's state as it was after commit `seq` with `facts` facts, in small pieces."""

    stream: str
    seq: int
    facts: int
    pieces: Iterable[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Armed:
    """The timers of a stream that have not been told yet, at least one, as its commit `seq` has them.

    They are as the store has them: who tells them finds out whether they can be read.
    """

    stream: str
    seq: int
    timers: list[Document]

    @property
    def next(self) -> datetime:
        """When the first of them is due; at once if one has no moment, so that it is found soon."""
        return soonest(self.timers)


def soonest(timers: Any) -> datetime:
    """The moment of the first of these; long ago if they, or one of them, cannot be read."""
    try:
        moments: list[datetime] = [one["at"].astimezone(UTC) for one in timers]
        return min(moments)
    except (LookupError, TypeError, ValueError, AttributeError):
        return _LONG_AGO


class CommitStore(Protocol):
    """Every method raises `Unavailable` when the store cannot be reached; what was asked may be tried again."""

    def append(self, commit: Document) -> None:
        """Keep a commit; when this returns it is on disk. Raises Conflict if the stream has that number already."""

    def commit(self, stream: str, seq: int) -> Document | None:
        """One commit."""

    def commits_after(self, stream: str, seq: int) -> Iterator[Document]:
        """The stream's commits with a higher number, in order."""

    def pending(self, limit: int) -> list[Document]:
        """Commits not yet published, in order of stream and number."""

    def mark_published(self, ids: list[str]) -> None:
        """The relay has published these commits."""

    def streams(self, since: str = "") -> Iterator[str]:
        """All streams from the one named `since` on, in order of their names; however many, some at a time."""

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """Keep a snapshot and drop those before it. A reader sees the whole of one or the other."""

    def snapshot(self, stream: str) -> Snapshot | None:
        """The newest snapshot."""

    def arm(self, stream: str, seq: int, timers: list[Document]) -> None:
        """From commit `seq` on these are the stream's timers. Nothing changes if that or a later commit was here."""

    def armed(self, limit: int) -> list[Armed]:
        """Streams with timers, those with the soonest first."""

    def disarm(self, armed: Armed, left: list[Document]) -> None:
        """Of these timers all but `left` have been told. Nothing changes if others have come since, or were told."""

    def set_aside(self, armed: Armed, left: list[Document], unfit: list[Document]) -> None:
        """Keep `unfit`, as `{"timer": …, "why": "…"}`, where nobody tells them, and `left` as the stream's timers.

        Nothing changes if others have come since. The next commit that sets timers clears what is kept.
        """
