"""What may be wished of an activity. Each wish may be refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from registration.domain.details import Details, Pool

Role = Literal["staff", "window", "host", "center", "operator"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who wishes: a person in an office (`role`) of a school. `center` is the Promotion Center's office."""

    person: str
    school: str
    role: Role


@dataclass(frozen=True, slots=True)
class DraftActivity:
    """Prepare an activity, seen by nobody yet."""

    by: Actor
    activity: str
    details: Details


@dataclass(frozen=True, slots=True)
class PublishActivity:
    """Show a draft to everyone and let people register."""

    by: Actor
    activity: str


@dataclass(frozen=True, slots=True)
class ChangeActivity:
    """Give some fields of `Details` other values: `changes` maps their names to these, typed as in `Details`.

    `kind` and `host` stay. Of `pools`, those not named keep their limit.
    """

    by: Actor
    activity: str
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CloseActivity:
    """Let nobody else register. Those on the waiting list still move up."""

    by: Actor
    activity: str


@dataclass(frozen=True, slots=True)
class CancelActivity:
    """Call the activity off, and with it every registration."""

    by: Actor
    activity: str
    reason: str


@dataclass(frozen=True, slots=True)
class Register:
    """Have a seat in `pool`, or with `waiting_list` a place in line for one.

    `by` is who asks, where that is not the person themselves: somebody in an office of their school, or the Center.
    """

    activity: str
    registration: str
    person: str
    school: str
    pool: Pool
    waiting_list: bool
    by: Actor | None = None


@dataclass(frozen=True, slots=True)
class CancelRegistration:
    """Give a seat or a place in line up: one's own, or anybody's if `by` speaks for the host."""

    by: Actor
    activity: str
    registration: str


Command = (
    Register
    | CancelRegistration
    | DraftActivity
    | PublishActivity
    | ChangeActivity
    | CloseActivity
    | CancelActivity
)
