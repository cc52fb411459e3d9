"""Registering several people at once, as the API takes and answers it."""

from __future__ import annotations

from marshmallow import RAISE
from marshmallow import fields as plain
from marshmallow.validate import Length

from gateway.api import schemas
from gongxue_contracts import fields
from gongxue_contracts.contract import Contract, Part
from gongxue_contracts.registration import POOLS


class PersonToRegister(Contract):
    """`waiting_list`: whether to wait if no seat is free."""

    person = fields.Matching(fields.ID)
    pool = fields.Choice(*POOLS)
    waiting_list = fields.Flag(required=False, load_default=True)


class PeopleToRegister(Contract):
    items = plain.List(Part(PersonToRegister), required=True, validate=Length(1, schemas.MOST_ON_PAGE))


class RegisteredPerson(Contract):
    """What became of one: `status` is what `register` answers, 202 for what is not decided yet (see `command`)."""

    person = fields.Matching(fields.ID)
    status = plain.Integer(required=True)
    command = fields.Matching(fields.UUID, allow_none=True)
    registration = Part(schemas.Registration, allow_none=True)
    problem = Part(schemas.Problem, allow_none=True)


class RegisteredPeople(Contract):
    """In the order in which they were named."""

    items = plain.List(Part(RegisteredPerson), required=True)


PEOPLE_TO_REGISTER = PeopleToRegister(unknown=RAISE)
REGISTERED_PEOPLE = RegisteredPeople()
