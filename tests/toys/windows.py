"""A toy aggregate for tests of the chassis: a school's roles, of which there is one, that of its windows.

It speaks real wire types of the directory, so that contracts are checked as in life.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from gongxue_chassis.aggregate import Aggregate
from gongxue_contracts.envelope import CloudEvent

STREAM = "roles:nchu"
CENTER = {"person": "p-center", "school": "center", "role": "center"}
TERM: dict[str, Any] = {"starts_on": None, "ends_on": None}
WHY = {"reason": "moved away"}
NOON = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Appoint:
    school: str
    person: str


@dataclass(frozen=True, slots=True)
class Dismiss:
    school: str
    person: str


@dataclass(frozen=True, slots=True)
class Appointed:
    school: str
    person: str


@dataclass(frozen=True, slots=True)
class Dismissed:
    school: str
    person: str


@dataclass(frozen=True, slots=True)
class Refused:
    code: str
    details: dict[str, Any]


@dataclass
class Windows:
    people: list[str] = field(default_factory=list)


def decide(state: Windows, command: Appoint | Dismiss, _now: datetime) -> list[Any] | Refused:
    if command.person == "p-raises":
        raise RuntimeError("a bug in the decision")
    if isinstance(command, Appoint):
        if command.person in state.people:
            return Refused("window_exists", {"person": command.person})
        return [Appointed(command.school, command.person)]
    if command.person not in state.people:
        return Refused("unknown_window", {"person": command.person})
    return [Dismissed(command.school, command.person)]


def evolve(state: Windows, fact: Appointed | Dismissed) -> Windows:
    if isinstance(fact, Appointed):
        state.people.append(fact.person)
    else:
        state.people.remove(fact.person)
    return state


def dump(state: Windows) -> Iterator[dict[str, Any]]:
    for start in range(0, len(state.people), 10):
        yield {"people": state.people[start : start + 10]}


def load(pieces: Iterable[dict[str, Any]]) -> Windows:
    return Windows([person for piece in pieces for person in piece["people"]])


def contract(fact: Appointed | Dismissed) -> tuple[str, dict[str, Any]]:
    person = "Not An Id" if fact.person == "p-breaks-contract" else fact.person
    data = {"by": CENTER, "scope": fact.school, "person": person, "role": "window"}
    if isinstance(fact, Appointed):
        return "directory.role_granted.v1", {**data, **TERM}
    return "directory.role_revoked.v1", {**data, **WHY}


WINDOWS: Aggregate[Windows] = Aggregate(
    name="roles",
    service="directory",
    initial=Windows,
    decide=decide,
    evolve=evolve,
    dump=dump,
    load=load,
    facts=(Appointed, Dismissed),
    commands={
        "directory.GrantRole.v1": lambda data: Appoint(data["scope"], data["person"]),
        "directory.RevokeRole.v1": lambda data: Dismiss(data["scope"], data["person"]),
    },
    contract=contract,
    id_of=lambda command: command.school,
    tenant=lambda _: "center",
    person=lambda command: command.person,
)


def appoint(person: str, command_id: str | None = None, **attributes: Any) -> CloudEvent:
    """A command as it comes from the bus."""
    return _command("directory.GrantRole.v1", person, TERM, command_id, attributes)


def dismiss(person: str, command_id: str | None = None, **attributes: Any) -> CloudEvent:
    """A command as it comes from the bus."""
    return _command("directory.RevokeRole.v1", person, WHY, command_id, attributes)


def _command(
    wire_type: str, person: str, rest: dict[str, Any], command_id: str | None, attributes: dict[str, Any]
) -> CloudEvent:
    stream = attributes.pop("stream", STREAM)
    return CloudEvent(
        id=command_id or str(uuid.uuid4()),
        source="/center/gateway",
        type=wire_type,
        subject=stream,
        time=NOON,
        data={"by": CENTER, "scope": stream.partition(":")[2], "person": person, "role": "window", **rest},
        correlationid="c-1",
        traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        deadline=attributes.pop("deadline", NOON + timedelta(seconds=5)),
        **attributes,
    )
