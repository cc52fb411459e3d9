"""What the API takes and gives of SIGs."""

from __future__ import annotations

from marshmallow import RAISE
from marshmallow import fields as plain
from marshmallow.validate import NoneOf

from gateway.api.parameters import Several
from gateway.api.query_schemas import Paged
from gongxue_contracts import fields, sig
from gongxue_contracts.contract import Contract, Part
from gongxue_contracts.parts import LongText, Text
from gongxue_contracts.registration import THEMES

STATUSES = ("proposed", "sent_back", "declined", "active", "closed")
STANDINGS = ("member", "requested", "invited")
HOW = ("proposer", "open", "school", "request", "invitation")
ACTS = (
    "proposed", "revised", "supported", "withdrew", "chartered", "sent_back", "declined", "school_joined",
    "school_withdrew", "submitted", "renewed", "not_renewed", "closed", "reopened",
)  # fmt: skip
PAGES = ("new",)
"""What stands where a SIG's id does in the addresses of pages."""


class ListSigs(Paged):
    """Of values with commas between them any one. `school` supports it or has joined it."""

    status = Several(fields.Choice(*STATUSES), len(STATUSES))
    theme = Several(fields.Choice(*THEMES), len(THEMES))
    school = Several(fields.Matching(fields.SLUG), 20)


class ListMembers(Paged):
    """Without `status`, those who have asked or are invited too; they are shown to convenors alone."""

    status = Several(fields.Choice(*STANDINGS), len(STANDINGS))


class NewSig(sig.Charter):
    """`id` is made if it is not given."""

    id = fields.Matching(fields.ID, required=False, validate=NoneOf(PAGES, error="Invalid value."))


class SigChanges(sig.Charter):
    """The fields of the charter that shall become different."""

    at_least_one = True


class SigTerm(Contract):
    """The last day of it."""

    until = fields.Day()


class ConvenorTerm(Contract):
    """The first and the last day, both in it."""

    starts_on = fields.Day()
    ends_on = fields.Day()


class Handover(Contract):
    """Who convenes from today to the last day."""

    to = fields.Matching(fields.ID)
    ends_on = fields.Day()


class NewRecord(sig.Record):
    """Minutes of a linked meeting, or an output; a link, words or both. Who came to a meeting is taken from its
    registrations if `attended` is not given."""

    activity = fields.Matching(fields.ID, allow_none=True, required=False, load_default=None)
    link = fields.Address("website", allow_none=True, required=False, load_default=None)
    text = Part(LongText, allow_none=True, required=False, load_default=None)
    attended = fields.Count(most=100_000, allow_none=True, required=False, load_default=None)


class NewRenewal(Contract):
    """What the SIG has to say for itself; what it has done is counted."""

    statement = Part(LongText)


class Meeting(Contract):
    activity = fields.Matching(fields.ID)
    held_on = fields.Day()


class Proposer(Contract):
    person = fields.Matching(fields.ID)
    school = fields.Matching(fields.SLUG)


class Renewal(Contract):
    """It waits for the Center."""

    at = fields.Time()
    dossier = Part(sig.Dossier)
    statement = Part(LongText)


class SigAct(Contract):
    """What was done, when; what does not belong to it is null."""

    act = fields.Choice(*ACTS)
    at = fields.Time()
    school = fields.Matching(fields.SLUG, allow_none=True)
    reason = fields.Prose(2_000, allow_none=True)
    until = fields.Day(allow_none=True)
    dossier = Part(sig.Dossier, allow_none=True)
    statement = Part(LongText, allow_none=True)


class Sig(Contract):
    """`stands`: enough schools support it. `schools` have joined as a whole. `reason` says why it was sent back,
    declined or closed. Meetings and records have the latest first, the history has the earliest first."""

    id = fields.Matching(fields.ID)
    title = Part(Text)
    theme = fields.Choice(*THEMES)
    goals = Part(LongText)
    scope = Part(LongText)
    joining = fields.Choice(*sig.JOINING)
    status = fields.Choice(*STATUSES)
    reason = fields.Prose(2_000, allow_none=True)
    proposer = Part(Proposer)
    proposed_at = fields.Time()
    supporters = plain.List(fields.Matching(fields.SLUG), required=True)
    stands = fields.Flag()
    since = fields.Day(allow_none=True)
    until = fields.Day(allow_none=True)
    members = fields.Count()
    schools = plain.List(fields.Matching(fields.SLUG), required=True)
    convenors = plain.List(Part(sig.Convenor), required=True)
    meetings = plain.List(Part(Meeting), required=True)
    records = plain.List(Part(sig.Record), required=True)
    submitted = Part(Renewal, allow_none=True)
    history = plain.List(Part(SigAct), required=True)


class SigPage(Contract):
    """`next` is the cursor of the next page."""

    items = plain.List(Part(Sig), required=True)
    next = fields.Line(300, allow_none=True)


class SigMember(Contract):
    """Somebody of a SIG; `name` is empty for who is erased, `how` a member became one."""

    person = fields.Matching(fields.ID)
    name = plain.String(required=True)
    school = fields.Matching(fields.SLUG)
    status = fields.Choice(*STANDINGS)
    how = fields.Choice(*HOW, allow_none=True)
    changed_at = fields.Time()


class SigMemberPage(Contract):
    """`next` is the cursor of the next page."""

    items = plain.List(Part(SigMember), required=True)
    next = fields.Line(300, allow_none=True)


class OwnSig(Contract):
    """What one is to a SIG; `convenes`: one of those who do."""

    sig = fields.Matching(fields.ID)
    status = fields.Choice(*STANDINGS)
    how = fields.Choice(*HOW, allow_none=True)
    changed_at = fields.Time()
    convenes = fields.Flag()


class OwnSigs(Contract):
    items = plain.List(Part(OwnSig), required=True)


LIST_SIGS = ListSigs(unknown=RAISE)
LIST_MEMBERS = ListMembers(unknown=RAISE)
NEW_SIG = NewSig(unknown=RAISE)
SIG_CHANGES = SigChanges(unknown=RAISE, partial=True)
SIG_TERM = SigTerm(unknown=RAISE)
CONVENOR_TERM = ConvenorTerm(unknown=RAISE)
HANDOVER = Handover(unknown=RAISE)
NEW_RECORD = NewRecord(unknown=RAISE, exclude=("record", "schools"))
NEW_RENEWAL = NewRenewal(unknown=RAISE)
SIG = Sig()
SIG_PAGE = SigPage()
SIG_MEMBER_PAGE = SigMemberPage()
OWN_SIGS = OwnSigs()
