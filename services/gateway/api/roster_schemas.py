"""What hosts, windows and the Center see of people, as the API shows it."""

from __future__ import annotations

from marshmallow import RAISE
from marshmallow import fields as plain

from gateway.api import schemas
from gateway.api.parameters import Several
from gateway.api.query_schemas import Paged
from gongxue_contracts import fields
from gongxue_contracts.contract import Contract, Part
from gongxue_contracts.registration import POOLS

STATUSES = ("confirmed", "waiting", "cancelled")


class ReadRoster(Paged):
    """In the order in which they came. Without `status`, cancelled ones too."""

    status = Several(fields.Choice(*STATUSES), len(STATUSES))
    pool = fields.Choice(*POOLS, required=False)
    school = Several(fields.Matching(fields.SLUG), 20)


class ListSchoolRegistrations(Paged):
    """The latest first. Without `status`, cancelled ones too."""

    status = Several(fields.Choice(*STATUSES), len(STATUSES))
    pool = fields.Choice(*POOLS, required=False)


class RosterEntry(Contract):
    """A registration with its person; `name` and `email` are empty for who is erased."""

    registration = fields.Matching(fields.UUID)
    activity = fields.Matching(fields.ID)
    person = fields.Matching(fields.ID)
    name = plain.String(required=True)
    email = plain.String(required=True)
    school = fields.Matching(fields.SLUG)
    pool = fields.Choice(*POOLS)
    status = fields.Choice(*STATUSES)
    place = fields.Count(1, allow_none=True)
    registered_at = fields.Time()


class RosterPage(Contract):
    """`next` is the cursor of the next page."""

    items = plain.List(Part(RosterEntry), required=True)
    next = fields.Line(300, allow_none=True)


class Colleague(Contract):
    """Somebody of a school, as its window sees them."""

    id = fields.Matching(fields.ID)
    name = fields.Line(100)
    email = plain.String(required=True)
    language = fields.Choice(*schemas.LANGUAGES)


class ColleaguePage(Contract):
    """`next` is the cursor of the next page."""

    items = plain.List(Part(Colleague), required=True)
    next = fields.Line(300, allow_none=True)


class ColleaguesGoing(Contract):
    """`going` people of the `school`, which is one's own, have a seat."""

    school = fields.Matching(fields.SLUG)
    going = fields.Count()


class DraftPage(Contract):
    """`next` is the cursor of the next page."""

    items = plain.List(Part(schemas.Activity), required=True)
    next = fields.Line(300, allow_none=True)


READ_ROSTER = ReadRoster(unknown=RAISE)
ROSTER_PAGE = RosterPage()
LIST_SCHOOL_REGISTRATIONS = ListSchoolRegistrations(unknown=RAISE)
COLLEAGUE_PAGE = ColleaguePage()
COLLEAGUES_GOING = ColleaguesGoing()
DRAFT_PAGE = DraftPage()
