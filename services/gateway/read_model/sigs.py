"""What the read model answers of SIGs. Days are text like 2026-03-31, times aware datetimes in UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, TypedDict

from gateway.access.roles import day
from gateway.read_model.documents import Text
from gateway.read_model.following import Following
from gateway.read_model.micro_cache import MicroCache
from gateway.storage import REGISTRATIONS, SIG_MEMBERS, SIGS, Document

SigStatus = Literal["proposed", "sent_back", "declined", "active", "closed"]
Standing = Literal["member", "requested", "invited", "ended"]


class Convenor(TypedDict):
    """Somebody who convenes, from the first to the last day."""

    person: str
    starts_on: str
    ends_on: str


class Meeting(TypedDict):
    """An activity that is a meeting, and its day."""

    activity: str
    held_on: str


class Record(TypedDict):
    """Minutes or an output."""

    record: str
    kind: str
    title: Text
    held_on: str
    activity: str | None
    link: str | None
    text: Text | None
    attended: int | None
    schools: list[str]


class Submitted(TypedDict):
    """A renewal that waits for the Center; see the contract's Dossier."""

    at: datetime
    dossier: dict[str, Any]
    statement: Text


class SigAct(TypedDict):
    """Something that was done about a SIG."""

    act: str
    at: datetime
    school: str | None
    reason: str | None
    until: str | None
    dossier: dict[str, Any] | None
    statement: Text | None


class Sig(TypedDict):
    """A SIG. Meetings and records have the latest first, `history` has the earliest first."""

    id: str
    title: Text
    theme: str
    goals: Text
    scope: Text
    joining: str
    status: SigStatus
    reason: str | None
    proposer: dict[str, str]
    proposed_at: datetime
    supporters: list[str]
    stands: bool
    since: str | None
    until: str | None
    members: int
    schools: list[str]
    convenors: list[Convenor]
    meetings: list[Meeting]
    records: list[Record]
    submitted: Submitted | None
    history: list[SigAct]


class Membership(TypedDict):
    """What somebody is to a SIG; `how` a member came to be one."""

    sig: str
    person: str
    school: str
    status: Standing
    how: str | None
    changed_at: datetime
    listed: list[tuple[datetime, datetime | None]]
    """From when until when one was on the list of members, requests and invitations."""


class Sigs:
    """`queries.sigs`. Callers may share the documents: read them, never change them.

    All SIGs are read at most once a second: there are hundreds at most. Raises PyMongoError when the store is away.
    """

    def __init__(self, following: Following) -> None:
        self._following = following
        self._cache = MicroCache()

    def forget(self) -> None:
        """What is answered from now on must be read anew."""
        self._cache.clear()

    async def all(self) -> list[Sig]:
        """All SIGs and proposals, the newest proposal first."""

        async def load() -> list[Sig]:
            found = await self._following.collection(SIGS).find().to_list()
            known = [one for one in map(_sig, found) if one]
            return sorted(known, key=lambda one: (one["proposed_at"], one["id"]), reverse=True)

        return await self._cache.get(SIGS, load)

    async def one(self, sig: str) -> Sig | None:
        """One of them."""
        return next((one for one in await self.all() if one["id"] == sig), None)

    async def of_meeting(self, activity: str) -> list[Sig]:
        """Those of which the activity is a meeting."""
        return [one for one in await self.all() if any(m["activity"] == activity for m in one["meetings"])]

    async def members(self, sig: str, *standings: Standing) -> list[Membership]:
        """Those who are so, in the order in which they became it."""
        wanted = {"sig": sig, "status": {"$in": list(standings)}}
        found = await self._following.collection(SIG_MEMBERS).find(wanted).to_list()
        return sorted(map(membership_of, found), key=lambda one: (one["changed_at"], one["person"]))

    async def membership(self, sig: str, person: str) -> Membership | None:
        """What somebody is to it, if anything."""
        found = await self._following.collection(SIG_MEMBERS).find_one({"_id": f"{sig}/{person}"})
        return membership_of(found) if found and found["status"] != "ended" else None

    async def of_person(self, person: str) -> list[Membership]:
        """All that somebody is, or was, to any SIG."""
        found = await self._following.collection(SIG_MEMBERS).find({"person": person}).to_list()
        return sorted(map(membership_of, found), key=lambda one: one["sig"])

    async def came(self, activity: str) -> tuple[int, list[str]]:
        """How many have a seat at an activity, and from which schools."""
        wanted = {"activity": activity, "status": "confirmed"}
        found = await self._following.collection(REGISTRATIONS).find(wanted, {"school": 1}).to_list()
        return len(found), sorted({one["school"] for one in found})


def acting(sig: Sig, now: datetime) -> frozenset[str]:
    """Who acts for it: whoever proposed it until it is chartered, then its convenors; those in their term, if any."""
    if sig["status"] in ("proposed", "sent_back", "declined"):
        return frozenset({sig["proposer"]["person"]})
    today = day(now)
    in_term = {one["person"] for one in sig["convenors"] if one["starts_on"] <= today <= one["ends_on"]}
    return frozenset(in_term or {one["person"] for one in sig["convenors"]})


def _sig(document: Document) -> Sig | None:
    """None as long as too little has been heard of it: facts may come in any order."""
    if not {"title", "proposer", "status"} <= document.keys():
        return None
    meetings = document.get("meetings", {})
    records = [one for one in document.get("records", {}).values() if one]
    history = document.get("history", {})
    return {
        "id": document["_id"],
        "title": document["title"],
        "theme": document["theme"],
        "goals": document["goals"],
        "scope": document["scope"],
        "joining": document["joining"],
        "status": document["status"],
        "reason": document["reason"],
        "proposer": document["proposer"],
        "proposed_at": document["proposed_at"],
        "supporters": document.get("supporters", []),
        "stands": document.get("stands", False),
        "since": document.get("since"),
        "until": document.get("until"),
        "members": document.get("members", 0),
        "schools": document.get("schools", []),
        "convenors": document.get("convenors", []),
        "meetings": [
            {"activity": activity, "held_on": held_on}
            for activity, held_on in sorted(meetings.items(), key=lambda one: one[1] or "", reverse=True)
            if held_on
        ],
        "records": sorted(records, key=lambda one: (one["held_on"], one["record"]), reverse=True),
        "submitted": document.get("submitted"),
        "history": [history[number] for number in sorted(history)],
    }


def membership_of(document: Document) -> Membership:
    """What the store has of somebody and a SIG, as it is answered."""
    return {
        "sig": document["sig"],
        "person": document["person"],
        "school": document["school"],
        "status": document["status"],
        "how": document["how"],
        "changed_at": document["changed_at"],
        "listed": _listed(document),
    }


def _listed(document: Document) -> list[tuple[datetime, datetime | None]]:
    history = document.get("history") or {"": {"status": document["status"], "at": document["changed_at"]}}
    found: list[tuple[datetime, datetime | None]] = []
    for _, act in sorted(history.items()):
        is_on, ended = bool(found) and found[-1][1] is None, act["status"] == "ended"
        if is_on and ended:
            found[-1] = (found[-1][0], act["at"])
        elif not is_on and not ended:
            found.append((act["at"], None))
    return found
