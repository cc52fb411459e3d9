"""What a person who is erased still has, and the commands that end it: seats, SIGs, proposals of SIGs, roles.

A command has the same id each time it is given for the same thing, so that a second one changes nothing; of something
that has come back it has another.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo.database import Database

from gateway.access.roles import NETWORK, OF_NETWORK, day
from gateway.commanding.commands import KEYS, command
from gateway.read_model.generations import read_pointer
from gateway.storage import ACTIVITIES, REGISTRATIONS, ROLES, SIG_MEMBERS, SIGS, Document
from gongxue_contracts.envelope import CloudEvent

COMMAND_WAIT = 3600.0
ERASED = "erased"
"""The reason given where no person reads it; where notification reads it, it sends no mail."""
WITHDRAWN = "提案已撤回。The proposal was withdrawn."
"""The reason that everybody can read: of whoever proposed it, nothing is told."""

_Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wishes:
    """Commands, by what they end. Those of `seats`, `sigs` and `proposals` are for registration to answer."""

    seats: list[CloudEvent]
    sigs: list[CloudEvent]
    proposals: list[CloudEvent]
    roles: list[CloudEvent]

    @property
    def of_registration(self) -> list[CloudEvent]:
        """Those that the registration service answers."""
        return [*self.seats, *self.sigs, *self.proposals]

    def all(self) -> list[CloudEvent]:
        """Every one."""
        return [*self.of_registration, *self.roles]


def wishes(database: Database[Document], erasure: Document, now: datetime) -> Wishes:
    """What is to be asked for, as the read model has it now. Raises PyMongoError when the store is away."""
    shown = read_pointer(database).active
    return Wishes(
        seats=list(_cancelling(database, shown, erasure, now)),
        sigs=list(_leaving(database, shown, erasure)),
        proposals=list(_withdrawing(database, shown, erasure)),
        roles=list(_revoking(database, shown, erasure, now)),
    )


def _cancelling(
    database: Database[Document], shown: str, erasure: Document, now: datetime
) -> Iterator[CloudEvent]:
    """Registrations that are still for something, cancelled as the person would."""
    query = {"person": erasure["person"], "status": {"$in": ["confirmed", "waiting"]}}
    found = list(database[f"{REGISTRATIONS}{shown}"].find(query))
    ids = sorted({one["activity"] for one in found})
    about = database[f"{ACTIVITIES}{shown}"].find({"_id": {"$in": ids}})
    activities = {one["_id"]: one for one in about}
    for one in found:
        if _is_to_come(activities.get(one["activity"]), now):
            data = {
                "by": _oneself(erasure, one["school"]),
                "activity": one["activity"],
                "registration": one["_id"],
            }
            stream = f"activity:{one['activity']}"
            yield _command(erasure, "registration.CancelRegistration.v1", stream, data, one["_id"])


def _leaving(database: Database[Document], shown: str, erasure: Document) -> Iterator[CloudEvent]:
    """The end of what the person is to SIGs: as if they left, so that nobody hears of more.

    The last convenor cannot leave; the Center lets them go.
    """
    person = erasure["person"]
    query = {"person": person, "status": {"$in": ["member", "requested", "invited"]}}
    found = list(database[f"{SIG_MEMBERS}{shown}"].find(query))
    alone = {"_id": {"$in": sorted({one["sig"] for one in found})}, "convenors": {"$size": 1}}
    last = {one["_id"] for one in database[f"{SIGS}{shown}"].find({**alone, "convenors.person": person})}
    for one in found:
        by, reason = _oneself(erasure, one["school"]), ""
        if one["sig"] in last:
            by, reason = _installation("center"), ERASED
        data = {"by": by, "sig": one["sig"], "person": person, "reason": reason}
        what = f"{one['_id']} {one['changed_at'].isoformat()} {by['role']}"
        yield _command(erasure, "registration.EndMembership.v1", f"sig:{one['sig']}", data, what)


def _withdrawing(database: Database[Document], shown: str, erasure: Document) -> Iterator[CloudEvent]:
    """Proposals that nobody could convene; only the Center can end one."""
    query = {"proposer.person": erasure["person"], "status": {"$in": ["proposed", "sent_back"]}}
    for one in database[f"{SIGS}{shown}"].find(query):
        data = {"by": _installation("center"), "sig": one["_id"], "reason": WITHDRAWN}
        yield _command(erasure, "registration.DeclineSig.v1", f"sig:{one['_id']}", data, "proposal")


def _revoking(
    database: Database[Document], shown: str, erasure: Document, now: datetime
) -> Iterator[CloudEvent]:
    """The end of the person's roles, in the name of whoever may."""
    for held in database[f"{ROLES}{shown}"].find({"person": erasure["person"], "revoked": False}):
        if (held.get("ends_on") or day(now)) < day(now):
            continue
        data = {
            "by": _installation("operator" if held["role"] in OF_NETWORK else "center"),
            "scope": held["scope"],
            "person": erasure["person"],
            "role": held["role"],
            "reason": ERASED,
        }
        stream, what = f"roles:{held['scope']}", f"{held['role']} {len(held.get('history', ()))}"
        yield _command(erasure, "directory.RevokeRole.v1", stream, data, what)


def _oneself(erasure: Document, school: str) -> _Data:
    return {"person": erasure["person"], "school": school, "role": "staff"}


def _installation(role: str) -> _Data:
    return {"person": "gateway", "school": NETWORK, "role": role}


def _command(erasure: Document, type: str, stream: str, data: _Data, what: str) -> CloudEvent:
    id = str(uuid.uuid5(KEYS, f"{erasure['_id']}\n{stream}\n{what}"))
    return command(type, stream, data, id=id, wait=COMMAND_WAIT)


def _is_to_come(activity: Document | None, now: datetime) -> bool:
    return bool(activity and activity.get("status") != "cancelled" and activity.get("ends_at", now) > now)
