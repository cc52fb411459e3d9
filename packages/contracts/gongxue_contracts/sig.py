"""What the registration service takes of Special Interest Groups; people are opaque ids."""

from gongxue_contracts import fields
from gongxue_contracts.contract import Contract, Part, Schemas
from gongxue_contracts.parts import Actor, LongText, Text
from gongxue_contracts.registration import THEMES

JOINING = ("open", "request", "invitation")
RECORDS = ("minutes", "output")
MOST_SCHOOLS = 500


class Charter(Contract):
    """`joining`: whoever wants joins, a convenor admits who asks, or a convenor invites."""

    title = Part(Text)
    theme = fields.Choice(*THEMES)
    goals = Part(LongText)
    scope = Part(LongText)
    joining = fields.Choice(*JOINING)


class Convenor(Contract):
    """From the first to the last day, both in the term."""

    person = fields.Matching(fields.ID)
    starts_on = fields.Day()
    ends_on = fields.Day()


class Record(Contract):
    """Minutes of a meeting, or an output: words, a link or both. No names of people belong here.

    `attended` and `schools` tell how many came to the meeting, null if nobody counted, and from which schools.
    """

    record = fields.Matching(fields.ID)
    kind = fields.Choice(*RECORDS)
    title = Part(Text)
    held_on = fields.Day()
    activity = fields.Matching(fields.ID, allow_none=True)
    link = fields.Address("website", allow_none=True)
    text = Part(LongText, allow_none=True)
    attended = fields.Count(allow_none=True)
    schools = fields.Items(fields.Matching(fields.SLUG), MOST_SCHOOLS)


class Dossier(Contract):
    """What was done from the first to the last day, counted in the log.

    `meetings` are linked activities, and minutes of what was none; `schools` have members or came to a meeting;
    `attendance` is the sum of what minutes tell, null if none does.
    """

    since = fields.Day()
    until = fields.Day()
    meetings = fields.Count()
    schools = fields.Count()
    attendance = fields.Count(allow_none=True)
    outputs = fields.Count()
    members = fields.Count()


class SigCommand(Contract):
    by = Part(Actor)
    sig = fields.Matching(fields.ID)


class ProposeSig(SigCommand):
    charter = Part(Charter)


class ReviseSig(SigCommand):
    """`changes` holds the fields of the charter that shall become different."""

    changes = Part(Charter, partial=True)


class OfSchool(SigCommand):
    school = fields.Matching(fields.SLUG)


class SupportSig(OfSchool):
    pass


class WithdrawSupport(OfSchool):
    pass


class UntilDay(SigCommand):
    """`until` is the last day of the SIG's term."""

    until = fields.Day()


class CharterSig(UntilDay):
    """Whoever proposed it becomes its first convenor."""


class WithReason(SigCommand):
    reason = fields.Prose(2_000)


class SendBackSig(WithReason):
    pass


class DeclineSig(WithReason):
    pass


class JoinSig(SigCommand):
    """`by` becomes a member, or asks for it."""


class InviteMember(SigCommand):
    """`school` is that of the person."""

    person = fields.Matching(fields.ID)
    school = fields.Matching(fields.SLUG)


class AdmitMember(SigCommand):
    person = fields.Matching(fields.ID)


class EndMembership(SigCommand):
    """Of a membership, a request or an invitation. `reason` is empty but for who is erased."""

    person = fields.Matching(fields.ID)
    reason = fields.Choice("", "erased")


class EnrolSchool(OfSchool):
    """The school's people need not ask to join."""


class WithdrawSchool(OfSchool):
    pass


class NameConvenor(SigCommand):
    """`person` is a member."""

    person = fields.Matching(fields.ID)
    starts_on = fields.Day()
    ends_on = fields.Day()


class EndConvenor(SigCommand):
    person = fields.Matching(fields.ID)


class HandOver(SigCommand):
    """`to` convenes from today to the last day, in the place of `by`."""

    to = fields.Matching(fields.ID)
    ends_on = fields.Day()


class LinkMeeting(SigCommand):
    """`held_on` is the day on which the activity begins."""

    activity = fields.Matching(fields.ID)
    held_on = fields.Day()


class UnlinkMeeting(SigCommand):
    activity = fields.Matching(fields.ID)


class AddRecord(SigCommand):
    record = Part(Record)


class RemoveRecord(SigCommand):
    record = fields.Matching(fields.ID)


class SubmitRenewal(SigCommand):
    """The dossier is counted by the service."""

    statement = Part(LongText)


class RenewSig(UntilDay):
    pass


class DeclineRenewal(WithReason):
    pass


class CloseSig(WithReason):
    pass


class EndTerm(UntilDay):
    """The service's own: the day is over, and with it the term, if it is still the last one and no renewal waits."""


class ReopenSig(UntilDay):
    pass


COMMANDS: Schemas = {
    f"registration.{schema.__name__}.v1": schema
    for schema in (
        ProposeSig,
        ReviseSig,
        SupportSig,
        WithdrawSupport,
        CharterSig,
        SendBackSig,
        DeclineSig,
        JoinSig,
        InviteMember,
        AdmitMember,
        EndMembership,
        EnrolSchool,
        WithdrawSchool,
        NameConvenor,
        EndConvenor,
        HandOver,
        LinkMeeting,
        UnlinkMeeting,
        AddRecord,
        RemoveRecord,
        SubmitRenewal,
        RenewSig,
        DeclineRenewal,
        CloseSig,
        EndTerm,
        ReopenSig,
    )
}
