"""Given a fact or a command and where the broker knows it to come from, then whether it is believed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from toys.stories import golden

from gongxue_chassis.errors import Poison
from gongxue_chassis.facts import read
from gongxue_chassis.inbox import Delivery
from gongxue_chassis.origin import Origin, may_command, way
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import to_json

SCHOOL = "directory.school_renamed.v1"
CARD = "gateway.contact_card.v1"
DONE = "bus.replayed.v1"
FACTS = [one.type for one in catalogue.entries() if one.kind != "command" and one.service != "bus"]


def came(type: str, user: str, exchange: str = "", key: str = "", **changes: Any) -> Delivery:
    sample = golden(type)
    data = catalogue.write(type, changes.pop("data", sample.data))
    fact = replace(sample, data=data, **changes)
    usual = way(fact)
    return Delivery("q", to_json(fact), origin=Origin(user, exchange or usual[0], key or usual[1]))


def done(user: str, service: str, exchange: str = "replay", source: str = "") -> Delivery:
    data = {"rebuild": "r1", "service": service, "facts": 1, "unreadable": 0}
    return came(DONE, user, exchange, "gateway.rebuild", source=source or f"/center/{service}", data=data)


@pytest.mark.parametrize("type", FACTS)
@pytest.mark.parametrize("user", ["its own", "operator"])
def test_every_fact_is_believed_from_its_service_and_from_an_operator(type: str, user: str) -> None:
    service = type.partition(".")[0]
    assert read(came(type, service if user == "its own" else user)).type == type


@pytest.mark.parametrize("type", FACTS)
def test_no_fact_is_believed_from_another_service_or_from_nobody(type: str) -> None:
    for user in {"gateway", "registration", "directory", "notification", "nchu", ""} - {
        type.partition(".")[0]
    }:
        with pytest.raises(Poison, match="forged"):
            read(came(type, user))


def test_what_is_replayed_is_the_services_own() -> None:
    assert read(came(SCHOOL, "directory", "replay", "gateway.rebuild")).type == SCHOOL
    assert read(done("directory", "directory")).type == DONE


@pytest.mark.parametrize(
    "forged",
    [
        came(SCHOOL, "registration", "replay", "gateway.rebuild"),
        came(CARD, "directory", "replay", "gateway.rebuild"),
        done("registration", "directory"),
        done("registration", "directory", source="/center/registration"),
        done("directory", "directory", exchange="events"),
        done("directory", "directory", exchange="private"),
        came(SCHOOL, "directory", "private", SCHOOL),
        came(SCHOOL, "directory", "requeue", "gateway.facts"),
        came(CARD, "gateway", "events", f"center.{CARD}"),
        came(SCHOOL, "directory", source="/nchu/directory"),
    ],
)
def test_what_is_not_its_own_or_came_by_another_way_is_forged(forged: Delivery) -> None:
    with pytest.raises(Poison, match="forged"):
        read(forged)


ADMIT = "directory.AdmitSchool.v1"
OWN = "commands.directory"


@pytest.mark.parametrize(
    ("user", "exchange", "source", "type", "believed"),
    [
        ("gateway", "commands", "gateway", ADMIT, True),
        ("gateway", "commands", "gateway", "registration.CloseActivity.v1", True),
        ("gateway", "commands", "directory", ADMIT, False),
        ("operator", "commands", "directory", ADMIT, True),
        ("operator", OWN, "gateway", ADMIT, True),
        ("directory", OWN, "directory", ADMIT, True),
        ("directory", OWN, "gateway", ADMIT, False),
        ("directory", OWN, "directory", "registration.CloseActivity.v1", False),
        ("directory", OWN, "directory", "bus.replay_asked.v1", False),
        ("directory", "commands", "directory", ADMIT, False),
        ("directory", "commands.registration", "directory", ADMIT, False),
        ("registration", OWN, "directory", ADMIT, False),
        ("registration", OWN, "registration", ADMIT, False),
        ("notification", OWN, "notification", ADMIT, False),
        ("", OWN, "directory", ADMIT, False),
    ],
)
def test_a_service_is_commanded_by_the_gateway_by_an_operator_and_by_itself(
    user: str, exchange: str, source: str, type: str, believed: bool
) -> None:
    command = replace(golden(ADMIT), type=type, source=f"/center/{source}")
    assert may_command(command, Origin(user, exchange, "x"), "directory", "operator") is believed
