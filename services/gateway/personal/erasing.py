"""Carrying erasures out, step by step, in blocking calls; whatever is interrupted goes on at the next look.

1. asked: the tombstone keeps the person out, and all that the gateway holds of them is deleted.
2. giving_back: registrations that stand are cancelled, SIGs left, proposals of SIGs withdrawn and roles revoked, by
   command, until the read model shows none: so registration and directory answer, in facts.
3. forgetting: partners and our own services are told; each service that holds more than opaque ids must answer.
4. done. For a while we look again whether anything that was under way has brought something back.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from pymongo.database import Database

from gateway.identity.notices import notice
from gateway.personal import messages
from gateway.personal.erasures import FORGETTING
from gateway.personal.giving_back import wishes
from gateway.personal.holdings import HOLDINGS, named
from gateway.storage import ERASED, ERASURES, PEOPLE, STALE, Document
from gongxue_chassis.log.mongo import reachable
from gongxue_chassis.publisher import MessageSink, Outgoing
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import BATCH, JSON, CloudEvent, batch_to_json, to_json

FORGOTTEN = "person_forgotten"
AGAIN = timedelta(minutes=1)
"""After which whoever has not answered is asked again."""
PATIENCE = timedelta(minutes=15)
"""What cannot be given back for so long holds nothing up any more: only an opaque id is left in it."""
LOOKED_AFTER = timedelta(days=30)

_log = logging.getLogger(__name__)
Clear = Callable[[str], int]


class Erasing:
    """`clear_parked(person)` throws away what of the person lies among parked messages, and says how much it was."""

    def __init__(self, database: Database[Document], sink: MessageSink, clear_parked: Clear) -> None:
        self._database = database
        self._erasures = database[ERASURES]
        self._sink = sink
        self._clear_parked = clear_parked

    def go_on(self, now: datetime) -> None:
        """Take every erasure under way as far as it goes. Raises Unavailable when broker or store is away."""
        with reachable():
            under_way = list(self._erasures.find({"state": {"$in": ["asked", "giving_back", "forgetting"]}}))
        for erasure in under_way:
            _STEPS[erasure["state"]](self, erasure, now)

    def hear(self, facts: Iterable[CloudEvent]) -> None:
        """Services that have forgotten somebody say so."""
        for fact in facts:
            service, name, _ = fact.type.split(".")
            if name == FORGOTTEN:
                with reachable():
                    self._erasures.update_one(
                        {"_id": fact.data["erasure"], "state": {"$ne": "done"}},
                        {"$set": {f"answered.{service}": fact.time}},
                    )

    def look_after(self, now: datetime) -> int:
        """Delete and give back what has come back of those who were erased lately; how many documents were deleted."""
        found = 0
        with reachable():
            for erasure in list(
                self._erasures.find({"state": "done", "done_at": {"$gt": now - LOOKED_AFTER}})
            ):
                found += self._delete(erasure["person"])
                self._ask_for(wishes(self._database, erasure, now).all())
        return found

    def _ask(self, erasure: Document, now: datetime) -> None:
        with reachable():
            tombstone = {"$setOnInsert": {"at": now}}
            self._database[ERASED].update_one({"_id": erasure["person"]}, tombstone, upsert=True)
            self._delete(erasure["person"])
            self._database[STALE].insert_one(notice(now, person=erasure["person"]))
        self._clear_parked(erasure["person"])
        answered = {"answered.gateway": now}
        self._set(erasure, state="giving_back", **answered)
        self._give_back_all(erasure | {"state": "giving_back"}, now)

    def _give_back_all(self, erasure: Document, now: datetime) -> None:
        with reachable():
            asked = wishes(self._database, erasure, now)
        left = {"registration": asked.of_registration, "directory": asked.roles}
        wanted = asked.all()
        news: dict[str, Any] = {
            f"answered.{service}": now
            for service, some in left.items()
            if not some and service not in erasure["answered"]
        }
        late = now > erasure["asked_at"] + PATIENCE
        if wanted and late:
            _log.warning("erasure %s leaves %d registrations, roles, SIGs", erasure["_id"], len(wanted))
        if not wanted or late:
            self._set(erasure, state="forgetting", **news)
            return self._tell(erasure | {"state": "forgetting"}, now)
        if erasure.get("tried_at", now - AGAIN) <= now - AGAIN:
            self._ask_for(wanted)
            news |= {"tried_at": now} | {
                name: max(erasure.get(name, 0), len(some))
                for name, some in (
                    ("given_back", asked.seats),
                    ("sigs_left", asked.sigs),
                    ("proposals_withdrawn", asked.proposals),
                )
            }
        if news:
            self._set(erasure, **news)
        return None

    def _tell(self, erasure: Document, now: datetime) -> None:
        """Again and again until all have answered: who is asked twice forgets once."""
        missing = [service for service in FORGETTING if service not in erasure["answered"]]
        if not missing:
            with reachable():
                self._delete(erasure["person"])
            return self._set(erasure, state="done", done_at=now)
        if erasure.get("told_at", now - AGAIN) <= now - AGAIN:
            person = erasure["person"]
            asked = messages.erasure_asked(person, erasure["_id"], erasure["asked_at"], now)
            erased = messages.person_erased(person, erasure["number"], erasure["asked_at"])
            everybody = catalogue.fact_key(erased.tenant, erased.type)
            self._sink.publish(
                [
                    Outgoing("events", everybody, to_json(erased), JSON, erased.id),
                    Outgoing("private", asked.type, to_json(asked), JSON, asked.id),
                ]
            )
            self._set(erasure, told_at=now)
        return None

    def _ask_for(self, wishes: Iterable[CloudEvent]) -> None:
        outgoing = [
            Outgoing(
                "commands",
                catalogue.command_key("center", wish.type),
                batch_to_json([wish]),
                BATCH,
                wish.id,
                {"stream": wish.subject},
            )
            for wish in wishes
        ]
        if outgoing:
            self._sink.publish(outgoing)

    def _delete(self, person: str) -> int:
        """All that is held of the person, what tells their address last."""
        known = self._database[PEOPLE].find_one({"_id": person})
        gone = 0
        for holding in HOLDINGS:
            query = named(holding, person, known["email"] if known else None)
            if query is not None:
                gone += self._database[holding.collection].delete_many(query).deleted_count
        return gone

    def _set(self, erasure: Document, **fields: Any) -> None:
        with reachable():
            self._erasures.update_one({"_id": erasure["_id"], "state": erasure["state"]}, {"$set": fields})


_STEPS: dict[str, Callable[[Erasing, Document, datetime], None]] = {
    "asked": Erasing._ask,
    "giving_back": Erasing._give_back_all,
    "forgetting": Erasing._tell,
}
