"""What a service has to remember of the replays it was asked for: collection `replays` of its database.

    {"_id": "20231109t010000", "to": "gateway.rebuild", "stream": "activity:x", "seq": 12, "facts": 345,
     "unreadable": 0, "done": False, "holder": "1f…", "held_until": datetime}

All up to commit `seq` of `stream` has been published. One process at a time holds a replay; what a holder that died
has begun is taken over when its hold ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import uuid4

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from gongxue_chassis.log.commit import Document
from gongxue_chassis.log.mongo import reachable

HELD_SECONDS = 5.0


@dataclass
class Replay:
    """A replay and how far it has come. `unreadable`: commits that could not be turned into facts."""

    id: str
    to: str
    stream: str = ""
    seq: int = 0
    facts: int = 0
    unreadable: int = 0


class ReplayNotes(Protocol):
    """Every method raises `Unavailable` when the store cannot be reached."""

    def ask(self, id: str, to: str) -> None:
        """Remember that this is asked for; once it is known, asking again changes nothing."""

    def take(self) -> Replay | None:
        """A replay that is not done and that nobody else holds, held from now on."""

    def hold(self, replay: Replay) -> None:
        """Go on holding it."""

    def note(self, replay: Replay, *, done: bool = False) -> None:
        """Remember how far it has come: all up to there is published. Goes on holding it."""


class MongoReplayNotes:
    """In the service's database."""

    def __init__(self, database: Database[Document]) -> None:
        self._replays = database["replays"]
        self._holder = uuid4().hex

    def ask(self, id: str, to: str) -> None:
        note = {
            "_id": id,
            "to": to,
            "stream": "",
            "seq": 0,
            "facts": 0,
            "unreadable": 0,
            "done": False,
            "held_until": datetime.fromtimestamp(0, UTC),
        }
        with reachable():
            try:
                self._replays.insert_one(note)
            except DuplicateKeyError:
                return
            # A newer one has all that an older one would bring.
            self._replays.update_many({"to": to, "done": False, "_id": {"$lt": id}}, {"$set": {"done": True}})

    def take(self) -> Replay | None:
        with reachable():
            for note in self._replays.find({"done": False}):
                free = {"_id": note["_id"], "done": False, "held_until": {"$lt": datetime.now(UTC)}}
                if self._replays.update_one(free, {"$set": self._hold()}).matched_count:
                    return Replay(
                        note["_id"],
                        note["to"],
                        note["stream"],
                        note["seq"],
                        note["facts"],
                        note["unreadable"],
                    )
        return None

    def hold(self, replay: Replay) -> None:
        self._change(replay, {})

    def note(self, replay: Replay, *, done: bool = False) -> None:
        far = {
            "stream": replay.stream,
            "seq": replay.seq,
            "facts": replay.facts,
            "unreadable": replay.unreadable,
        }
        self._change(replay, {**far, "done": True} if done else far)

    def _change(self, replay: Replay, change: Document) -> None:
        held = {"_id": replay.id, "holder": self._holder}
        with reachable():
            self._replays.update_one(held, {"$set": {**change, **self._hold()}})

    def _hold(self) -> Document:
        return {
            "holder": self._holder,
            "held_until": datetime.now(UTC) + timedelta(seconds=HELD_SECONDS),
        }
