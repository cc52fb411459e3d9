"""What may be wished of a school. Each names who wishes it."""

from collections.abc import Mapping
from dataclasses import dataclass

from directory.domain.facts import Profile, Text


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a person of a school, and as what ("staff", "window", "host" or "center")."""

    person: str
    school: str
    role: str


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
class AppointWindow:
    """Let the person speak for the school."""

    by: Actor
    school: str
    person: str


@dataclass(frozen=True, slots=True)
class DismissWindow:
    """Let the person no longer speak for the school."""

    by: Actor
    school: str
    person: str


Command = (
    AdmitSchool
    | DescribeSchool
    | RenameSchool
    | SuspendSchool
    | ReinstateSchool
    | MergeSchool
    | AppointWindow
    | DismissWindow
)
