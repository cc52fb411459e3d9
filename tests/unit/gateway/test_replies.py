"""Given a reply and the user that the broker knows to have sent it, then which of its answers are believed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from toys.played_service import accepted
from toys.stories import golden

from gateway.commanding.broker import Reply
from gateway.commanding.bus import read_answers
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import CloudEvent, batch_to_json

SEAT = "registration.seat_confirmed.v1"
SCHOOL = "directory.school_renamed.v1"


def fact(type: str, source: str = "") -> CloudEvent:
    sample = golden(type)
    return replace(
        sample, data=catalogue.write(type, sample.data), source=source or f"/center/{type.partition('.')[0]}"
    )


def answer(source: str, *facts: CloudEvent) -> CloudEvent:
    return CloudEvent(
        id=str(uuid4()),
        source=source,
        type="bus.answer.v1",
        subject="activity:a-1",
        time=datetime(2026, 1, 1, tzinfo=UTC),
        data=accepted(*facts),
        causationid="the-command",
    )


def believed(user: str, *answers: CloudEvent) -> list[str]:
    found = read_answers(Reply(batch_to_json(answers), user))
    return [one.facts[0].type if one.facts else one.command for one in found]


@pytest.mark.parametrize("user", ["registration", "operator"])
def test_a_service_and_an_operator_are_believed(user: str) -> None:
    assert believed(user, answer("/center/registration", fact(SEAT))) == [SEAT]


@pytest.mark.parametrize(
    ("user", "forged"),
    [
        ("directory", answer("/center/registration", fact(SEAT))),
        ("directory", answer("/center/registration")),
        ("", answer("/center/registration", fact(SEAT))),
        ("registration", answer("/center/registration", fact(SCHOOL))),
        ("registration", answer("/center/registration", fact(SCHOOL, "/center/registration"))),
        ("registration", answer("/center/registration", fact(SEAT, "/nchu/registration"))),
        ("registration", answer("/center/registration", fact(SEAT), fact(SCHOOL))),
    ],
)
def test_of_a_reply_only_what_is_the_services_own_is_believed(user: str, forged: CloudEvent) -> None:
    own = answer("/center/registration") if user == "registration" else answer(f"/center/{user}")
    assert believed(user, forged, own) == (["the-command"] if user else [])
