"""Who holds which role at a school, or in the network: granted by whom the rules say, for as long as was said.

The stream's scope is a school's slug, or `center` for what holds in the whole network. Days are Taipei's; the first and
the last of a term belong to it. `decide` and `evolve` are pure but for one thing: `evolve` changes the state it is
given, as the runner owns it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from itertools import islice
from typing import Any, assert_never

from directory.domain.commands import GrantRole, RevokeRole, RoleCommand
from directory.domain.facts import RoleFact, RoleGranted, RoleRevoked
from directory.domain.refusal import Refused

NETWORK = "center"
"""The scope of the roles that hold in the whole network."""

GRANTED_BY: Mapping[str, frozenset[str]] = {
    "host": frozenset({"window", "center"}),
    "window": frozenset({"center"}),
    "center": frozenset({"center", "operator"}),
    "operator": frozenset({"operator"}),
}
"""Role -> the roles in which one may grant it and take it back; a window only at their own school."""

OF_NETWORK = frozenset({"center", "operator"})
TAIPEI = timezone(timedelta(hours=8))
HELD_A_PIECE = 1_000


@dataclass(frozen=True, slots=True)
class Term:
    """From when until when; None: since ever, for ever."""

    starts_on: date | None
    ends_on: date | None


@dataclass(slots=True)
class Roles:
    """The state of one scope: (person, role) -> the term for which it was granted, over or not."""

    held: dict[tuple[str, str], Term] = field(default_factory=dict)


def initial() -> Roles:
    """Nobody holds anything."""
    return Roles()


def decide(roles: Roles, command: RoleCommand, now: datetime) -> list[RoleFact] | Refused:
    """What follows from the command, or why it is refused."""
    if forbidden := _forbidden(command):
        return forbidden
    today = now.astimezone(TAIPEI).date()
    held = _held(roles, command, today)
    match command:
        case GrantRole():
            return _grant(held, command, today)
        case RevokeRole():
            return _revoke(held, command)
        case _:
            assert_never(command)


def _forbidden(command: RoleCommand) -> Refused | None:
    by = command.by
    if by.role not in GRANTED_BY[command.role]:
        return Refused("not_yours_to_grant", {"role": command.role})
    if by.role == "window" and by.school != command.scope:
        return Refused("wrong_school")
    if (command.scope == NETWORK) != (command.role in OF_NETWORK):
        return Refused("wrong_scope", {"role": command.role})
    return None


def _held(roles: Roles, command: RoleCommand, today: date) -> Term | None:
    """The term that is not over by today; it need not have begun."""
    term = roles.held.get((command.person, command.role))
    return None if term is None or _is_over(term.ends_on, today) else term


def _is_over(ends_on: date | None, today: date) -> bool:
    return ends_on is not None and ends_on < today


def _grant(held: Term | None, command: GrantRole, today: date) -> list[RoleFact] | Refused:
    starts_on, ends_on = command.starts_on, command.ends_on
    if starts_on and ends_on and ends_on < starts_on:
        return Refused("ends_before_it_starts")
    if _is_over(ends_on, today):
        return Refused("over_already")
    if held == Term(starts_on, ends_on):
        return Refused("role_held")
    return [RoleGranted(command.scope, command.person, command.role, starts_on, ends_on, command.by)]


def _revoke(held: Term | None, command: RevokeRole) -> list[RoleFact] | Refused:
    if held is None:
        return Refused("role_not_held")
    return [RoleRevoked(command.scope, command.person, command.role, command.reason, command.by)]


def evolve(roles: Roles, fact: RoleFact) -> Roles:
    """Who holds what after the fact; the same object, changed."""
    match fact:
        case RoleGranted():
            roles.held[fact.person, fact.role] = Term(fact.starts_on, fact.ends_on)
        case RoleRevoked():
            del roles.held[fact.person, fact.role]
        case _:
            assert_never(fact)
    return roles


def dump(roles: Roles) -> Iterator[dict[str, Any]]:
    """The state in small pieces of plain values: what is held by the thousand."""
    lines = (
        {"person": person, "role": role, "starts_on": _text(term.starts_on), "ends_on": _text(term.ends_on)}
        for (person, role), term in sorted(roles.held.items(), key=lambda item: item[0])
    )
    while piece := list(islice(lines, HELD_A_PIECE)):
        yield {"held": piece}


def load(pieces: Iterable[dict[str, Any]]) -> Roles:
    """The state of its pieces, in any order. Raises KeyError on a piece that is not one."""
    roles = initial()
    for piece in pieces:
        for line in piece["held"]:
            term = Term(_day(line["starts_on"]), _day(line["ends_on"]))
            roles.held[line["person"], line["role"]] = term
    return roles


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
