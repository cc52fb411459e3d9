"""Making the read model anew while it is shown, step by step. Whoever is killed in between, the next step goes on.

asked      somebody wants it: the next generation is created, and fed with all that happens from now on
feeding    until every process of the web has noticed: then the services are asked to replay their logs
replaying  until each has said that this was all: then the next generation is shown
switched   the old one is fed for a while, for processes that have not noticed yet
retiring   nobody looks at the old one any more: it is dropped
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from gateway.people import SOURCE
from gateway.read_model.generations import (
    FIRST,
    POINTER,
    STATE,
    Phase,
    Pointer,
    drop_before,
    prepare,
    read_pointer,
)
from gateway.storage import Document
from gongxue_chassis.log.mongo import reachable
from gongxue_chassis.publisher import MessageSink, Outgoing
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import BATCH, CloudEvent, batch_to_json

QUEUE = "gateway.rebuild"
REPLAYED = "bus.replayed.v1"
SERVICES = ("registration", "directory")
"""Whose facts the read model is made of."""
NOTICED_SECONDS = 2.0
"""Every process looks at the pointer twice a second; one that did not in this time answers nobody either."""

_log = logging.getLogger(__name__)


class Rebuilding:
    """Steps of the rebuild that the pointer speaks of. Raises Unavailable when broker or store is away."""

    def __init__(self, database: Database[Document], sink: MessageSink) -> None:
        self._database = database
        self._sink = sink

    def step(self) -> None:
        """Do what is due. Several workers may do so at once."""
        with reachable():
            pointer = read_pointer(self._database)
            if pointer.rebuild is not None and pointer.rebuild.running:
                _STEPS[pointer.rebuild.phase](self, pointer)

    def _begin(self, pointer: Pointer) -> None:
        number = pointer.number + 1
        prepare(self._database, f"_{number}", pointer.active)
        self._go_on(pointer, "feeding", number=number, next=f"_{number}", old=None)

    def _ask(self, pointer: Pointer) -> None:
        if _long_enough(pointer):
            self._sink.publish([_asking(service, pointer) for service in SERVICES])
            self._go_on(pointer, "replaying")

    def _switch(self, pointer: Pointer) -> None:
        assert pointer.rebuild  # noqa: S101 - for the type checker: who calls this has looked
        if all(service in pointer.rebuild.done for service in SERVICES):
            self._go_on(pointer, "switched", active=pointer.next, next=None, old=pointer.active)

    def _retire(self, pointer: Pointer) -> None:
        if _long_enough(pointer):
            self._go_on(pointer, "retiring", old=None)

    def _drop(self, pointer: Pointer) -> None:
        if _long_enough(pointer):
            drop_before(self._database, pointer.active)
            self._go_on(pointer, "done", **{"rebuild.finished_at": datetime.now(UTC)})

    def _go_on(self, pointer: Pointer, phase: Phase, **more: Any) -> None:
        assert pointer.rebuild  # noqa: S101 - as above
        if _change(
            self._database, pointer, {"rebuild.phase": phase, "rebuild.since": datetime.now(UTC), **more}
        ):
            _log.info("rebuild %s: %s", pointer.rebuild.id, phase)


_STEPS = {
    "asked": Rebuilding._begin,
    "feeding": Rebuilding._ask,
    "replaying": Rebuilding._switch,
    "switched": Rebuilding._retire,
    "retiring": Rebuilding._drop,
}


def ask(database: Database[Document], *, afresh: bool = False) -> bool:
    """Ask for a rebuild; False if one is going on already. `afresh`: begin again, unless the new one is shown already.

    Raises Unavailable.
    """
    now = datetime.now(UTC)
    id = now.strftime("%Y%m%dt%H%M%S")
    begun = {"id": id, "phase": "asked", "since": now, "asked_at": now, "applied": 0, "done": {}}
    with reachable():
        with suppress(DuplicateKeyError):
            database[STATE].insert_one({"_id": POINTER, "number": 1, "active": FIRST})
        pointer = read_pointer(database)
        begin_again = afresh and pointer.rebuild and pointer.rebuild.phase in ("feeding", "replaying")
        if pointer.rebuild and pointer.rebuild.running and not begin_again:
            return False
        return _change(database, pointer, {"rebuild": begun, "next": None})


def note_applied(database: Database[Document], pointer: Pointer, facts: int) -> None:
    """So many of the facts that were replayed for it are on disk."""
    if pointer.rebuild and pointer.rebuild.running:
        mine = {"_id": POINTER, "rebuild.id": pointer.rebuild.id}
        database[STATE].update_one(mine, {"$inc": {"rebuild.applied": facts}})


def note_done(database: Database[Document], told: Mapping[str, Any]) -> None:
    """A service has replayed all of its facts. Word of an earlier rebuild changes nothing."""
    done = {"facts": told["facts"], "unreadable": told["unreadable"]}
    mine = {"_id": POINTER, "rebuild.id": told["rebuild"]}
    database[STATE].update_one(mine, {"$set": {f"rebuild.done.{told['service']}": done}})


def _change(database: Database[Document], pointer: Pointer, change: Document) -> bool:
    """Whether nobody else was faster."""
    rebuild = pointer.rebuild
    seen = {"rebuild.id": rebuild.id, "rebuild.phase": rebuild.phase} if rebuild else {"rebuild": None}
    return bool(database[STATE].update_one({"_id": POINTER, **seen}, {"$set": change}).matched_count)


def _long_enough(pointer: Pointer) -> bool:
    assert pointer.rebuild  # noqa: S101 - as above
    return (datetime.now(UTC) - pointer.rebuild.since).total_seconds() >= NOTICED_SECONDS


def _asking(service: str, pointer: Pointer) -> Outgoing:
    assert pointer.rebuild  # noqa: S101 - as above
    rebuild = pointer.rebuild.id
    event = CloudEvent(
        id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{rebuild} {service}")),
        source=SOURCE,
        type="bus.replay_asked.v1",
        subject=f"replay:{rebuild}",
        time=datetime.now(UTC),
        data=catalogue.write("bus.replay_asked.v1", {"rebuild": rebuild, "to": QUEUE}),
    )
    key = catalogue.command_key("center", f"{service}.Replay.v1")
    return Outgoing("commands", key, batch_to_json([event]), BATCH, event.id, {"stream": event.subject})
