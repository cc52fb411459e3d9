"""What the API takes and gives, made of the contracts' own fields so that both ends refuse the same."""

from __future__ import annotations

from marshmallow import RAISE
from marshmallow import fields as plain
from marshmallow.validate import NoneOf, OneOf

from gateway.access import permissions
from gongxue_contracts import fields
from gongxue_contracts.contract import Contract, Part
from gongxue_contracts.directory import DescribedProfile, Profile, ProfileChanges
from gongxue_contracts.parts import LongText, Text
from gongxue_contracts.registration import KINDS, POOLS, Details, Seats

LANGUAGES = ("zh-Hant", "en")
MOST_ON_PAGE = 100


PAGES = ("calendar", "map", "new")
"""What stands where an activity's id does in the addresses of pages and of the console."""


class NewActivity(Details):
    """`id` is made if it is not given."""

    id = fields.Matching(fields.ID, required=False, validate=NoneOf(PAGES, error="Invalid value."))


class ActivityChanges(Details):
    """The fields that shall become different; host and kind never do."""

    at_least_one = True


class Reason(Contract):
    reason = fields.Prose(2_000)


class NewRegistration(Contract):
    """`waiting_list`: whether to wait if no seat is free. `name` and `language` are kept if they are new.

    `ticket` is the one that the problem `waiting_room` gave in its details: it keeps one's place in line.
    """

    pool = fields.Choice(*POOLS)
    waiting_list = fields.Flag(required=False, load_default=True)
    name = fields.Line(100, required=False)
    language = fields.Choice(*LANGUAGES, required=False)
    ticket = fields.Line(500, required=False)


class NewSchool(Profile):
    id = fields.Matching(fields.SLUG)


class SchoolChanges(ProfileChanges):
    at_least_one = True


class NewName(Contract):
    name = Part(Text)


class Merge(Contract):
    """The school goes on as a part of `into`."""

    into = fields.Matching(fields.SLUG)


class SignIn(Contract):
    person = fields.Matching(fields.ID)


class Activity(Contract):
    """`seats` has the standing of each pool, `reason` says why it was cancelled."""

    id = fields.Matching(fields.ID)
    kind = fields.Choice(*KINDS)
    host = fields.Matching(fields.SLUG)
    title = Part(Text)
    summary = Part(LongText)
    venue = Part(Text, allow_none=True)
    theme = Details._declared_fields["theme"]
    county = Details._declared_fields["county"]
    sdgs = Details._declared_fields["sdgs"]
    starts_at = fields.Time()
    ends_at = fields.Time()
    waiting_limit = fields.Count()
    status = fields.Choice("draft", "published", "closed", "cancelled")
    reason = fields.Prose(2_000, allow_none=True)
    seats = Part(Seats)


class ActivityPage(Contract):
    """`next` is the cursor of the next page, `total` how many there are on all pages."""

    items = plain.List(Part(Activity), required=True)
    next = fields.Line(300, allow_none=True)
    total = fields.Count()


class Registration(Contract):
    """`place` is 1 for the next in line, null unless waiting."""

    id = fields.Matching(fields.UUID)
    activity = fields.Matching(fields.ID)
    person = fields.Matching(fields.ID)
    school = fields.Matching(fields.SLUG)
    pool = fields.Choice(*POOLS)
    status = fields.Choice("confirmed", "waiting", "cancelled")
    place = fields.Count(1, allow_none=True)
    registered_at = fields.Time()
    changed_at = fields.Time()


class OwnRegistration(Registration):
    """With the activity it is for; null as long as nothing was heard of it."""

    about = Part(Activity, allow_none=True)


class OwnRegistrationPage(Contract):
    items = plain.List(Part(OwnRegistration), required=True)
    next = fields.Line(300, allow_none=True)


class FormerName(Contract):
    name = Part(Text)
    until = fields.Time()


class School(DescribedProfile):
    """`reason` says why it is suspended."""

    summary = Part(LongText, allow_none=True)
    id = fields.Matching(fields.SLUG)
    status = fields.Choice("admitted", "suspended", "merged")
    reason = fields.Prose(2_000, allow_none=True)
    merged_into = fields.Matching(fields.SLUG, allow_none=True)
    former_names = plain.List(Part(FormerName), required=True)


class SchoolPage(Contract):
    items = plain.List(Part(School), required=True)
    next = fields.Line(300, allow_none=True)


class Person(Contract):
    id = fields.Matching(fields.ID)
    name = fields.Line(100)
    email = fields.Address("email")
    language = fields.Choice(*LANGUAGES)
    school = fields.Matching(fields.SLUG)
    roles = plain.List(fields.Choice(*permissions.ROLES), required=True)


class PersonChanges(Contract):
    """`language` is that of notices; names and addresses come from one's school, or with a registration."""

    language = fields.Choice(*LANGUAGES)


class People(Contract):
    items = plain.List(Part(Person), required=True)
    next = fields.Line(300, allow_none=True)


class Session(Contract):
    person = Part(Person, allow_none=True)


class FieldError(Contract):
    """`pointer` leads to the field in the body (RFC 6901)."""

    pointer = plain.String(required=True)
    detail = plain.String(required=True)


class Problem(Contract):
    """RFC 9457. `code` is for programs; `details` are what the refusal tells besides."""

    type = plain.String(required=True)
    title = plain.String(required=True)
    status = plain.Integer(required=True)
    detail = plain.String(required=True)
    code = fields.Matching(fields.NAME)
    details = fields.Open(required=False)
    errors = plain.List(Part(FieldError), required=False)


class CommandStatus(Contract):
    """`location` is what has come of an accepted command, `problem` why it was refused."""

    id = fields.Matching(fields.UUID)
    status = plain.String(required=True, validate=OneOf(("pending", "accepted", "refused", "parked")))
    location = plain.String(required=True, allow_none=True)
    problem = Part(Problem, allow_none=True)


NEW_ACTIVITY = NewActivity(unknown=RAISE)
ACTIVITY_CHANGES = ActivityChanges(unknown=RAISE, partial=True, exclude=("host", "kind"))
REASON = Reason(unknown=RAISE)
NEW_REGISTRATION = NewRegistration(unknown=RAISE)
NEW_SCHOOL = NewSchool(unknown=RAISE)
SCHOOL_CHANGES = SchoolChanges(unknown=RAISE, partial=True, exclude=("name",))
NEW_NAME = NewName(unknown=RAISE)
MERGE = Merge(unknown=RAISE)
SIGN_IN = SignIn(unknown=RAISE)
PERSON_CHANGES = PersonChanges(unknown=RAISE)

ACTIVITY = Activity()
ACTIVITY_PAGE = ActivityPage()
REGISTRATION = Registration()
OWN_REGISTRATION_PAGE = OwnRegistrationPage()
SCHOOL = School()
SCHOOL_PAGE = SchoolPage()
PERSON = Person()
PEOPLE = People()
SESSION = Session()
PROBLEM = Problem()
COMMAND_STATUS = CommandStatus()


class SparseActivityPage(ActivityPage):
    items = plain.List(Part(Activity, partial=True), required=True)


class SparseSchoolPage(SchoolPage):
    items = plain.List(Part(School, partial=True), required=True)


class SparseOwnRegistrationPage(OwnRegistrationPage):
    items = plain.List(Part(OwnRegistration, partial=True), required=True)


SPARSE_PAGES: dict[type[Contract], Contract] = {
    ActivityPage: SparseActivityPage(),
    SchoolPage: SparseSchoolPage(),
    OwnRegistrationPage: SparseOwnRegistrationPage(),
}
"""Pages of which not all fields of their items were asked for."""
