"""What may be wished of schools and of who holds which role. Each names who wishes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from directory.domain.actor import Actor
from directory.domain.facts import Profile, Text


@dataclass(frozen=True, slots=True)
class AdmitSchool:
    """Let the school into the network."""

    by: Actor
    school: str
    profile: Profile


@dataclass(frozen=True, slots=True)
class DescribeSchool:
    """Correct or complete the profile: `changes` maps its fields, all but the name, to their new values."""

    by: Actor
    school: str
    changes: Mapping[str, str | Text | None]


@dataclass(frozen=True, slots=True)
class RenameSchool:
    """Give the school another name; the names it had are kept."""

    by: Actor
    school: str
    name: Text


@dataclass(frozen=True, slots=True)
class SuspendSchool:
    """Let the school take no part for a while."""

    by: Actor
    school: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReinstateSchool:
    """End the school's suspension."""

    by: Actor
    school: str


@dataclass(frozen=True, slots=True)
class MergeSchool:
    """Let the school live on in another one.

    That `into` exists and has not been merged away itself is checked where both schools are known, at
    the edge: this stream knows only one of them.
    """

    by: Actor
    school: str
    into: str


@dataclass(frozen=True, slots=True)
class GrantRole:
    """Let the person hold the role at the school `scope`, or in the network: from the first day to the last, if any."""

    by: Actor
    scope: str
    person: str
    role: str
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class RevokeRole:
    """Let the person hold the role no longer."""

    by: Actor
    scope: str
    person: str
    role: str
    reason: str


Command = AdmitSchool | DescribeSchool | RenameSchool | SuspendSchool | ReinstateSchool | MergeSchool
RoleCommand = GrantRole | RevokeRole
