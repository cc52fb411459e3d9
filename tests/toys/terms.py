"""A toy aggregate with timers: a school's windows, each of whom is dismissed by itself when a term is over.

To appoint somebody again makes the term longer. Who is called `p-life…` has no term. `python -m toys.terms_service`
decides about them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from toys.windows import CENTER, TERM, Refused

from gongxue_chassis.aggregate import Aggregate, Timer

YEAR = timedelta(days=365)
OVER = "the term is over"


@dataclass(frozen=True, slots=True)
class Appoint:
    school: str
    person: str


@dataclass(frozen=True, slots=True)
class Dismiss:
    school: str
    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class Appointed:
    school: str
    person: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Dismissed:
    school: str
    person: str
    reason: str


@dataclass
class Terms:
    school: str = ""
    until: dict[str, datetime | None] = field(default_factory=dict)


def evolve(state: Terms, fact: Appointed | Dismissed) -> Terms:
    state.school = fact.school
    if isinstance(fact, Appointed):
        state.until[fact.person] = fact.until
    else:
        del state.until[fact.person]
    return state


def dump(state: Terms) -> Iterator[dict[str, Any]]:
    yield {"school": state.school, "until": state.until}


def load(pieces: Iterable[dict[str, Any]]) -> Terms:
    return Terms(**next(iter(pieces)))


def contract(fact: Appointed | Dismissed) -> tuple[str, dict[str, Any]]:
    data = {"by": CENTER, "scope": fact.school, "person": fact.person, "role": "window"}
    if isinstance(fact, Appointed):
        return "directory.role_granted.v1", {**data, **TERM}
    return "directory.role_revoked.v1", {**data, "reason": fact.reason}


def timers(state: Terms) -> Mapping[str, Timer]:
    return {f"term of {person}": _end(state, person, at) for person, at in state.until.items() if at}


def _end(state: Terms, person: str, at: datetime) -> Timer:
    if person == "p-raises-later":
        raise RuntimeError("a bug in what is wanted")
    data = {"by": CENTER, "scope": state.school, "person": person, "role": "window", "reason": OVER}
    if person == "p-nonsense-later":
        del data["reason"]
    if person == "p-elsewhere-later":
        data["scope"] = "ntu"
    return Timer(at.replace(tzinfo=None) if person == "p-naive" else at, "directory.RevokeRole.v1", data)


def terms(length: timedelta = YEAR) -> Aggregate[Terms]:
    """The aggregate, with terms of that length."""

    def decide(state: Terms, command: Appoint | Dismiss, now: datetime) -> list[Any] | Refused:
        if isinstance(command, Appoint):
            until = None if command.person.startswith("p-life") else now + length
            return [Appointed(command.school, command.person, until)]
        if command.person not in state.until:
            return Refused("unknown_window", {"person": command.person})
        ends = state.until[command.person]
        if command.reason == OVER and (ends is None or now < ends):
            return Refused("not_yet", {"person": command.person})
        return [Dismissed(command.school, command.person, command.reason)]

    return Aggregate(
        name="roles",
        service="directory",
        initial=Terms,
        decide=decide,
        evolve=evolve,
        dump=dump,
        load=load,
        facts=(Appointed, Dismissed),
        commands={
            "directory.GrantRole.v1": lambda data: Appoint(data["scope"], data["person"]),
            "directory.RevokeRole.v1": lambda data: Dismiss(data["scope"], data["person"], data["reason"]),
        },
        contract=contract,
        id_of=lambda command: command.school,
        tenant=lambda _: "center",
        person=lambda command: command.person,
        timers=timers,
    )
