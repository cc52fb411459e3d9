"""An activity: what it makes of commands (`decide`), and what it becomes through facts (`evolve`).

Seats go first come, first served. Whenever a seat is free and somebody waits for it, the first in line has it
at once, in the same commit: so a free seat means an empty line, and a newcomer never overtakes. Each decision
and each fact about one registration costs the same however many registrations there are; only a raised limit
costs more, in step with the number of people it seats.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Literal, assert_never

from registration.domain.commands import (
    Actor,
    CancelActivity,
    CancelRegistration,
    ChangeActivity,
    CloseActivity,
    Command,
    DraftActivity,
    PublishActivity,
    Register,
)
from registration.domain.details import CHANGEABLE, Details, Pool, differing, fault, with_changes
from registration.domain.facts import (
    ActivityCancelled,
    ActivityChanged,
    ActivityClosed,
    ActivityDrafted,
    ActivityPublished,
    By,
    Fact,
    OfOnePerson,
    PlacedOnWaitingList,
    PromotedFromWaitingList,
    RegistrationCancelled,
    SeatConfirmed,
)
from registration.domain.refusal import Code, Refused
from registration.domain.seats import SeatPool, Seats, Standing, moved, standings

Phase = Literal["unknown", "draft", "published", "closed", "cancelled"]
Status = Literal["confirmed", "waiting", "cancelled"]

_OfHost = PublishActivity | ChangeActivity | CloseActivity | CancelActivity

OFFICES = frozenset({"host", "window", "center"})
"""The roles in which one may run an activity, given the school."""
_WHY_NOT_OPEN: dict[Phase, Code] = {
    "draft": "not_published",
    "closed": "closed",
    "cancelled": "activity_cancelled",
}


@dataclass(frozen=True, slots=True)
class Registration:
    """One person's registration as it stands."""

    person: str
    school: str
    pool: Pool
    status: Status


@dataclass(slots=True)
class Activity:
    """The state of an activity.

    `registrations` has every registration ever made, by id, in the order they came; `live` the one that each
    person has now, confirmed or waiting. Before the first fact the phase is `unknown`, without details.
    """

    phase: Phase = "unknown"
    details: Details | None = None
    pools: dict[Pool, SeatPool] = field(default_factory=dict)
    registrations: dict[str, Registration] = field(default_factory=dict)
    live: dict[str, str] = field(default_factory=dict)


def initial() -> Activity:
    """An activity of which nothing is known yet."""
    return Activity()


def decide(state: Activity, command: Command, now: datetime) -> list[Fact] | Refused:
    """The facts that follow from a command, at least one; or why there are none. Leaves `state` as it is.

    `now` is aware; an activity is over from the very moment at which it ends.
    """
    if isinstance(command, DraftActivity):
        return _draft(state, command)
    if state.details is None:
        return Refused("unknown_activity")
    if isinstance(command, Register):
        return _register(state, state.details, command, now)
    if isinstance(command, CancelRegistration):
        return _cancel_registration(state, state.details, command, now)
    if no_host := _not_the_host(state.details, command.by):
        return no_host
    return _decide_for_host(state, state.details, command, now)


def _decide_for_host(
    state: Activity, details: Details, command: _OfHost, now: datetime
) -> list[Fact] | Refused:
    match command:
        case PublishActivity():
            return _publish(state, details, command)
        case ChangeActivity():
            return _change(state, details, command, now)
        case CloseActivity():
            return _close(state, command)
        case CancelActivity():
            return _cancel(state, command)
        case _:
            assert_never(command)


def _register(state: Activity, details: Details, command: Register, now: datetime) -> list[Fact] | Refused:
    if command.by and (no_office := _no_office(command.school, command.by)):
        return no_office
    if state.phase != "published":
        return Refused(_WHY_NOT_OPEN[state.phase])
    if now >= details.ends_at:
        return Refused("activity_over")
    if command.pool not in state.pools:
        return Refused("no_such_pool", {"pool": command.pool})
    earlier = state.live.get(command.person)
    if earlier is None and command.registration in state.registrations:
        earlier = command.registration
    if earlier is not None:
        return Refused("already_registered", {"registration": earlier})
    return _seat_or_place(state, details, command)


def _seat_or_place(state: Activity, details: Details, command: Register) -> list[Fact] | Refused:
    """A free seat, or else a place in line for somebody who is willing to wait."""
    pool = state.pools[command.pool]
    seats = standings(state.pools)
    who = (command.registration, command.activity, command.person, command.school, command.pool)
    if pool.taken < pool.limit:
        return [SeatConfirmed(*who, moved(seats, command.pool, taken=1), command.by)]
    if not command.waiting_list:
        return Refused("pool_full", {"pool": command.pool})
    if len(pool.waiting) >= details.waiting_limit:
        return Refused("waiting_list_full", {"pool": command.pool})
    after = moved(seats, command.pool, waiting=1)
    return [PlacedOnWaitingList(*who, len(pool.waiting) + 1, after, command.by)]


def _cancel_registration(
    state: Activity, details: Details, command: CancelRegistration, now: datetime
) -> list[Fact] | Refused:
    if state.phase == "cancelled":
        return Refused("activity_cancelled")
    held = state.registrations.get(command.registration)
    if held is None:
        return Refused("unknown_registration")
    by = _on_whose_part(details, held, command.by)
    if by is None:
        return Refused("not_yours")
    if held.status == "cancelled":
        return Refused("already_cancelled")
    if now >= details.ends_at:
        # Who had a seat is history by now, and to promote somebody would send them to a locked door.
        return Refused("activity_over")
    seated = held.status == "confirmed"
    seats = moved(standings(state.pools), held.pool, taken=-seated, waiting=-(not seated))
    who = (command.registration, command.activity, held.person, held.school, held.pool)
    gone = RegistrationCancelled(*who, held.status, by, seats)
    return [gone, *_promotions(state, command.activity, held.pool, seats)]


def _on_whose_part(details: Details, held: Registration, actor: Actor) -> By | None:
    """For whom an actor may give a registration up, the person before the office; None if they may not."""
    if actor.person == held.person:
        return "person"
    if _no_office(details.host, actor) is None:
        return "host"
    return None


def _not_the_host(details: Details, by: Actor) -> Refused | None:
    return _no_office(details.host, by)


def _no_office(school: str, by: Actor) -> Refused | None:
    """Why somebody may not act for a school: it is another one, or they have no office there."""
    if not _speaks_for(school, by):
        return Refused("wrong_school")
    return None if by.role in OFFICES else Refused("not_a_host")


def _draft(state: Activity, command: DraftActivity) -> list[Fact] | Refused:
    if no_host := _not_the_host(command.details, command.by):
        return no_host
    if state.details is not None:
        return Refused("activity_exists")
    if field_at_fault := fault(command.details):
        return Refused("invalid_details", {"field": field_at_fault})
    return [ActivityDrafted(command.activity, command.details)]


def _publish(state: Activity, details: Details, command: PublishActivity) -> list[Fact] | Refused:
    if state.phase == "published":
        return Refused("nothing_to_change")
    if state.phase != "draft":
        return Refused(_WHY_NOT_OPEN[state.phase])
    seats: Seats = {name: Standing(limit, 0, 0) for name, limit in details.pools.items()}
    return [ActivityPublished(command.activity, details, seats)]


def _change(
    state: Activity, details: Details, command: ChangeActivity, now: datetime
) -> list[Fact] | Refused:
    if state.phase == "cancelled":
        return Refused("activity_cancelled")
    if fixed := sorted(command.changes.keys() - set(CHANGEABLE)):
        return Refused("invalid_details", {"field": fixed[0]})
    after = with_changes(details, command.changes)
    if field_at_fault := fault(after):
        return Refused("invalid_details", {"field": field_at_fault})
    changed = differing(details, after)
    if not changed:
        return Refused("nothing_to_change")
    if state.phase == "draft":
        # A draft is its host's own: the fact of its change stays as private as that of its making.
        return [ActivityDrafted(command.activity, after)]
    return _change_in_public(state, command.activity, after, changed, now)


def _change_in_public(
    state: Activity, activity: str, after: Details, changed: tuple[str, ...], now: datetime
) -> list[Fact] | Refused:
    """The change itself, then those whom it seats, pool by pool in the order they came."""
    if "pools" in changed and now >= after.ends_at:
        return Refused("activity_over")
    for name, pool in state.pools.items():
        if after.pools[name] < pool.taken:
            return Refused("limit_below_taken", {"pool": name, "taken": pool.taken})
    seats = _relimited(state, after)
    facts: list[Fact] = [ActivityChanged(activity, after, changed, seats)]
    for name in state.pools:
        for promotion in _promotions(state, activity, name, seats):
            facts.append(promotion)
            seats = promotion.seats
    return facts


def _relimited(state: Activity, details: Details) -> Seats:
    """The standing under the limits of `details`, nobody having moved yet."""
    seats: Seats = {}
    for name, limit in details.pools.items():
        pool = state.pools.get(name)
        seats[name] = replace(pool.standing(), limit=limit) if pool else Standing(limit, 0, 0)
    return seats


def _promotions(
    state: Activity, activity: str, name: Pool, seats: Seats
) -> Iterator[PromotedFromWaitingList]:
    """Those in line for whom the standing `seats` has a free seat, in the order they came."""
    free = seats[name].limit - seats[name].taken
    for number, registration in enumerate(islice(state.pools[name].waiting, free), start=1):
        held = state.registrations[registration]
        who = (registration, activity, held.person, held.school, name)
        yield PromotedFromWaitingList(*who, moved(seats, name, taken=number, waiting=-number))


def _close(state: Activity, command: CloseActivity) -> list[Fact] | Refused:
    if state.phase != "published":
        return Refused(_WHY_NOT_OPEN[state.phase])
    return [ActivityClosed(command.activity)]


def _cancel(state: Activity, command: CancelActivity) -> list[Fact] | Refused:
    if state.phase in ("draft", "cancelled"):
        return Refused(_WHY_NOT_OPEN[state.phase])
    return [ActivityCancelled(command.activity, command.reason)]


def _speaks_for(school: str, actor: Actor) -> bool:
    """Whether it is the actor's school; the Center speaks for every school."""
    return actor.school == school or actor.role == "center"


def evolve(state: Activity, fact: Fact) -> Activity:
    """The state after a fact: `state` itself, changed in place.

    Raises KeyError if the fact cannot follow on the state (a promotion of a registration that is not there).
    """
    match fact:
        case SeatConfirmed():
            _enter(state, fact, "confirmed")
            state.pools[fact.pool].taken += 1
        case PlacedOnWaitingList():
            _enter(state, fact, "waiting")
            state.pools[fact.pool].waiting[fact.registration] = None
        case RegistrationCancelled():
            _leave(state, fact)
        case PromotedFromWaitingList():
            del state.pools[fact.pool].waiting[fact.registration]
            state.pools[fact.pool].taken += 1
            state.registrations[fact.registration] = _registration(fact, "confirmed")
        case ActivityDrafted():
            state.phase, state.details = "draft", fact.details
        case ActivityPublished():
            state.phase = "published"
            _describe(state, fact.details)
        case ActivityChanged():
            _describe(state, fact.details)
        case ActivityClosed():
            state.phase = "closed"
        case ActivityCancelled():
            state.phase = "cancelled"
        case _:
            assert_never(fact)
    return state


def _registration(fact: OfOnePerson, status: Status) -> Registration:
    return Registration(fact.person, fact.school, fact.pool, status)


def _enter(state: Activity, fact: SeatConfirmed | PlacedOnWaitingList, status: Status) -> None:
    state.registrations[fact.registration] = _registration(fact, status)
    state.live[fact.person] = fact.registration


def _leave(state: Activity, fact: RegistrationCancelled) -> None:
    pool = state.pools[fact.pool]
    if fact.was == "confirmed":
        pool.taken -= 1
    else:
        del pool.waiting[fact.registration]
    state.registrations[fact.registration] = _registration(fact, "cancelled")
    del state.live[fact.person]


def _describe(state: Activity, details: Details) -> None:
    state.details = details
    for name, limit in details.pools.items():
        state.pools.setdefault(name, SeatPool(limit)).limit = limit
