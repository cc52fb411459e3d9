"""The shapes of what the read model answers. Times are aware datetimes in UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NotRequired, TypedDict

ActivityStatus = Literal["draft", "published", "closed", "cancelled"]
RegistrationStatus = Literal["confirmed", "waiting", "cancelled"]
SchoolStatus = Literal["admitted", "suspended", "merged"]
When = Literal["upcoming", "past"]


class Text(TypedDict):
    """Words in both languages; `en` may be empty."""

    zh: str
    en: str


class Seats(TypedDict):
    """The standing of one pool."""

    limit: int
    taken: int
    waiting: int


class Activity(TypedDict):
    """An activity; `seats` maps the pools it has (onsite, online) to their standing.

    `county` is that of the venue where it is not the host's; `sdgs` are numbers of goals.
    """

    id: str
    kind: str
    host: str
    title: Text
    summary: Text
    venue: Text | None
    theme: str | None
    county: str | None
    sdgs: list[int]
    starts_at: datetime
    ends_at: datetime
    waiting_limit: int
    status: ActivityStatus
    reason: str | None  # why it was cancelled
    seats: dict[str, Seats]


class Registration(TypedDict):
    """A registration. `place` is 1 for the next in line and None unless waiting."""

    id: str
    activity: str
    person: str
    school: str
    pool: str
    status: RegistrationStatus
    place: int | None
    registered_at: datetime
    changed_at: datetime
    about: NotRequired[Activity | None]  # the activity, in the list of one's own registrations


class FormerName(TypedDict):
    """A name that a school had until `until`."""

    name: Text
    until: datetime


class School(TypedDict):
    """A school; `former_names` are in the order of renaming."""

    id: str
    name: Text
    summary: Text
    county: str
    ror: str | None
    moe_code: str | None
    website: str | None
    status: SchoolStatus
    reason: str | None  # why it was suspended
    merged_into: str | None
    former_names: list[FormerName]


class RoleAct(TypedDict):
    """One time that a role was granted or revoked: by whom (person, school, role), when, for which term or why."""

    act: Literal["granted", "revoked"]
    at: datetime
    by: dict[str, str]
    starts_on: str | None
    ends_on: str | None
    reason: str | None


class HeldRole(TypedDict):
    """A role that somebody holds, will hold or held at a school, or in the network (scope `center`).

    Days are like 2026-03-31; None: at once, or until it is revoked. `history` has the earliest act first.
    """

    scope: str
    person: str
    role: str
    starts_on: str | None
    ends_on: str | None
    revoked: bool
    history: list[RoleAct]
