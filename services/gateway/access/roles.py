"""Which roles somebody has now: what was granted, has begun, is not over and was not revoked, where it belongs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from gateway.actions import Person
from gateway.read_model.documents import HeldRole

STAFF = "staff"
NETWORK = "center"
"""The scope of the roles that hold in the whole network."""
OF_NETWORK = frozenset({"center", "operator"})
TAIPEI = ZoneInfo("Asia/Taipei")


def day(now: datetime) -> str:
    """Today in Taipei, as the read model writes days."""
    return now.astimezone(TAIPEI).date().isoformat()


def another_day(then: float, now: float) -> bool:
    """Whether it is another day in Taipei than it was then; both in seconds since the epoch.

    Roles begin and end with days: who was looked up on another day is looked up again.
    """
    return datetime.fromtimestamp(then, TAIPEI).date() != datetime.fromtimestamp(now, TAIPEI).date()


def id_of(scope: str, person: str, role: str) -> str:
    """Where the read model keeps it."""
    return f"{scope}/{person}/{role}"


def scope_of(role: str, school: str) -> str:
    """Where a role of somebody of that school belongs."""
    return NETWORK if role in OF_NETWORK else school


def now_of(person: Person, documents: Iterable[Mapping[str, Any]], today: str) -> frozenset[str]:
    """The roles of the person: staff, and what the documents of the read model give them today.

    What was granted at another school than the one they belong to by now does not go with them.
    """
    found = (
        document["role"]
        for document in documents
        if document.get("person") == person.id
        and document["scope"] == scope_of(document["role"], person.school)
        and is_valid(document, today)
    )
    return frozenset({STAFF, *found})


def is_valid(document: Mapping[str, Any], today: str) -> bool:
    """Whether it holds on that day; the first and the last day of a term belong to it."""
    # Of a role that was granted, the term may be heard of later than the fact that there is one: not yet, then.
    if document["revoked"] or "starts_on" not in document:
        return False
    starts_on, ends_on = document["starts_on"], document["ends_on"]
    return (starts_on is None or starts_on <= today) and (ends_on is None or today <= ends_on)


def held(document: Mapping[str, Any]) -> HeldRole | None:
    """A document of the read model as pages and API show it; None as long as it was not heard when it was granted."""
    if not {"starts_on", "revoked"} <= document.keys():
        return None
    acts = document.get("history", {})
    return {
        "scope": document["scope"],
        "person": document["person"],
        "role": document["role"],
        "starts_on": document["starts_on"],
        "ends_on": document["ends_on"],
        "revoked": document["revoked"],
        "history": [acts[number] for number in sorted(acts)],
    }


def written(value: date | None) -> str | None:
    """A day as the read model keeps it: the store knows points in time alone."""
    return value.isoformat() if value else None
