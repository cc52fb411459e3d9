"""The commit store in memory: the fake that tests of decisions use. It passes the same suite as the real one."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

from gongxue_chassis.errors import Conflict
from gongxue_chassis.log.commit import Document, commit_id
from gongxue_chassis.log.store import Armed, Snapshot


class MemoryCommitStore:
    """Keeps copies, so that no caller can change what was committed."""

    def __init__(self) -> None:
        self._commits: dict[str, Document] = {}
        self._snapshots: dict[str, Snapshot] = {}
        self._armed: dict[str, Armed] = {}

    def append(self, commit: Document) -> None:
        if commit["_id"] in self._commits:
            raise Conflict(commit["_id"])
        self._commits[commit["_id"]] = deepcopy(commit)

    def commit(self, stream: str, seq: int) -> Document | None:
        return deepcopy(self._commits.get(commit_id(stream, seq)))

    def commits_after(self, stream: str, seq: int) -> Iterator[Document]:
        number = seq + 1
        while commit := self.commit(stream, number):
            yield commit
            number += 1

    def pending(self, limit: int) -> list[Document]:
        waiting = [commit for commit in self._commits.values() if commit.get("pending")]
        return deepcopy(sorted(waiting, key=lambda c: (c["stream"], c["seq"]))[:limit])

    def mark_published(self, ids: list[str]) -> None:
        for one in ids:
            self._commits[one].pop("pending", None)

    def streams(self, since: str = "") -> Iterator[str]:
        yield from sorted({c["stream"] for c in self._commits.values() if c["stream"] >= since})

    def save_snapshot(self, snapshot: Snapshot) -> None:
        kept = self._snapshots.get(snapshot.stream)
        if kept is None or kept.seq < snapshot.seq:
            pieces = deepcopy(list(snapshot.pieces))
            self._snapshots[snapshot.stream] = Snapshot(snapshot.stream, snapshot.seq, snapshot.facts, pieces)

    def snapshot(self, stream: str) -> Snapshot | None:
        return deepcopy(self._snapshots.get(stream))

    def arm(self, stream: str, seq: int, timers: list[Document]) -> None:
        if stream not in self._armed or self._armed[stream].seq < seq:
            self._armed[stream] = Armed(stream, seq, deepcopy(timers))

    def armed(self, limit: int) -> list[Armed]:
        found = sorted((one for one in [*self._armed.values()] if one.timers), key=lambda one: one.next)
        return deepcopy(found[:limit])

    def disarm(self, armed: Armed, left: list[Document]) -> None:
        found = self._armed[armed.stream]
        if found == armed:
            self._armed[armed.stream] = Armed(armed.stream, armed.seq, deepcopy(left))

    def set_aside(self, armed: Armed, left: list[Document], unfit: list[Document]) -> None:
        if self._armed[armed.stream].seq == armed.seq:
            seq = armed.seq if isinstance(armed.seq, int) else 0
            self._armed[armed.stream] = Armed(armed.stream, seq, deepcopy(left))
