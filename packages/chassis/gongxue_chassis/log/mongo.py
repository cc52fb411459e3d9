"""The commit store in MongoDB.

Collections `commits`; `snapshots`, the newest of each stream, and `pieces` of them; `timers`, a document a stream:

    {"_id": "activity:x", "seq": 12, "timers": [as in the commit], "armed": True, "next": datetime}

`seq` is the commit that has set them; without timers `armed` and `next` are missing. `set_aside` has those that
could not be read, if any, each with why: `{"timer": …, "why": "…"}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from pymongo import MongoClient, ReplaceOne, WriteConcern
from pymongo.database import Database
from pymongo.errors import ConnectionFailure, DuplicateKeyError, ExecutionTimeout, WTimeoutError

from gongxue_chassis.errors import Conflict, Unavailable
from gongxue_chassis.log.commit import Document, commit_id
from gongxue_chassis.log.store import Armed, Snapshot, soonest

_READ = 10
"""Commits a round trip when a stream is read: between two of them other greenlets get their turn."""
_STREAMS = 100
_AWAY = (ConnectionFailure, ExecutionTimeout, WTimeoutError)


def connect(uri: str) -> Database[Document]:
    """The database that the URI names. Acknowledged means on the disks of a majority; times are aware and UTC."""
    client: MongoClient[Document] = MongoClient(
        uri, tz_aware=True, serverSelectionTimeoutMS=5_000, connectTimeoutMS=5_000, socketTimeoutMS=20_000
    )
    return client.get_default_database(write_concern=WriteConcern(w="majority", j=True))


@contextmanager
def reachable() -> Iterator[None]:
    """Turn pymongo's ways of saying «not now» into `Unavailable`."""
    try:
        yield
    except _AWAY as error:
        raise Unavailable(str(error)) from error


class MongoCommitStore:
    """Its indexes are declared by the installation.

    `commits`: unique (stream, seq), (pending, stream, seq), and (seq, stream) for first commits; `timers`:
    (armed, next).
    """

    def __init__(self, database: Database[Document]) -> None:
        self._commits = database["commits"]
        self._snapshots = database["snapshots"]
        self._pieces = database["pieces"]
        self._timers = database["timers"]

    def append(self, commit: Document) -> None:
        try:
            with reachable():
                self._commits.insert_one(commit)
        except DuplicateKeyError as error:
            raise Conflict(commit["_id"]) from error

    def commit(self, stream: str, seq: int) -> Document | None:
        with reachable():
            return self._commits.find_one({"_id": commit_id(stream, seq)})

    def commits_after(self, stream: str, seq: int) -> Iterator[Document]:
        with reachable():
            yield from self._commits.find({"stream": stream, "seq": {"$gt": seq}}, batch_size=_READ).sort(
                "seq", 1
            )

    def pending(self, limit: int) -> list[Document]:
        with reachable():
            return list(self._commits.find({"pending": True}).sort([("stream", 1), ("seq", 1)]).limit(limit))

    def mark_published(self, ids: list[str]) -> None:
        with reachable():
            self._commits.update_many({"_id": {"$in": ids}}, {"$unset": {"pending": ""}})

    def streams(self, since: str = "") -> Iterator[str]:
        """Asks anew for every page: whoever goes through them takes longer than a cursor lives."""
        look, names = "$gte", ["", since]
        while len(names) > 1:
            with reachable():
                firsts = self._commits.find({"seq": 1, "stream": {look: names[-1]}}, {"stream": 1})
                names = [names[-1], *(one["stream"] for one in firsts.sort("stream", 1).limit(_STREAMS))]
            yield from names[1:]
            look = "$gt"

    def save_snapshot(self, snapshot: Snapshot) -> None:
        stream, seq = snapshot.stream, snapshot.seq
        with reachable():
            count = 0
            for count, piece in enumerate(snapshot.pieces, start=1):
                document = {
                    "_id": f"{stream}@{seq}#{count}",
                    "stream": stream,
                    "seq": seq,
                    "piece": count,
                    "data": piece,
                }
                self._pieces.bulk_write([ReplaceOne({"_id": document["_id"]}, document, upsert=True)])
            head = {"_id": stream, "seq": seq, "facts": snapshot.facts, "pieces": count}
            try:
                self._snapshots.replace_one({"_id": stream, "seq": {"$lte": seq}}, head, upsert=True)
            except DuplicateKeyError:  # a newer one is there
                self._pieces.delete_many({"stream": stream, "seq": seq})
            else:
                self._pieces.delete_many({"stream": stream, "seq": {"$lt": seq}})

    def snapshot(self, stream: str) -> Snapshot | None:
        with reachable():
            head = self._snapshots.find_one({"_id": stream})
            if head is None:
                return None
            found = self._pieces.find({"stream": stream, "seq": head["seq"]}).sort("piece", 1)
            pieces: list[dict[str, Any]] = [piece["data"] for piece in found]
        if len(pieces) != head["pieces"]:  # dropped for a newer one while it was read
            return self.snapshot(stream)
        return Snapshot(stream, head["seq"], head["facts"], pieces)

    def arm(self, stream: str, seq: int, timers: list[Document]) -> None:
        document = {"_id": stream, "seq": seq, **_timers(timers)}
        with reachable(), suppress(DuplicateKeyError):  # that commit's, or a later one's, are there
            self._timers.replace_one({"_id": stream, "seq": {"$lt": seq}}, document, upsert=True)

    def armed(self, limit: int) -> list[Armed]:
        with reachable():
            found = self._timers.find({"armed": True}).sort("next", 1).limit(limit)
            # Whatever their shape is: one that cannot be read must not keep the others from being told.
            read: list[Any] = list(found)
        return [Armed(one["_id"], one.get("seq"), one.get("timers")) for one in read]

    def disarm(self, armed: Armed, left: list[Document]) -> None:
        same = {"_id": armed.stream, "seq": armed.seq, "timers": armed.timers}
        with reachable():
            self._timers.update_one(same, _change(left))

    def set_aside(self, armed: Armed, left: list[Document], unfit: list[Document]) -> None:
        change = _change(left)
        # Without a number that a later commit can be compared with, that commit could never set its own.
        change["$set"]["seq"] = armed.seq if isinstance(armed.seq, int) else 0
        change["$addToSet"] = {"set_aside": {"$each": unfit}}
        with reachable():
            self._timers.update_one({"_id": armed.stream, "seq": armed.seq}, change)


def _timers(timers: list[Document]) -> Document:
    return {"timers": timers, "armed": True, "next": soonest(timers)} if timers else {"timers": []}


def _change(left: list[Document]) -> Document:
    gone: Document = {} if left else {"$unset": {"armed": "", "next": ""}}
    return {"$set": _timers(left), **gone}
