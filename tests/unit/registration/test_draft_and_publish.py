"""An activity begins as a draft of its host, and is published once."""

from __future__ import annotations

from typing import Any

import pytest

from registration.domain.commands import Actor, DraftActivity, PublishActivity
from registration.domain.details import LARGEST_POOL, LONGEST_WAITING_LIST, Text
from registration.domain.facts import ActivityDrafted, ActivityPublished

from .story import (
    ACTIVITY,
    AFTER_THE_END,
    CENTER,
    COLLEAGUE_OF_THE_ORGANISER,
    ENDS,
    ORGANISER,
    OUTSIDER,
    STARTS,
    activity_cancelled,
    closed,
    details,
    drafted,
    given,
    published,
    standing,
)

DRAFT = DraftActivity(ORGANISER, ACTIVITY, details())
PUBLISH = PublishActivity(ORGANISER, ACTIVITY)


def test_given_nothing_when_the_host_drafts_then_it_is_drafted() -> None:
    given().when(DRAFT).then(ActivityDrafted(ACTIVITY, details()))


def test_given_nothing_when_the_center_drafts_for_a_school_then_it_is_drafted() -> None:
    given().when(DraftActivity(CENTER, ACTIVITY, details())).then(ActivityDrafted(ACTIVITY, details()))


def test_given_nothing_when_another_school_drafts_then_refused() -> None:
    given().when(DraftActivity(OUTSIDER, ACTIVITY, details())).then_refused("wrong_school")


def test_given_nothing_when_a_colleague_who_is_no_host_drafts_then_refused() -> None:
    given().when(DraftActivity(COLLEAGUE_OF_THE_ORGANISER, ACTIVITY, details())).then_refused("not_a_host")


def test_given_a_draft_when_drafted_again_then_refused() -> None:
    given(drafted()).when(DRAFT).then_refused("activity_exists")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", Text("", "English alone")),
        ("title", Text("  ", "")),
        ("ends_at", STARTS),
        ("pools", {}),
        ("pools", {"onsite": -1}),
        ("pools", {"onsite": LARGEST_POOL + 1}),
        ("pools", {"balcony": 5}),
        ("waiting_limit", -1),
        ("waiting_limit", LONGEST_WAITING_LIST + 1),
    ],
)
def test_given_nothing_when_drafted_with_details_no_activity_may_have_then_refused(
    field: str, value: Any
) -> None:
    wrong = details(**{field: value})
    given().when(DraftActivity(ORGANISER, ACTIVITY, wrong)).then_refused("invalid_details", field=field)


def test_given_nothing_when_drafted_at_the_limits_of_what_may_be_then_it_is_drafted() -> None:
    pools = {"onsite": 0, "online": LARGEST_POOL}
    wide = details(pools=pools, waiting_limit=LONGEST_WAITING_LIST)
    given().when(DraftActivity(ORGANISER, ACTIVITY, wide)).then(ActivityDrafted(ACTIVITY, wide))


def test_given_a_draft_when_published_then_its_empty_seats_are_told() -> None:
    pools = {"onsite": 40, "online": 300}
    given(drafted(pools=pools)).when(PUBLISH).then(
        ActivityPublished(ACTIVITY, details(pools=pools), standing(onsite=(40, 0, 0), online=(300, 0, 0)))
    )


def test_given_a_draft_when_the_center_publishes_then_it_is_published() -> None:
    given(drafted()).when(PublishActivity(CENTER, ACTIVITY)).then(published()[1])


def test_given_a_draft_of_the_past_when_published_then_it_stays_on_show() -> None:
    given(drafted()).when(PUBLISH, now=AFTER_THE_END).then(published()[1])


def test_given_nothing_when_published_then_refused() -> None:
    given().when(PUBLISH).then_refused("unknown_activity")


def test_given_a_draft_when_another_school_publishes_then_refused() -> None:
    given(drafted()).when(PublishActivity(OUTSIDER, ACTIVITY)).then_refused("wrong_school")


def test_given_a_draft_when_a_colleague_who_is_no_host_publishes_then_refused() -> None:
    given(drafted()).when(PublishActivity(COLLEAGUE_OF_THE_ORGANISER, ACTIVITY)).then_refused("not_a_host")


def test_given_a_published_activity_when_published_again_then_refused() -> None:
    given(*published()).when(PUBLISH).then_refused("nothing_to_change")


def test_given_a_closed_activity_when_published_then_refused() -> None:
    given(*published(), closed()).when(PUBLISH).then_refused("closed")


def test_given_a_cancelled_activity_when_published_then_refused() -> None:
    given(*published(), activity_cancelled()).when(PUBLISH).then_refused("activity_cancelled")


def test_given_a_cancelled_activity_when_drafted_again_then_refused() -> None:
    given(*published(), activity_cancelled()).when(DRAFT).then_refused("activity_exists")


def test_given_details_that_end_before_they_start_when_drafted_then_the_end_is_named() -> None:
    backwards = details(starts_at=ENDS, ends_at=STARTS)
    given().when(DraftActivity(ORGANISER, ACTIVITY, backwards)).then_refused(
        "invalid_details", field="ends_at"
    )


def test_given_a_draft_when_the_operator_of_the_network_publishes_then_refused() -> None:
    operator = Actor("ot", "nchu", "operator")
    given(drafted()).when(PublishActivity(operator, ACTIVITY)).then_refused("not_a_host")
