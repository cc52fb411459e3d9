"""Closing an activity to newcomers, and calling it off."""

from __future__ import annotations

from registration.domain.commands import CancelActivity, CloseActivity
from registration.domain.facts import ActivityCancelled, ActivityClosed

from .story import (
    ACTIVITY,
    AFTER_THE_END,
    CENTER,
    ORGANISER,
    OUTSIDER,
    activity_cancelled,
    closed,
    confirmed,
    drafted,
    given,
    published,
)

CLOSE = CloseActivity(ORGANISER, ACTIVITY)
CANCEL = CancelActivity(ORGANISER, ACTIVITY, "颱風停班停課")


def test_given_a_published_activity_when_closed_then_it_is_closed() -> None:
    given(*published(), confirmed("mei")).when(CLOSE).then(ActivityClosed(ACTIVITY))


def test_given_a_published_activity_when_the_center_closes_it_then_it_is_closed() -> None:
    given(*published()).when(CloseActivity(CENTER, ACTIVITY)).then(ActivityClosed(ACTIVITY))


def test_given_nothing_when_closed_then_refused() -> None:
    given().when(CLOSE).then_refused("unknown_activity")


def test_given_an_activity_when_another_school_closes_it_then_refused() -> None:
    given(*published()).when(CloseActivity(OUTSIDER, ACTIVITY)).then_refused("wrong_school")


def test_given_a_draft_when_closed_then_refused() -> None:
    given(drafted()).when(CLOSE).then_refused("not_published")


def test_given_a_closed_activity_when_closed_again_then_refused() -> None:
    given(*published(), closed()).when(CLOSE).then_refused("closed")


def test_given_a_cancelled_activity_when_closed_then_refused() -> None:
    given(*published(), activity_cancelled()).when(CLOSE).then_refused("activity_cancelled")


def test_given_an_activity_with_people_when_called_off_then_one_fact_speaks_for_all() -> None:
    given(*published(), confirmed("mei")).when(CANCEL).then(ActivityCancelled(ACTIVITY, "颱風停班停課"))


def test_given_a_closed_activity_when_called_off_then_it_is_off() -> None:
    given(*published(), closed()).when(CANCEL).then(ActivityCancelled(ACTIVITY, "颱風停班停課"))


def test_given_an_activity_that_is_over_when_called_off_then_the_record_says_it_was_never_held() -> None:
    given(*published()).when(CANCEL, now=AFTER_THE_END).then(ActivityCancelled(ACTIVITY, "颱風停班停課"))


def test_given_nothing_when_called_off_then_refused() -> None:
    given().when(CANCEL).then_refused("unknown_activity")


def test_given_an_activity_when_another_school_calls_it_off_then_refused() -> None:
    given(*published()).when(CancelActivity(OUTSIDER, ACTIVITY, "no")).then_refused("wrong_school")


def test_given_a_draft_when_called_off_then_refused() -> None:
    given(drafted()).when(CANCEL).then_refused("not_published")


def test_given_an_activity_called_off_when_called_off_again_then_refused() -> None:
    given(*published(), activity_cancelled()).when(CANCEL).then_refused("activity_cancelled")
