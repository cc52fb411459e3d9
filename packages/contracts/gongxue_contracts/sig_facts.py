"""What the registration service publishes of Special Interest Groups; people are opaque ids."""

from gongxue_contracts import fields
from gongxue_contracts.contract import Contract, Part, Schemas
from gongxue_contracts.parts import Actor, LongText, Text
from gongxue_contracts.sig import MOST_SCHOOLS, Charter, Convenor, Dossier, Record

ENDED = ("left", "removed", "erased")
"""Why a membership ended: by oneself, by a convenor or the Center, or with all that is known of the person."""


class SigFact(Contract):
    sig = fields.Matching(fields.ID)


class SigProposed(SigFact):
    charter = Part(Charter)
    by = Part(Actor)


class SigRevised(SigFact):
    """`charter` is whole and new, `changed` names the fields of it that differ; `again`: it had been sent back."""

    charter = Part(Charter)
    changed = fields.Items(fields.Matching(fields.NAME))
    again = fields.Flag()


class SigSupport(SigFact):
    """`supporters` are all schools that support it after the fact; `stands`: they are enough for a charter."""

    school = fields.Matching(fields.SLUG)
    supporters = fields.Items(fields.Matching(fields.SLUG), MOST_SCHOOLS)
    stands = fields.Flag()


class SigSupported(SigSupport):
    pass


class SigSupportWithdrawn(SigSupport):
    pass


class Told(SigFact):
    """With its title, as somebody is told of it."""

    title = Part(Text)


class SigChartered(Told):
    proposer = fields.Matching(fields.ID)
    since = fields.Day()
    until = fields.Day()
    by = Part(Actor)


class SigSentBack(Told):
    proposer = fields.Matching(fields.ID)
    reason = fields.Prose(2_000)
    by = Part(Actor)


class SigDeclined(SigSentBack):
    """Nothing happens to it after this."""


class SigMembership(Told):
    person = fields.Matching(fields.ID)
    school = fields.Matching(fields.SLUG)


class SigMemberJoined(SigMembership):
    """`members`: how many there are now."""

    how = fields.Choice("proposer", "open", "school", "request", "invitation")
    members = fields.Count()


class SigMembershipRequested(SigMembership):
    """`convenors` may admit them."""

    convenors = fields.Items(fields.Matching(fields.ID))


class SigMemberInvited(SigMembership):
    pass


class SigMembershipEnded(SigMembership):
    """`was`: a membership, a request or an invitation; `members`: how many there are now. `reason`: a code; empty if
    it was words, which are nobody's to read."""

    was = fields.Choice("member", "requested", "invited")
    by = fields.Choice("person", "convenor", "center")
    reason = fields.Choice("", *ENDED)
    members = fields.Count()


class SigSchools(SigFact):
    """`schools` are all that have joined as a whole."""

    school = fields.Matching(fields.SLUG)
    schools = fields.Items(fields.Matching(fields.SLUG), MOST_SCHOOLS)


class SigSchoolJoined(SigSchools):
    pass


class SigSchoolWithdrawn(SigSchools):
    """Whoever of it has joined stays."""


class SigConvenorNamed(Told):
    """`convenors` are all who convene after the fact."""

    person = fields.Matching(fields.ID)
    convenors = fields.Items(Part(Convenor))


class SigConvenorEnded(SigFact):
    person = fields.Matching(fields.ID)
    convenors = fields.Items(Part(Convenor))


class SigMeetingLinked(SigFact):
    activity = fields.Matching(fields.ID)
    held_on = fields.Day()


class SigMeetingUnlinked(SigFact):
    activity = fields.Matching(fields.ID)


class SigRecordAdded(SigFact):
    record = Part(Record)


class SigRecordRemoved(SigFact):
    record = fields.Matching(fields.ID)


class SigRenewalSubmitted(Told):
    dossier = Part(Dossier)
    statement = Part(LongText)


class Decided(Told):
    """`convenors` are those whom it concerns."""

    convenors = fields.Items(fields.Matching(fields.ID))
    by = Part(Actor)


class SigRenewed(Decided):
    """The next dossier counts from `since` on."""

    since = fields.Day()
    until = fields.Day()


class SigRenewalDeclined(Decided):
    """The term stays what it was."""

    reason = fields.Prose(2_000)


class SigClosed(Decided):
    """It stays to be read. The reason is words, or `term_ended` if its term ended and nobody had asked for more."""

    reason = fields.Prose(2_000)


class SigReopened(SigRenewed):
    pass


FACTS: Schemas = {
    "registration.sig_proposed.v1": SigProposed,
    "registration.sig_revised.v1": SigRevised,
    "registration.sig_supported.v1": SigSupported,
    "registration.sig_support_withdrawn.v1": SigSupportWithdrawn,
    "registration.sig_chartered.v1": SigChartered,
    "registration.sig_sent_back.v1": SigSentBack,
    "registration.sig_declined.v1": SigDeclined,
    "registration.sig_member_joined.v1": SigMemberJoined,
    "registration.sig_membership_requested.v1": SigMembershipRequested,
    "registration.sig_member_invited.v1": SigMemberInvited,
    "registration.sig_membership_ended.v1": SigMembershipEnded,
    "registration.sig_school_joined.v1": SigSchoolJoined,
    "registration.sig_school_withdrawn.v1": SigSchoolWithdrawn,
    "registration.sig_convenor_named.v1": SigConvenorNamed,
    "registration.sig_convenor_ended.v1": SigConvenorEnded,
    "registration.sig_meeting_linked.v1": SigMeetingLinked,
    "registration.sig_meeting_unlinked.v1": SigMeetingUnlinked,
    "registration.sig_record_added.v1": SigRecordAdded,
    "registration.sig_record_removed.v1": SigRecordRemoved,
    "registration.sig_renewal_submitted.v1": SigRenewalSubmitted,
    "registration.sig_renewed.v1": SigRenewed,
    "registration.sig_renewal_declined.v1": SigRenewalDeclined,
    "registration.sig_closed.v1": SigClosed,
    "registration.sig_reopened.v1": SigReopened,
}
