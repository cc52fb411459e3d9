"""Documents as the API gives them: plain JSON values, times as RFC 3339."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gateway.actions import Accepted, Outcome, Person, Refused
from gateway.problems import Problem, describe
from gateway.read_model.documents import Registration, School
from gongxue_contracts import moment
from gongxue_contracts.envelope import CloudEvent

PREFIX = "/api/v1"
_ADDRESSES = (
    ("sig", "sigs"),
    ("registration", "registrations"),
    ("activity", "activities"),
    ("school", "schools"),
    ("scope", "roles"),
)
"""A field of facts, and the collection in which its value is an id; the most particular one first."""


def plain(value: Any) -> Any:
    """The same with every time written out."""
    if isinstance(value, datetime):
        return moment.write(value)
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def person(who: Person) -> dict[str, Any]:
    """A person as they see themselves."""
    return {
        "id": who.id,
        "name": who.name,
        "email": who.email,
        "language": who.language,
        "school": who.school,
        "roles": sorted(who.roles),
    }


def school(found: School) -> dict[str, Any]:
    """A school; without a summary where it has said nothing of itself yet."""
    body: dict[str, Any] = plain(found)
    if not found["summary"]["zh"]:
        body["summary"] = None
    return body


def new_registration(fact: CloudEvent) -> dict[str, Any]:
    """The registration that a seat or a place has just made."""
    data = fact.data
    place = data.get("place")
    at = moment.write(fact.time)
    return {
        "id": data["registration"],
        "activity": data["activity"],
        "person": data["person"],
        "school": data["school"],
        "pool": data["pool"],
        "status": "waiting" if place else "confirmed",
        "place": place,
        "registered_at": at,
        "changed_at": at,
    }


def cancelled_registration(fact: CloudEvent, known: Registration | None) -> dict[str, Any]:
    """The registration that has just ended; `known` is what the read model has, which knows when it began."""
    begun = known["registered_at"] if known else fact.time
    ended = {"status": "cancelled", "registered_at": moment.write(begun)}
    return {**new_registration(fact), **ended}


def command_status(id: str, outcome: Outcome, language: str) -> dict[str, Any]:
    """What became of a command."""
    body: dict[str, Any] = {"id": id, "status": "pending", "location": None, "problem": None}
    if isinstance(outcome, Accepted):
        body |= {"status": "accepted", "location": location(outcome.facts[0])}
    elif isinstance(outcome, Refused):
        problem = describe(Problem(outcome.code, outcome.details), language)
        body |= {"status": "refused", "problem": problem.as_json()}
    elif outcome.parked:
        body["status"] = "parked"
    return body


def location(fact: CloudEvent) -> str:
    """The address of what a fact speaks of."""
    for name, kind in _ADDRESSES:
        if name in fact.data:
            return f"{PREFIX}/{kind}/{fact.data[name]}"
    raise KeyError(fact.type)
