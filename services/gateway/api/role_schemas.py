"""What the API takes and gives of roles."""

from __future__ import annotations

from marshmallow import RAISE
from marshmallow import fields as plain

from gateway.api.parameters import Several, Yes
from gateway.api.query_schemas import Paged
from gongxue_contracts import fields
from gongxue_contracts.contract import Contract, Part
from gongxue_contracts.directory import ROLES
from gongxue_contracts.parts import Actor


class ListRoles(Paged):
    """Of values with commas between them any one. `valid`: whether the role is held today."""

    person = fields.Matching(fields.ID, required=False)
    role = Several(fields.Choice(*ROLES), len(ROLES))
    valid = Yes()


class Term(Contract):
    """The first and the last day, both in it. Without them: at once, until it is revoked."""

    starts_on = fields.Day(required=False, allow_none=True, load_default=None)
    ends_on = fields.Day(required=False, allow_none=True, load_default=None)


class RoleAct(Contract):
    """What was done, by whom, when; `reason` says why a role was revoked, `by_name` is empty for who is erased."""

    act = fields.Choice("granted", "revoked")
    at = fields.Time()
    by = Part(Actor)
    by_name = plain.String(required=True)
    starts_on = fields.Day(allow_none=True)
    ends_on = fields.Day(allow_none=True)
    reason = fields.Prose(2_000, allow_none=True)


class HeldRole(Contract):
    """`scope` is a school's id, or `center` for the network; `valid`: it is held today. The first act comes first.

    `name` is empty for who is erased: whoever may read the roles of a scope sees who holds them.
    """

    scope = fields.Matching(fields.SLUG)
    person = fields.Matching(fields.ID)
    name = plain.String(required=True)
    role = fields.Choice(*ROLES)
    starts_on = fields.Day(allow_none=True)
    ends_on = fields.Day(allow_none=True)
    revoked = fields.Flag()
    valid = fields.Flag()
    history = plain.List(Part(RoleAct), required=True)


class RolePage(Contract):
    """`next` is the cursor of the next page."""

    items = plain.List(Part(HeldRole), required=True)
    next = fields.Line(300, allow_none=True)


LIST_ROLES = ListRoles(unknown=RAISE)
TERM = Term(unknown=RAISE)
HELD_ROLE = HeldRole()
ROLE_PAGE = RolePage()
