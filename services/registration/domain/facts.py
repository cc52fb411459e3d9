"""What happened to an activity. Facts are kept for ever under the names of these classes: the names stay, and
fields are only ever added, with what older facts mean by not having them.

`seats` is the standing of all pools right after the fact, so that a reader may keep that of the last fact and
forget the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from registration.domain.commands import Actor
from registration.domain.details import Details, Pool
from registration.domain.seats import Seats

Was = Literal["confirmed", "waiting"]
By = Literal["person", "host"]


@dataclass(frozen=True, slots=True)
class ActivityDrafted:
    """The host wrote a draft, or wrote it anew: `details` is the whole of it."""

    activity: str
    details: Details


@dataclass(frozen=True, slots=True)
class ActivityPublished:
    """Everyone may see the activity and register."""

    activity: str
    details: Details
    seats: Seats


@dataclass(frozen=True, slots=True)
class ActivityChanged:
    """The activity is another: `details` is the whole of it, `changed` the names of the fields that differ.

    Those whom a raised limit seats have facts of their own, after this one.
    """

    activity: str
    details: Details
    changed: tuple[str, ...]
    seats: Seats


@dataclass(frozen=True, slots=True)
class ActivityClosed:
    """Nobody else may register; those who have stay in."""

    activity: str


@dataclass(frozen=True, slots=True)
class ActivityCancelled:
    """The activity is off. This one fact voids every registration."""

    activity: str
    reason: str


@dataclass(frozen=True, slots=True)
class SeatConfirmed:
    """A person registered and has a seat. `by` asked for it, where that was not the person."""

    registration: str
    activity: str
    person: str
    school: str
    pool: Pool
    seats: Seats
    by: Actor | None = None


@dataclass(frozen=True, slots=True)
class PlacedOnWaitingList:
    """A person registered and waits for a seat of the pool, as number `place` in line, from 1.

    `by` asked for it, where that was not the person.
    """

    registration: str
    activity: str
    person: str
    school: str
    pool: Pool
    place: int
    seats: Seats
    by: Actor | None = None


@dataclass(frozen=True, slots=True)
class PromotedFromWaitingList:
    """The first in line has a seat now."""

    registration: str
    activity: str
    person: str
    school: str
    pool: Pool
    seats: Seats


@dataclass(frozen=True, slots=True)
class RegistrationCancelled:
    """A seat, or a place in line, was given up: by the person, or by the host or the Center for them."""

    registration: str
    activity: str
    person: str
    school: str
    pool: Pool
    was: Was
    by: By
    seats: Seats


OfOnePerson = SeatConfirmed | PlacedOnWaitingList | PromotedFromWaitingList | RegistrationCancelled
Fact = (
    OfOnePerson | ActivityDrafted | ActivityPublished | ActivityChanged | ActivityClosed | ActivityCancelled
)
FACTS: tuple[type, ...] = get_args(Fact)
