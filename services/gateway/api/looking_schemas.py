"""Who looked at lists of names, as the API shows it."""

from __future__ import annotations

from marshmallow import RAISE
from marshmallow import fields as plain

from gateway.access import permissions
from gateway.access.rosters import WAYS_TO_LOOK
from gateway.api.query_schemas import Paged
from gongxue_contracts import fields
from gongxue_contracts.contract import Contract, Part


class ListRosterViews(Paged):
    """The latest first. `activity`, `school` or `sig`: only looks at its list; `person`: only what they looked at."""

    activity = fields.Matching(fields.ID, required=False)
    school = fields.Matching(fields.SLUG, required=False)
    sig = fields.Matching(fields.ID, required=False)
    person = fields.Matching(fields.ID, required=False)


class RosterView(Contract):
    """Somebody saw who is registered for an activity, or who belongs to a school or a SIG: the other two are null.

    `name` is empty for who is erased, `role` the one in which they looked.
    """

    person = fields.Matching(fields.ID)
    name = plain.String(required=True)
    role = fields.Choice(*permissions.ROLES)
    activity = fields.Matching(fields.ID, allow_none=True)
    school = fields.Matching(fields.SLUG, allow_none=True)
    sig = fields.Matching(fields.ID, allow_none=True)
    how = fields.Choice(*WAYS_TO_LOOK)
    at = fields.Time()


class RosterViewPage(Contract):
    """`next` is the cursor of the next page."""

    items = plain.List(Part(RosterView), required=True)
    next = fields.Line(300, allow_none=True)


class OwnRosterView(Contract):
    """Somebody saw one on the roster of an activity, or among those of a SIG: the other of the two is null. `name` is
    empty for who is erased; who convenes a SIG looks as `staff`."""

    activity = fields.Matching(fields.ID, allow_none=True)
    sig = fields.Matching(fields.ID, allow_none=True)
    name = plain.String(required=True)
    role = fields.Choice(*permissions.ROLES)
    at = fields.Time()


class OwnRosterViews(Contract):
    items = plain.List(Part(OwnRosterView), required=True)


LIST_ROSTER_VIEWS = ListRosterViews(unknown=RAISE)
ROSTER_VIEW_PAGE = RosterViewPage()
OWN_ROSTER_VIEWS = OwnRosterViews()
