"""What the directory service takes and publishes: schools, and who holds which role."""

from gongxue_contracts import fields
from gongxue_contracts.bus import CommandRefused
from gongxue_contracts.contract import Contract, Part, Schemas
from gongxue_contracts.parts import COUNTIES, Actor, LongText, Text

ROLES = ("host", "window", "center", "operator")
"""What is granted; everybody is staff."""


class Profile(Contract):
    """A school as it enters the network. `ror` without https://ror.org/, `moe_code` as the Ministry's."""

    name = Part(Text)
    county = fields.Choice(*COUNTIES)
    ror = fields.Matching(r"^0[a-z0-9]{6}[0-9]{2}$", allow_none=True)
    moe_code = fields.Matching(r"^[0-9A-Z]{4}$", allow_none=True)
    website = fields.Address("website", allow_none=True)


class DescribedProfile(Profile):
    """A school as it describes itself."""

    summary = Part(LongText, allow_none=True)


class ProfileChanges(DescribedProfile):
    """What a school may change by describing itself. A summary once given can be replaced, not taken back."""

    summary = Part(LongText)


class AdmitSchool(Contract):
    by = Part(Actor)
    school = fields.Matching(fields.SLUG)
    profile = Part(Profile)


class DescribeSchool(Contract):
    """`changes` holds the fields that shall become different; the name has a command of its own."""

    by = Part(Actor)
    school = fields.Matching(fields.SLUG)
    changes = Part(ProfileChanges, exclude=("name",), partial=True)


class RenameSchool(Contract):
    by = Part(Actor)
    school = fields.Matching(fields.SLUG)
    name = Part(Text)


class SuspendSchool(Contract):
    by = Part(Actor)
    school = fields.Matching(fields.SLUG)
    reason = fields.Prose(2_000)


class ReinstateSchool(Contract):
    by = Part(Actor)
    school = fields.Matching(fields.SLUG)


class MergeSchool(Contract):
    """`school` goes on as a part of `into`."""

    by = Part(Actor)
    school = fields.Matching(fields.SLUG)
    into = fields.Matching(fields.SLUG)


class GrantRole(Contract):
    """`scope` is the school where the role holds (window, host), or `center` for the network (center, operator).

    The first and the last day belong to the term; null: at once, until it is revoked.
    """

    by = Part(Actor)
    scope = fields.Matching(fields.SLUG)
    person = fields.Matching(fields.ID)
    role = fields.Choice(*ROLES)
    starts_on = fields.Day(allow_none=True)
    ends_on = fields.Day(allow_none=True)


class RevokeRole(Contract):
    by = Part(Actor)
    scope = fields.Matching(fields.SLUG)
    person = fields.Matching(fields.ID)
    role = fields.Choice(*ROLES)
    reason = fields.Prose(2_000)


class SchoolAdmitted(Contract):
    school = fields.Matching(fields.SLUG)
    profile = Part(Profile)


class SchoolDescribed(Contract):
    """`profile` is whole and new, `changed` names the fields of it that differ."""

    school = fields.Matching(fields.SLUG)
    profile = Part(DescribedProfile)
    changed = fields.Items(fields.Matching(fields.NAME))


class SchoolRenamed(Contract):
    school = fields.Matching(fields.SLUG)
    name = Part(Text)
    former_name = Part(Text)


class SchoolSuspended(Contract):
    school = fields.Matching(fields.SLUG)
    reason = fields.Prose(2_000)


class SchoolReinstated(Contract):
    school = fields.Matching(fields.SLUG)


class SchoolMerged(Contract):
    school = fields.Matching(fields.SLUG)
    into = fields.Matching(fields.SLUG)


class RoleGranted(GrantRole):
    """From now on the term of this role is this one, whatever it was before."""


class RoleRevoked(RevokeRole):
    """The person holds the role no longer."""


COMMANDS: Schemas = {
    "directory.AdmitSchool.v1": AdmitSchool,
    "directory.DescribeSchool.v1": DescribeSchool,
    "directory.RenameSchool.v1": RenameSchool,
    "directory.SuspendSchool.v1": SuspendSchool,
    "directory.ReinstateSchool.v1": ReinstateSchool,
    "directory.MergeSchool.v1": MergeSchool,
    "directory.GrantRole.v1": GrantRole,
    "directory.RevokeRole.v1": RevokeRole,
}
FACTS: Schemas = {
    "directory.school_admitted.v1": SchoolAdmitted,
    "directory.school_described.v1": SchoolDescribed,
    "directory.school_renamed.v1": SchoolRenamed,
    "directory.school_suspended.v1": SchoolSuspended,
    "directory.school_reinstated.v1": SchoolReinstated,
    "directory.school_merged.v1": SchoolMerged,
    "directory.role_granted.v1": RoleGranted,
    "directory.role_revoked.v1": RoleRevoked,
}
PRIVATE: Schemas = {
    "directory.command_refused.v1": CommandRefused,
}
