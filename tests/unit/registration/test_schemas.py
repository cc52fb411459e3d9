"""Between wire and domain: every command of the contracts is understood, every fact keeps its contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from bson import json_util

from gongxue_chassis.log.codec import FactCodec
from gongxue_contracts import catalogue, sig, sig_facts
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
    PlacedOnWaitingList,
    PromotedFromWaitingList,
    RegistrationCancelled,
    SeatConfirmed,
)
from registration.domain.seats import Seats, Standing
from registration.schemas import AGGREGATE, COMMANDS, contract

STORED = Path(__file__).parent / "stored"
AS_IN_THE_LOG = json_util.JSONOptions(tz_aware=True)

ACTIVITY = "usr-co-training-1120813"
UUID = "89914f5d-66b2-5da2-9345-c108dd55a0bb"
BY = {"person": "p-lin", "school": "nchu", "role": "host"}
ACTOR = Actor("p-lin", "nchu", "host")
WHO: dict[str, Any] = {
    "registration": UUID,
    "activity": ACTIVITY,
    "person": "p-mei",
    "school": "npust",
    "pool": "online",
}
VENUE = {"zh": "國立中興大學", "en": ""}
WIRE_DETAILS = {
    "kind": "co_training",
    "host": "nchu",
    "title": {"zh": "113年USR共同培力活動", "en": "USR co-training 2024"},
    "summary": {"zh": "實體與線上同步", "en": "On site and online"},
    "venue": VENUE,
    "theme": "local_care",
    "starts_at": "2024-08-13T01:00:00.000Z",
    "ends_at": "2024-08-13T09:00:00.000Z",
    "pools": {"onsite": 40, "online": 300},
    "waiting_limit": 20,
    "county": "taichung",
    "sdgs": [4, 11],
}
DETAILS = Details(
    kind="co_training",
    host="nchu",
    title=Text("113年USR共同培力活動", "USR co-training 2024"),
    summary=Text("實體與線上同步", "On site and online"),
    venue=Text("國立中興大學", ""),
    theme="local_care",
    starts_at=datetime(2024, 8, 13, 1, 0, tzinfo=UTC),
    ends_at=datetime(2024, 8, 13, 9, 0, tzinfo=UTC),
    pools={"onsite": 40, "online": 300},
    waiting_limit=20,
    county="taichung",
    sdgs=(4, 11),
)
WIRE_SEATS = {
    "onsite": {"limit": 40, "taken": 40, "waiting": 3},
    "online": {"limit": 300, "taken": 7, "waiting": 0},
}
SEATS: Seats = {"onsite": Standing(40, 40, 3), "online": Standing(300, 7, 0)}

WISHES: list[tuple[str, dict[str, Any], Command]] = [
    ("DraftActivity", {"details": WIRE_DETAILS}, DraftActivity(ACTOR, ACTIVITY, DETAILS)),
    ("PublishActivity", {}, PublishActivity(ACTOR, ACTIVITY)),
    (
        "ChangeActivity",
        {"changes": {"venue": None, "pools": {"online": 9}, "ends_at": "2024-08-13T17:00:00+08:00"}},
        ChangeActivity(ACTOR, ACTIVITY, {"venue": None, "pools": {"online": 9}, "ends_at": DETAILS.ends_at}),
    ),
    (
        "ChangeActivity",
        {"changes": {"title": VENUE, "summary": VENUE, "venue": VENUE}},
        ChangeActivity(ACTOR, ACTIVITY, dict.fromkeys(("title", "summary", "venue"), DETAILS.venue)),
    ),
    (
        "ChangeActivity",
        {"changes": {"county": None, "sdgs": [11, 4, 11]}},
        ChangeActivity(ACTOR, ACTIVITY, {"county": None, "sdgs": (4, 11)}),
    ),
    ("CloseActivity", {}, CloseActivity(ACTOR, ACTIVITY)),
    ("CancelActivity", {"reason": "颱風"}, CancelActivity(ACTOR, ACTIVITY, "颱風")),
    ("CancelRegistration", {"registration": UUID}, CancelRegistration(ACTOR, ACTIVITY, UUID)),
]
HAPPENED: list[tuple[Fact, str, dict[str, Any]]] = [
    (ActivityDrafted(ACTIVITY, DETAILS), "activity_drafted", {"details": WIRE_DETAILS}),
    (
        ActivityPublished(ACTIVITY, DETAILS, SEATS),
        "activity_published",
        {"details": WIRE_DETAILS, "seats": WIRE_SEATS},
    ),
    (
        ActivityChanged(ACTIVITY, DETAILS, ("venue", "pools"), SEATS),
        "activity_changed",
        {"details": WIRE_DETAILS, "changed": ["venue", "pools"], "seats": WIRE_SEATS},
    ),
    (ActivityClosed(ACTIVITY), "activity_closed", {}),
    (ActivityCancelled(ACTIVITY, "颱風"), "activity_cancelled", {"reason": "颱風"}),
    (
        SeatConfirmed(**WHO, seats=SEATS, by=ACTOR),
        "seat_confirmed",
        {**WHO, "seats": WIRE_SEATS, "by": BY},
    ),
    (
        PlacedOnWaitingList(**WHO, place=3, seats=SEATS, by=ACTOR),
        "placed_on_waiting_list",
        {**WHO, "place": 3, "seats": WIRE_SEATS, "by": BY},
    ),
    (
        PromotedFromWaitingList(**WHO, seats=SEATS),
        "promoted_from_waiting_list",
        {**WHO, "seats": WIRE_SEATS},
    ),
    (
        RegistrationCancelled(**WHO, was="waiting", by="host", seats=SEATS),
        "registration_cancelled",
        {**WHO, "was": "waiting", "by": "host", "seats": WIRE_SEATS},
    ),
]


@pytest.mark.parametrize(("name", "data", "command"), WISHES, ids=[name for name, _, _ in WISHES])
def test_a_command_of_somebody_in_an_office_is_understood(
    name: str, data: dict[str, Any], command: Command
) -> None:
    wire_type = f"registration.{name}.v1"
    read = catalogue.read(wire_type, {"by": BY, "activity": ACTIVITY, **data})
    assert COMMANDS[wire_type](read) == command


def test_a_registration_is_understood() -> None:
    read = catalogue.read("registration.Register.v1", {**WHO, "waiting_list": True, "colour": "red"})
    understood = COMMANDS["registration.Register.v1"](read)
    assert understood == Register(ACTIVITY, UUID, "p-mei", "npust", "online", True)


def test_a_registration_that_somebody_else_asks_for_names_them() -> None:
    read = catalogue.read("registration.Register.v1", {**WHO, "waiting_list": True, "by": BY})
    understood = COMMANDS["registration.Register.v1"](read)
    assert understood == Register(ACTIVITY, UUID, "p-mei", "npust", "online", True, ACTOR)


@pytest.mark.parametrize(
    "fact", [SeatConfirmed(**WHO, seats=SEATS), PlacedOnWaitingList(**WHO, place=3, seats=SEATS)]
)
def test_a_seat_that_its_person_asked_for_names_nobody_else(fact: Fact) -> None:
    wire_type, told = contract(fact)
    assert "by" not in told
    assert catalogue.read(wire_type, catalogue.write(wire_type, told)) == told
    earlier = stored(f"{type(fact).__name__}.json")
    assert FactCodec(AGGREGATE.facts).restore(earlier) == fact  # as it was stored before there was `by`


@pytest.mark.parametrize(("fact", "name", "data"), HAPPENED, ids=[name for _, name, _ in HAPPENED])
def test_a_fact_keeps_its_contract(fact: Fact, name: str, data: dict[str, Any]) -> None:
    wire_type, told = contract(fact)
    assert wire_type == f"registration.{name}.v1"
    assert catalogue.write(wire_type, told) == {"activity": ACTIVITY, **data}


def test_every_command_and_fact_of_the_contracts_about_activities_is_the_aggregates() -> None:
    of_sigs = {*sig.COMMANDS, *sig_facts.FACTS}
    mine = [entry for entry in catalogue.entries() if entry.service == "registration"]
    entries = [entry for entry in mine if entry.type not in of_sigs]
    assert {entry.type for entry in entries if entry.kind == "command"} == set(COMMANDS)
    told_by_the_log = {"registration.command_refused.v1"}
    assert {entry.type for entry in entries if entry.kind != "command"} - told_by_the_log == {
        contract(fact)[0] for fact, _, _ in HAPPENED
    }
    assert {type(fact) for fact, _, _ in HAPPENED} == set(FACTS)


def test_what_is_no_fact_has_no_contract() -> None:
    with pytest.raises(TypeError, match="str has no contract"):
        contract("no fact")  # type: ignore[arg-type]


@pytest.mark.parametrize("fact", [fact for fact, _, _ in HAPPENED], ids=lambda fact: type(fact).__name__)
def test_what_was_stored_once_can_be_read_for_ever(fact: Fact) -> None:
    """The samples are what logs hold: a sample is never edited; a fact that grows gets a second one."""
    sample = stored(f"{type(fact).__name__}.2.json") or stored(f"{type(fact).__name__}.json")
    codec = FactCodec(AGGREGATE.facts)
    assert (codec.restore(sample), codec.store(fact)) == (fact, sample)


@pytest.mark.parametrize("name", ["ActivityDrafted", "ActivityPublished", "ActivityChanged"])
def test_what_was_stored_before_there_were_counties_and_goals_has_none(name: str) -> None:
    restored = FactCodec(AGGREGATE.facts).restore(stored(f"{name}.json"))
    assert restored.details == replace(DETAILS, county=None, sdgs=())


def stored(name: str) -> Any:
    path = STORED / name
    return (
        json_util.loads(path.read_text(encoding="utf-8"), json_options=AS_IN_THE_LOG)
        if path.exists()
        else None
    )


def test_facts_belong_to_the_host_once_there_is_one() -> None:
    state = AGGREGATE.initial()
    assert AGGREGATE.tenant(state) == "center"
    assert AGGREGATE.tenant(AGGREGATE.evolve(state, ActivityDrafted(ACTIVITY, DETAILS))) == "nchu"


def test_a_late_refusal_is_told_to_whoever_asked() -> None:
    register = Register(ACTIVITY, UUID, "p-mei", "npust", "online", True)
    assert AGGREGATE.person(register) == "p-mei"
    assert AGGREGATE.person(replace(register, by=ACTOR)) == "p-lin"
    assert AGGREGATE.person(CloseActivity(ACTOR, ACTIVITY)) == "p-lin"
