"""What the registration service takes and publishes: activities, their seats and who has one."""

from gongxue_contracts import fields
from gongxue_contracts.bus import CommandRefused
from gongxue_contracts.contract import Contract, Part, Schemas
from gongxue_contracts.parts import COUNTIES, Actor, LongText, Text

KINDS = ("co_training", "sig_meeting", "forum", "workshop", "expo", "observation_visit")
THEMES = ("local_care", "environment", "industry_economy", "health_food", "culture", "other")
POOLS = ("onsite", "online")
GOALS = 17
"""Sustainable Development Goals that there are."""


class Limits(Contract):
    """Seats of each pool that the activity has."""

    at_least_one = True
    onsite = fields.Count(required=False)
    online = fields.Count(required=False)


class Details(Contract):
    """An activity as its host describes it.

    `county` is where it takes place, without it the host's; `sdgs` are the numbers of the United Nations' goals that
    it serves.
    """

    kind = fields.Choice(*KINDS)
    host = fields.Matching(fields.SLUG)
    title = Part(Text)
    summary = Part(LongText)
    venue = Part(Text, allow_none=True)
    theme = fields.Choice(*THEMES, allow_none=True)
    county = fields.Choice(*COUNTIES, allow_none=True, required=False)
    sdgs = fields.Items(fields.Count(1, GOALS), GOALS, required=False)
    starts_at = fields.Time()
    ends_at = fields.Time()
    pools = Part(Limits)
    waiting_limit = fields.Count()


class Standing(Contract):
    """Of one pool: seats there are, seats taken, people waiting."""

    limit = fields.Count()
    taken = fields.Count()
    waiting = fields.Count()


class Seats(Contract):
    """The standing of each pool after the fact: of two facts the one with the higher sequence is right."""

    at_least_one = True
    onsite = Part(Standing, required=False)
    online = Part(Standing, required=False)


class DraftActivity(Contract):
    by = Part(Actor)
    activity = fields.Matching(fields.ID)
    details = Part(Details)


class PublishActivity(Contract):
    by = Part(Actor)
    activity = fields.Matching(fields.ID)


class ChangeActivity(Contract):
    """`changes` holds the fields that shall become different; host and kind never do."""

    by = Part(Actor)
    activity = fields.Matching(fields.ID)
    changes = Part(Details, exclude=("host", "kind"), partial=True)


class CloseActivity(Contract):
    """No more registrations; those in stay."""

    by = Part(Actor)
    activity = fields.Matching(fields.ID)


class CancelActivity(Contract):
    by = Part(Actor)
    activity = fields.Matching(fields.ID)
    reason = fields.Prose(2_000)


class Register(Contract):
    """`registration` is the id of this very command; `waiting_list`: whether to wait if no seat is free.

    `by` is who asks, where that is not the person: somebody who registers people of a school.
    """

    activity = fields.Matching(fields.ID)
    registration = fields.Matching(fields.UUID)
    person = fields.Matching(fields.ID)
    school = fields.Matching(fields.SLUG)
    pool = fields.Choice(*POOLS)
    waiting_list = fields.Flag()
    by = Part(Actor, required=False)


class CancelRegistration(Contract):
    by = Part(Actor)
    activity = fields.Matching(fields.ID)
    registration = fields.Matching(fields.UUID)


class ActivityDrafted(Contract):
    activity = fields.Matching(fields.ID)
    details = Part(Details)


class ActivityPublished(Contract):
    activity = fields.Matching(fields.ID)
    details = Part(Details)
    seats = Part(Seats)


class ActivityChanged(Contract):
    """`details` are whole and new, `changed` names the fields of them that differ."""

    activity = fields.Matching(fields.ID)
    details = Part(Details)
    changed = fields.Items(fields.Matching(fields.NAME))
    seats = Part(Seats)


class ActivityClosed(Contract):
    activity = fields.Matching(fields.ID)


class ActivityCancelled(Contract):
    """Voids all its registrations; no fact follows for each of them."""

    activity = fields.Matching(fields.ID)
    reason = fields.Prose(2_000)


class RegistrationFact(Contract):
    """Whose registration for what; the person is an opaque id."""

    registration = fields.Matching(fields.UUID)
    activity = fields.Matching(fields.ID)
    person = fields.Matching(fields.ID)
    school = fields.Matching(fields.SLUG)
    pool = fields.Choice(*POOLS)
    seats = Part(Seats)


class SeatConfirmed(RegistrationFact):
    """`by` is who asked for it, only where that was not the person."""

    by = Part(Actor, required=False)


class PlacedOnWaitingList(RegistrationFact):
    """`place` 1 is the next to be promoted; `by` is who asked for it, only where that was not the person."""

    place = fields.Count(1)
    by = Part(Actor, required=False)


class PromotedFromWaitingList(RegistrationFact):
    pass


class RegistrationCancelled(RegistrationFact):
    was = fields.Choice("confirmed", "waiting")
    by = fields.Choice("person", "host")


COMMANDS: Schemas = {
    "registration.DraftActivity.v1": DraftActivity,
    "registration.PublishActivity.v1": PublishActivity,
    "registration.ChangeActivity.v1": ChangeActivity,
    "registration.CloseActivity.v1": CloseActivity,
    "registration.CancelActivity.v1": CancelActivity,
    "registration.Register.v1": Register,
    "registration.CancelRegistration.v1": CancelRegistration,
}
FACTS: Schemas = {
    "registration.activity_published.v1": ActivityPublished,
    "registration.activity_changed.v1": ActivityChanged,
    "registration.activity_closed.v1": ActivityClosed,
    "registration.activity_cancelled.v1": ActivityCancelled,
    "registration.seat_confirmed.v1": SeatConfirmed,
    "registration.placed_on_waiting_list.v1": PlacedOnWaitingList,
    "registration.promoted_from_waiting_list.v1": PromotedFromWaitingList,
    "registration.registration_cancelled.v1": RegistrationCancelled,
}
PRIVATE: Schemas = {
    "registration.activity_drafted.v1": ActivityDrafted,
    "registration.command_refused.v1": CommandRefused,
}
