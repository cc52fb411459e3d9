"""A school of the network: its profile, the names it had, and whether it takes part.

`decide` and `evolve` are pure but for one thing: `evolve` changes the state it is given, as the runner
owns it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, assert_never

from directory.domain.actor import Actor
from directory.domain.commands import (
    AdmitSchool,
    Command,
    DescribeSchool,
    MergeSchool,
    ReinstateSchool,
    RenameSchool,
    SuspendSchool,
)
from directory.domain.facts import (
    Fact,
    Profile,
    SchoolAdmitted,
    SchoolDescribed,
    SchoolMerged,
    SchoolReinstated,
    SchoolRenamed,
    SchoolSuspended,
    Text,
)
from directory.domain.refusal import Refused

CENTER = "center"
"""The Promotion Center: a role of actors, and as a tenant the owner of every fact about schools. No school
has it as its id."""


@dataclass(slots=True)
class School:
    """The state of one school; `profile` is None until admission, `former_names` are the oldest first."""

    profile: Profile | None = None
    former_names: list[Text] = field(default_factory=list)
    suspended: bool = False
    merged_into: str | None = None


def initial() -> School:
    """A school nobody has heard of."""
    return School()


def decide(school: School, command: Command, now: datetime) -> list[Fact] | Refused:
    """What follows from the command, or why it is refused. Nothing here depends on `now`."""
    if forbidden := _forbidden(command.by, command):
        return forbidden
    if isinstance(command, AdmitSchool):
        return _admit(school, command)
    if school.profile is None:
        return Refused("unknown_school")
    if school.merged_into is not None:
        return Refused("school_merged", {"into": school.merged_into})
    decision: list[Fact] | Refused
    match command:
        case DescribeSchool():
            decision = _describe(school.profile, command)
        case RenameSchool():
            decision = _rename(school.profile, command)
        case SuspendSchool():
            decision = _suspend(school, command)
        case ReinstateSchool():
            decision = _reinstate(school, command)
        case MergeSchool():
            decision = _merge(command)
        case _:
            assert_never(command)
    return decision


def _forbidden(by: Actor, command: Command) -> Refused | None:
    if by.role == CENTER:
        return None
    if by.role != "window" or not isinstance(command, DescribeSchool):
        return Refused("not_the_center")
    return None if by.school == command.school else Refused("wrong_school")


def _admit(school: School, command: AdmitSchool) -> list[Fact] | Refused:
    # A school called like the Center would own the Center's facts.
    if school.profile is not None or command.school == CENTER:
        return Refused("school_exists")
    return [SchoolAdmitted(command.school, command.profile)]


def _describe(profile: Profile, command: DescribeSchool) -> list[Fact] | Refused:
    changed = tuple(name for name, value in command.changes.items() if getattr(profile, name) != value)
    if not changed:
        return Refused("nothing_to_change")
    changes: dict[str, Any] = {name: command.changes[name] for name in changed}
    return [SchoolDescribed(command.school, replace(profile, **changes), changed)]


def _rename(profile: Profile, command: RenameSchool) -> list[Fact] | Refused:
    if command.name == profile.name:
        return Refused("same_name")
    return [SchoolRenamed(command.school, command.name, former_name=profile.name)]


def _suspend(school: School, command: SuspendSchool) -> list[Fact] | Refused:
    if school.suspended:
        return Refused("already_suspended")
    return [SchoolSuspended(command.school, command.reason)]


def _reinstate(school: School, command: ReinstateSchool) -> list[Fact] | Refused:
    if not school.suspended:
        return Refused("not_suspended")
    return [SchoolReinstated(command.school)]


def _merge(command: MergeSchool) -> list[Fact] | Refused:
    if command.into == command.school:
        return Refused("merge_into_itself")
    return [SchoolMerged(command.school, command.into)]


def evolve(school: School, fact: Fact) -> School:
    """The school after the fact; the same object, changed."""
    match fact:
        case SchoolAdmitted(profile=profile) | SchoolDescribed(profile=profile):
            school.profile = profile
        case SchoolRenamed(name=name, former_name=former_name):
            school.former_names.append(former_name)
            school.profile = replace(_admitted(school), name=name)
        case SchoolSuspended():
            school.suspended = True
        case SchoolReinstated():
            school.suspended = False
        case SchoolMerged(into=into):
            school.merged_into = into
        case _:
            assert_never(fact)
    return school


def _admitted(school: School) -> Profile:
    if school.profile is None:
        raise ValueError("a fact about a school before its admission")
    return school.profile


def dump(school: School) -> Iterator[dict[str, Any]]:
    """The state in one piece of plain values."""
    yield {
        "profile": school.profile and asdict(school.profile),
        "former_names": [asdict(name) for name in school.former_names],
        "suspended": school.suspended,
        "merged_into": school.merged_into,
    }


def load(pieces: Iterable[dict[str, Any]]) -> School:
    """The state of its piece. Raises KeyError on a piece that is not one."""
    school = initial()
    for piece in pieces:
        school.profile = piece["profile"] and _profile(piece["profile"])
        school.former_names = [Text(**name) for name in piece["former_names"]]
        school.suspended = piece["suspended"]
        school.merged_into = piece["merged_into"]
    return school


def _profile(stored: dict[str, Any]) -> Profile:
    summary = stored["summary"]
    return Profile(**{**stored, "name": Text(**stored["name"]), "summary": summary and Text(**summary)})
