"""What may stand behind the question mark of an address."""

from __future__ import annotations

from marshmallow import RAISE

from gateway.api import schemas
from gateway.api.parameters import Day, Number, Several, Yes
from gongxue_contracts import fields
from gongxue_contracts.contract import Contract
from gongxue_contracts.parts import COUNTIES
from gongxue_contracts.registration import KINDS, POOLS, THEMES


def _chosen(shown: type[Contract]) -> Several:
    """Which fields of what is shown to give; all of them if it is left out."""
    names = list(shown._declared_fields)
    return Several(fields.Choice(*names), len(names), data_key="fields")


class Paged(Contract):
    """`cursor` is the `next` of the page before."""

    cursor = fields.Matching(r"^[A-Za-z0-9_-]{1,300}$", required=False)
    limit = Number(1, schemas.MOST_ON_PAGE, load_default=20)


class ListActivities(Paged):
    """Of values with commas between them any one, of all that is given everything.

    `when`: upcoming (soonest first) or past (latest first, as without it). `from` and `to` are days in Taipei, both
    included; `online`: one can take part from anywhere; `seats_left`: one can register and has a seat.
    """

    q = fields.Line(100, required=False)
    kind = Several(fields.Choice(*KINDS), len(KINDS))
    school = Several(fields.Matching(fields.SLUG), 20)
    county = Several(fields.Choice(*COUNTIES), len(COUNTIES))
    theme = Several(fields.Choice(*THEMES), len(THEMES))
    sdg = Several(Number(1, 17), 17)
    online = Yes()
    seats_left = Yes()
    since = Day(data_key="from")
    until = Day(data_key="to")
    when = fields.Choice("upcoming", "past", required=False)
    shown = _chosen(schemas.Activity)


class ReadActivity(Contract):
    shown = _chosen(schemas.Activity)


class ListSchools(Paged):
    """As many as fit: there are fewer schools than activities."""

    limit = Number(1, 500, load_default=200)
    county = Several(fields.Choice(*COUNTIES), len(COUNTIES))
    status = fields.Choice("admitted", "suspended", "merged", required=False)
    shown = _chosen(schemas.School)


class ReadSchool(Contract):
    shown = _chosen(schemas.School)


class ListOwnRegistrations(Paged):
    """Without `status`, cancelled ones too."""

    status = Several(fields.Choice("confirmed", "waiting", "cancelled"), 3)
    pool = fields.Choice(*POOLS, required=False)
    shown = _chosen(schemas.OwnRegistration)


class ListPeople(Paged):
    limit = Number(1, 500, load_default=500)


PAGED = Paged(unknown=RAISE)
LIST_ACTIVITIES = ListActivities(unknown=RAISE)
READ_ACTIVITY = ReadActivity(unknown=RAISE)
LIST_SCHOOLS = ListSchools(unknown=RAISE)
READ_SCHOOL = ReadSchool(unknown=RAISE)
LIST_OWN_REGISTRATIONS = ListOwnRegistrations(unknown=RAISE)
LIST_PEOPLE = ListPeople(unknown=RAISE)
