"""Where the wire meets the domain: what is read becomes a command, and a fact becomes what is published."""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch
from typing import Any

from gongxue_chassis.aggregate import Aggregate
from registration.domain import activity, snapshot
from registration.domain.commands import (
    Actor,
    CancelActivity,
    CancelRegistration,
    ChangeActivity,
    CloseActivity,
    Command,
    DraftActivity,
    PublishActivity,
    Register,
)
from registration.domain.details import Details, Text
from registration.domain.facts import (
    FACTS,
    ActivityCancelled,
    ActivityChanged,
    ActivityClosed,
    ActivityDrafted,
    ActivityPublished,
    Fact,
    OfOnePerson,
    PlacedOnWaitingList,
    PromotedFromWaitingList,
    RegistrationCancelled,
    SeatConfirmed,
)
from registration.domain.seats import Seats

Data = dict[str, Any]

CENTER = "center"
"""The tenant of what no school owns."""


def draft_activity(data: Data) -> DraftActivity:
    """From registration.DraftActivity.v1."""
    return DraftActivity(_by(data), data["activity"], Details(**_typed(data["details"])))


def publish_activity(data: Data) -> PublishActivity:
    """From registration.PublishActivity.v1."""
    return PublishActivity(_by(data), data["activity"])


def change_activity(data: Data) -> ChangeActivity:
    """From registration.ChangeActivity.v1."""
    return ChangeActivity(_by(data), data["activity"], _typed(data["changes"]))


def close_activity(data: Data) -> CloseActivity:
    """From registration.CloseActivity.v1."""
    return CloseActivity(_by(data), data["activity"])


def cancel_activity(data: Data) -> CancelActivity:
    """From registration.CancelActivity.v1."""
    return CancelActivity(_by(data), data["activity"], data["reason"])


def register(data: Data) -> Register:
    """From registration.Register.v1."""
    return Register(**{**data, "by": _by(data)}) if "by" in data else Register(**data)


def cancel_registration(data: Data) -> CancelRegistration:
    """From registration.CancelRegistration.v1."""
    return CancelRegistration(_by(data), data["activity"], data["registration"])


COMMANDS: dict[str, Callable[[Data], Command]] = {
    "registration.DraftActivity.v1": draft_activity,
    "registration.PublishActivity.v1": publish_activity,
    "registration.ChangeActivity.v1": change_activity,
    "registration.CloseActivity.v1": close_activity,
    "registration.CancelActivity.v1": cancel_activity,
    "registration.Register.v1": register,
    "registration.CancelRegistration.v1": cancel_registration,
}


def _by(data: Data) -> Actor:
    return Actor(**data["by"])


def _typed(details: Data) -> Data:
    """Some or all fields of details in the domain's types."""
    texts = {name: Text(**details[name]) for name in ("title", "summary", "venue") if details.get(name)}
    goals = {"sdgs": tuple(sorted(set(details["sdgs"])))} if "sdgs" in details else {}
    return {**details, **texts, **goals}


@singledispatch
def contract(fact: Fact) -> tuple[str, Data]:
    """The wire type and data of a fact. Raises TypeError for what is none."""
    raise TypeError(f"{type(fact).__name__} has no contract")


@contract.register
def seat_confirmed_v1(fact: SeatConfirmed) -> tuple[str, Data]:
    """As registration.seat_confirmed.v1."""
    return "registration.seat_confirmed.v1", {**_of_one_person(fact), **_asked_by(fact)}


@contract.register
def placed_on_waiting_list_v1(fact: PlacedOnWaitingList) -> tuple[str, Data]:
    """As registration.placed_on_waiting_list.v1."""
    data = {**_of_one_person(fact), "place": fact.place, **_asked_by(fact)}
    return "registration.placed_on_waiting_list.v1", data


@contract.register
def promoted_from_waiting_list_v1(fact: PromotedFromWaitingList) -> tuple[str, Data]:
    """As registration.promoted_from_waiting_list.v1."""
    return "registration.promoted_from_waiting_list.v1", _of_one_person(fact)


@contract.register
def registration_cancelled_v1(fact: RegistrationCancelled) -> tuple[str, Data]:
    """As registration.registration_cancelled.v1."""
    data = {**_of_one_person(fact), "was": fact.was, "by": fact.by}
    return "registration.registration_cancelled.v1", data


@contract.register
def activity_drafted_v1(fact: ActivityDrafted) -> tuple[str, Data]:
    """As registration.activity_drafted.v1, which is private."""
    data = {"activity": fact.activity, "details": _details(fact.details)}
    return "registration.activity_drafted.v1", data


@contract.register
def activity_published_v1(fact: ActivityPublished) -> tuple[str, Data]:
    """As registration.activity_published.v1."""
    data = {"activity": fact.activity, "details": _details(fact.details), "seats": _seats(fact.seats)}
    return "registration.activity_published.v1", data


@contract.register
def activity_changed_v1(fact: ActivityChanged) -> tuple[str, Data]:
    """As registration.activity_changed.v1."""
    data = {
        "activity": fact.activity,
        "details": _details(fact.details),
        "changed": list(fact.changed),
        "seats": _seats(fact.seats),
    }
    return "registration.activity_changed.v1", data


@contract.register
def activity_closed_v1(fact: ActivityClosed) -> tuple[str, Data]:
    """As registration.activity_closed.v1."""
    return "registration.activity_closed.v1", {"activity": fact.activity}


@contract.register
def activity_cancelled_v1(fact: ActivityCancelled) -> tuple[str, Data]:
    """As registration.activity_cancelled.v1."""
    return "registration.activity_cancelled.v1", {"activity": fact.activity, "reason": fact.reason}


def _of_one_person(fact: OfOnePerson) -> Data:
    return {
        "registration": fact.registration,
        "activity": fact.activity,
        "person": fact.person,
        "school": fact.school,
        "pool": fact.pool,
        "seats": _seats(fact.seats),
    }


def _asked_by(fact: SeatConfirmed | PlacedOnWaitingList) -> Data:
    """Who asked, where that was somebody else: a field that is not there otherwise."""
    by = fact.by
    return {"by": {"person": by.person, "school": by.school, "role": by.role}} if by else {}


def _seats(seats: Seats) -> Data:
    return {
        pool: {"limit": standing.limit, "taken": standing.taken, "waiting": standing.waiting}
        for pool, standing in seats.items()
    }


def _details(details: Details) -> Data:
    return {
        "kind": details.kind,
        "host": details.host,
        "title": _text(details.title),
        "summary": _text(details.summary),
        "venue": _text(details.venue) if details.venue else None,
        "theme": details.theme,
        "starts_at": details.starts_at,
        "ends_at": details.ends_at,
        "pools": dict(details.pools),
        "waiting_limit": details.waiting_limit,
        "county": details.county,
        "sdgs": list(details.sdgs),
    }


def _text(text: Text) -> Data:
    return {"zh": text.zh, "en": text.en}


def _host(state: activity.Activity) -> str:
    """Facts about an activity belong to its host."""
    return state.details.host if state.details else CENTER


def _asker(command: Command) -> str:
    if isinstance(command, Register):
        return command.by.person if command.by else command.person
    return command.by.person


AGGREGATE = Aggregate(
    name="activity",
    service="registration",
    initial=activity.initial,
    decide=activity.decide,
    evolve=activity.evolve,
    dump=snapshot.dump,
    load=snapshot.load,
    facts=FACTS,
    commands=COMMANDS,
    contract=contract,
    id_of=lambda command: command.activity,
    tenant=_host,
    person=_asker,
)
