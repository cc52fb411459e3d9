"""Documents as the API gives them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gateway.api import schemas
from gateway.api.bodies import cancelled_registration
from gateway.api.operations import load
from gateway.problems import Problem
from gateway.read_model.documents import Registration
from gongxue_contracts.envelope import CloudEvent

BEGAN = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ENDED = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
ID = "0b6cbb1e-3a0e-4f8e-9d0c-6f6a3a5c2b11"
GONE = CloudEvent(
    id="activity:talk@3.0",
    source="/center/registration",
    type="registration.registration_cancelled.v1",
    subject="activity:talk",
    time=ENDED,
    data={
        "registration": ID,
        "activity": "talk",
        "person": "lin",
        "school": "nchu",
        "pool": "onsite",
        "was": "confirmed",
        "by": "person",
        "seats": {"onsite": {"limit": 9, "taken": 0, "waiting": 0}},
    },
    sequence=3,
)
LATE: Registration = {
    "id": ID,
    "activity": "talk",
    "person": "lin",
    "school": "nchu",
    "pool": "onsite",
    "status": "confirmed",
    "place": None,
    "registered_at": BEGAN,
    "changed_at": BEGAN,
}
"""What a read model says that has not heard of the end."""


def test_a_registration_given_back_is_told_as_the_fact_says_and_not_as_a_late_read_model() -> None:
    told = cancelled_registration(GONE, LATE)
    assert told == {
        "id": ID,
        "activity": "talk",
        "person": "lin",
        "school": "nchu",
        "pool": "onsite",
        "status": "cancelled",
        "place": None,
        "registered_at": "2026-11-23T02:00:00.000Z",
        "changed_at": "2026-11-23T03:00:00.000Z",
    }


def test_when_it_began_is_left_to_the_end_where_nobody_knows() -> None:
    assert cancelled_registration(GONE, None)["registered_at"] == "2026-11-23T03:00:00.000Z"


@pytest.mark.parametrize("page", schemas.PAGES)
def test_no_activity_has_the_address_of_a_page(page: str) -> None:
    with pytest.raises(Problem) as caught:
        load(schemas.NEW_ACTIVITY, {"id": page})
    assert ("/id", "Invalid value.") in caught.value.errors
