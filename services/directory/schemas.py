"""Where the wire meets the domain: what is read becomes a command, and a fact becomes what is published."""

from collections.abc import Callable
from functools import singledispatch
from typing import Any

from directory.domain import school
from directory.domain.commands import (
    Actor,
    AdmitSchool,
    AppointWindow,
    Command,
    DescribeSchool,
    DismissWindow,
    MergeSchool,
    ReinstateSchool,
    RenameSchool,
    SuspendSchool,
)
from directory.domain.facts import (
    FACTS,
    Fact,
    Profile,
    SchoolAdmitted,
    SchoolDescribed,
    SchoolMerged,
    SchoolReinstated,
    SchoolRenamed,
    SchoolSuspended,
    Text,
    WindowAppointed,
    WindowDismissed,
)
from gongxue_chassis.aggregate import Aggregate

Data = dict[str, Any]


def _by(data: Data) -> Actor:
    return Actor(**data["by"])


def admit_school(data: Data) -> AdmitSchool:
    """From directory.AdmitSchool.v1."""
    profile = {**data["profile"], "name": Text(**data["profile"]["name"])}
    return AdmitSchool(_by(data), data["school"], Profile(**profile))


def describe_school(data: Data) -> DescribeSchool:
    """From directory.DescribeSchool.v1."""
    changes = dict(data["changes"])
    if "summary" in changes:
        changes["summary"] = Text(**changes["summary"])
    return DescribeSchool(_by(data), data["school"], changes)


def rename_school(data: Data) -> RenameSchool:
    """From directory.RenameSchool.v1."""
    return RenameSchool(_by(data), data["school"], Text(**data["name"]))


def suspend_school(data: Data) -> SuspendSchool:
    """From directory.SuspendSchool.v1."""
    return SuspendSchool(_by(data), data["school"], data["reason"])


def reinstate_school(data: Data) -> ReinstateSchool:
    """From directory.ReinstateSchool.v1."""
    return ReinstateSchool(_by(data), data["school"])


def merge_school(data: Data) -> MergeSchool:
    """From directory.MergeSchool.v1."""
    return MergeSchool(_by(data), data["school"], data["into"])


def appoint_window(data: Data) -> AppointWindow:
    """From directory.AppointWindow.v1."""
    return AppointWindow(_by(data), data["school"], data["person"])


def dismiss_window(data: Data) -> DismissWindow:
    """From directory.DismissWindow.v1."""
    return DismissWindow(_by(data), data["school"], data["person"])


COMMANDS: dict[str, Callable[[Data], Command]] = {
    "directory.AdmitSchool.v1": admit_school,
    "directory.DescribeSchool.v1": describe_school,
    "directory.RenameSchool.v1": rename_school,
    "directory.SuspendSchool.v1": suspend_school,
    "directory.ReinstateSchool.v1": reinstate_school,
    "directory.MergeSchool.v1": merge_school,
    "directory.AppointWindow.v1": appoint_window,
    "directory.DismissWindow.v1": dismiss_window,
}


def _text(text: Text) -> Data:
    return {"zh": text.zh, "en": text.en}


def _profile(profile: Profile) -> Data:
    return {
        "name": _text(profile.name),
        "county": profile.county,
        "ror": profile.ror,
        "moe_code": profile.moe_code,
        "website": profile.website,
    }


@singledispatch
def contract(fact: Fact) -> tuple[str, Data]:
    """The wire type and data of a fact. Raises TypeError for what is none."""
    raise TypeError(f"{type(fact).__name__} has no contract")


@contract.register
def school_admitted_v1(fact: SchoolAdmitted) -> tuple[str, Data]:
    """As directory.school_admitted.v1."""
    return "directory.school_admitted.v1", {"school": fact.school, "profile": _profile(fact.profile)}


@contract.register
def school_described_v1(fact: SchoolDescribed) -> tuple[str, Data]:
    """As directory.school_described.v1."""
    summary = fact.profile.summary
    profile = {**_profile(fact.profile), "summary": None if summary is None else _text(summary)}
    data = {"school": fact.school, "profile": profile, "changed": list(fact.changed)}
    return "directory.school_described.v1", data


@contract.register
def school_renamed_v1(fact: SchoolRenamed) -> tuple[str, Data]:
    """As directory.school_renamed.v1."""
    data = {"school": fact.school, "name": _text(fact.name), "former_name": _text(fact.former_name)}
    return "directory.school_renamed.v1", data


@contract.register
def school_suspended_v1(fact: SchoolSuspended) -> tuple[str, Data]:
    """As directory.school_suspended.v1."""
    return "directory.school_suspended.v1", {"school": fact.school, "reason": fact.reason}


@contract.register
def school_reinstated_v1(fact: SchoolReinstated) -> tuple[str, Data]:
    """As directory.school_reinstated.v1."""
    return "directory.school_reinstated.v1", {"school": fact.school}


@contract.register
def school_merged_v1(fact: SchoolMerged) -> tuple[str, Data]:
    """As directory.school_merged.v1."""
    return "directory.school_merged.v1", {"school": fact.school, "into": fact.into}


@contract.register
def window_appointed_v1(fact: WindowAppointed) -> tuple[str, Data]:
    """As directory.window_appointed.v1."""
    return "directory.window_appointed.v1", {"school": fact.school, "person": fact.person}


@contract.register
def window_dismissed_v1(fact: WindowDismissed) -> tuple[str, Data]:
    """As directory.window_dismissed.v1."""
    return "directory.window_dismissed.v1", {"school": fact.school, "person": fact.person}


def _owner(_: school.School) -> str:
    """Who belongs to the network is the Center's to say, so every fact about a school is the Center's."""
    return school.CENTER


def _asker(command: Command) -> str:
    return command.by.person


AGGREGATE = Aggregate(
    name="school",
    service="directory",
    initial=school.initial,
    decide=school.decide,
    evolve=school.evolve,
    dump=school.dump,
    load=school.load,
    facts=FACTS,
    commands=COMMANDS,
    contract=contract,
    id_of=lambda command: command.school,
    tenant=_owner,
    person=_asker,
)
