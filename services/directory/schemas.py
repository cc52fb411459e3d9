"""Where the wire meets the domain: what is read becomes a command, and a fact becomes what is published."""

from collections.abc import Callable
from dataclasses import asdict
from functools import singledispatch
from typing import Any

from directory.domain import roles, school
from directory.domain.actor import Actor
from directory.domain.commands import (
    AdmitSchool,
    Command,
    DescribeSchool,
    GrantRole,
    MergeSchool,
    ReinstateSchool,
    RenameSchool,
    RevokeRole,
    RoleCommand,
    SuspendSchool,
)
from directory.domain.facts import (
    FACTS,
    ROLE_FACTS,
    Fact,
    Profile,
    RoleFact,
    RoleGranted,
    RoleRevoked,
    SchoolAdmitted,
    SchoolDescribed,
    SchoolMerged,
    SchoolReinstated,
    SchoolRenamed,
    SchoolSuspended,
    Text,
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


def grant_role(data: Data) -> GrantRole:
    """From directory.GrantRole.v1."""
    return GrantRole(**{**data, "by": _by(data)})


def revoke_role(data: Data) -> RevokeRole:
    """From directory.RevokeRole.v1."""
    return RevokeRole(**{**data, "by": _by(data)})


COMMANDS: dict[str, Callable[[Data], Command]] = {
    "directory.AdmitSchool.v1": admit_school,
    "directory.DescribeSchool.v1": describe_school,
    "directory.RenameSchool.v1": rename_school,
    "directory.SuspendSchool.v1": suspend_school,
    "directory.ReinstateSchool.v1": reinstate_school,
    "directory.MergeSchool.v1": merge_school,
}
ROLE_COMMANDS: dict[str, Callable[[Data], RoleCommand]] = {
    "directory.GrantRole.v1": grant_role,
    "directory.RevokeRole.v1": revoke_role,
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
def contract(fact: Fact | RoleFact) -> tuple[str, Data]:
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
def role_granted_v1(fact: RoleGranted) -> tuple[str, Data]:
    """As directory.role_granted.v1."""
    return "directory.role_granted.v1", asdict(fact)


@contract.register
def role_revoked_v1(fact: RoleRevoked) -> tuple[str, Data]:
    """As directory.role_revoked.v1."""
    return "directory.role_revoked.v1", asdict(fact)


def _owner(_: Any) -> str:
    """Who belongs to the network and who may do what there is the Center's to say: all these facts are its own."""
    return school.CENTER


def _asker(command: Command | RoleCommand) -> str:
    return command.by.person


SCHOOL = Aggregate(
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
ROLES = Aggregate(
    name="roles",
    service="directory",
    initial=roles.initial,
    decide=roles.decide,
    evolve=roles.evolve,
    dump=roles.dump,
    load=roles.load,
    facts=ROLE_FACTS,
    commands=ROLE_COMMANDS,
    contract=contract,
    id_of=lambda command: command.scope,
    tenant=_owner,
    person=_asker,
)
