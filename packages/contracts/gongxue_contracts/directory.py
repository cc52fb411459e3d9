"""What the directory service takes and publishes: schools and the people who speak for them."""

from gongxue_contracts import fields
from gongxue_contracts.bus import CommandRefused
from gongxue_contracts.contract import Contract, Part, Schemas
from gongxue_contracts.parts import COUNTIES, Actor, LongText, Text


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


class AppointWindow(Contract):
    by = Part(Actor)
    school = fields.Matching(fields.SLUG)
    person = fields.Matching(fields.ID)


class DismissWindow(Contract):
    by = Part(Actor)
    school = fields.Matching(fields.SLUG)
    person = fields.Matching(fields.ID)


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


class WindowAppointed(Contract):
    school = fields.Matching(fields.SLUG)
    person = fields.Matching(fields.ID)


class WindowDismissed(Contract):
    school = fields.Matching(fields.SLUG)
    person = fields.Matching(fields.ID)


COMMANDS: Schemas = {
    "directory.AdmitSchool.v1": AdmitSchool,
    "directory.DescribeSchool.v1": DescribeSchool,
    "directory.RenameSchool.v1": RenameSchool,
    "directory.SuspendSchool.v1": SuspendSchool,
    "directory.ReinstateSchool.v1": ReinstateSchool,
    "directory.MergeSchool.v1": MergeSchool,
    "directory.AppointWindow.v1": AppointWindow,
    "directory.DismissWindow.v1": DismissWindow,
}
FACTS: Schemas = {
    "directory.school_admitted.v1": SchoolAdmitted,
    "directory.school_described.v1": SchoolDescribed,
    "directory.school_renamed.v1": SchoolRenamed,
    "directory.school_suspended.v1": SchoolSuspended,
    "directory.school_reinstated.v1": SchoolReinstated,
    "directory.school_merged.v1": SchoolMerged,
    "directory.window_appointed.v1": WindowAppointed,
    "directory.window_dismissed.v1": WindowDismissed,
}
PRIVATE: Schemas = {
    "directory.command_refused.v1": CommandRefused,
}
