"""Giving a registration up, and who moves up for it."""

from __future__ import annotations

from registration.domain.commands import Actor

from .story import (
    AFTER_THE_END,
    CENTER,
    COLLEAGUE_OF_THE_ORGANISER,
    ORGANISER,
    OUTSIDER,
    WINDOW_OF_THE_HOST,
    activity_cancelled,
    cancel,
    cancelled,
    closed,
    confirmed,
    drafted,
    given,
    promoted,
    published,
    waits,
)

FULL = (*published(), confirmed("mei"))
ONE_WAITS = (*FULL, waits("ann"))
TWO_WAIT = (*ONE_WAITS, waits("bo", place=2))


def test_given_a_seat_when_its_person_cancels_then_it_is_free() -> None:
    given(*FULL).when(cancel("mei")).then(cancelled("mei", onsite=(1, 0, 0)))


def test_given_people_waiting_when_a_seat_is_given_up_then_the_first_of_them_has_it() -> None:
    given(*TWO_WAIT).when(cancel("mei")).then(
        cancelled("mei", onsite=(1, 0, 2)),
        promoted("ann", onsite=(1, 1, 1)),
    )


def test_given_the_first_in_line_was_promoted_when_a_seat_is_given_up_then_the_next_has_it() -> None:
    given(*TWO_WAIT, cancelled("mei"), promoted("ann")).when(cancel("ann")).then(
        cancelled("ann", onsite=(1, 0, 1)),
        promoted("bo", onsite=(1, 1, 0)),
    )


def test_given_people_waiting_when_one_of_them_gives_up_then_nobody_moves_into_a_seat() -> None:
    given(*TWO_WAIT).when(cancel("ann")).then(cancelled("ann", was="waiting", onsite=(1, 1, 1)))


def test_given_the_first_in_line_gave_up_when_a_seat_is_free_then_the_second_has_it() -> None:
    given(*TWO_WAIT, cancelled("ann", was="waiting")).when(cancel("mei")).then(
        cancelled("mei", onsite=(1, 0, 1)),
        promoted("bo", onsite=(1, 1, 0)),
    )


def test_given_people_waiting_on_site_when_an_online_seat_is_given_up_then_they_keep_waiting() -> None:
    past = (*published(pools={"onsite": 0, "online": 1}), waits("ann"), confirmed("mei", "online"))
    given(*past).when(cancel("mei")).then(
        cancelled("mei", "online", onsite=(0, 0, 1), online=(1, 0, 0)),
    )


def test_given_a_closed_activity_when_a_seat_is_given_up_then_the_first_in_line_still_has_it() -> None:
    given(*ONE_WAITS, closed()).when(cancel("mei")).then(
        cancelled("mei", onsite=(1, 0, 1)),
        promoted("ann", onsite=(1, 1, 0)),
    )


def test_given_a_seat_when_the_host_cancels_it_then_the_fact_says_so() -> None:
    given(*FULL).when(cancel("mei", by=ORGANISER)).then(cancelled("mei", by="host", onsite=(1, 0, 0)))


def test_given_a_seat_when_the_window_of_the_host_cancels_it_then_it_speaks_for_the_host() -> None:
    given(*FULL).when(cancel("mei", by=WINDOW_OF_THE_HOST)).then(
        cancelled("mei", by="host", onsite=(1, 0, 0))
    )


def test_given_a_seat_when_the_center_cancels_it_then_it_speaks_for_the_host() -> None:
    given(*FULL).when(cancel("mei", by=CENTER)).then(cancelled("mei", by="host", onsite=(1, 0, 0)))


def test_given_the_organiser_has_a_seat_when_they_cancel_it_then_they_act_as_a_person() -> None:
    given(*published(), confirmed("lin")).when(cancel("lin", by=ORGANISER)).then(
        cancelled("lin", by="person", onsite=(1, 0, 0))
    )


def test_given_a_seat_when_the_window_of_another_school_cancels_it_then_refused() -> None:
    given(*FULL).when(cancel("mei", by=OUTSIDER)).then_refused("not_yours")


def test_given_a_seat_when_a_colleague_of_its_person_cancels_it_then_refused() -> None:
    given(*FULL).when(cancel("mei", by=Actor("bo", "npust", "staff"))).then_refused("not_yours")


def test_given_a_seat_when_staff_of_the_host_school_without_an_office_cancels_it_then_refused() -> None:
    given(*FULL).when(cancel("mei", by=COLLEAGUE_OF_THE_ORGANISER)).then_refused("not_yours")


def test_given_a_cancelled_registration_when_cancelled_again_then_refused() -> None:
    given(*FULL, cancelled("mei")).when(cancel("mei")).then_refused("already_cancelled")


def test_given_a_cancelled_registration_when_a_stranger_asks_then_its_state_is_not_told() -> None:
    given(*FULL, cancelled("mei")).when(cancel("mei", by=OUTSIDER)).then_refused("not_yours")


def test_given_no_such_registration_when_cancelled_then_refused() -> None:
    given(*FULL).when(cancel("nobody")).then_refused("unknown_registration")


def test_given_a_draft_when_a_registration_is_cancelled_then_refused() -> None:
    given(drafted()).when(cancel("mei")).then_refused("unknown_registration")


def test_given_nothing_when_a_registration_is_cancelled_then_refused() -> None:
    given().when(cancel("mei")).then_refused("unknown_activity")


def test_given_a_cancelled_activity_when_a_registration_is_cancelled_then_refused() -> None:
    given(*FULL, activity_cancelled()).when(cancel("mei")).then_refused("activity_cancelled")


def test_given_an_activity_that_is_over_when_a_seat_is_given_up_then_refused() -> None:
    given(*ONE_WAITS).when(cancel("mei"), now=AFTER_THE_END).then_refused("activity_over")
