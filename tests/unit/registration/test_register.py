"""Registering: first come, first served, one live registration a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from registration.domain.commands import Actor

from .story import (
    AFTER_THE_END,
    CENTER,
    ENDS,
    ORGANISER,
    activity_cancelled,
    cancel,
    cancelled,
    closed,
    confirmed,
    drafted,
    given,
    promoted,
    published,
    register,
    registration_of,
    waits,
)

BOTH_POOLS = {"onsite": 1, "online": 5}
WINDOW = Actor(person="hsu", school="npust", role="window")


def test_given_a_free_seat_when_somebody_registers_then_it_is_theirs() -> None:
    given(*published()).when(register("mei")).then(confirmed("mei", onsite=(1, 1, 0)))


def test_given_two_pools_when_somebody_registers_online_then_both_standings_are_told() -> None:
    given(*published(pools=BOTH_POOLS), confirmed("mei")).when(register("ann", "online")).then(
        confirmed("ann", "online", onsite=(1, 1, 0), online=(5, 1, 0))
    )


def test_given_no_free_seat_when_somebody_registers_then_they_are_first_on_the_waiting_list() -> None:
    given(*published(), confirmed("mei")).when(register("ann")).then(waits("ann", place=1, onsite=(1, 1, 1)))


def test_given_somebody_waiting_when_another_registers_then_they_are_second() -> None:
    given(*published(), confirmed("mei"), waits("ann")).when(register("bo")).then(
        waits("bo", place=2, onsite=(1, 1, 2))
    )


def test_given_a_pool_without_seats_when_somebody_registers_then_they_wait() -> None:
    given(*published(pools={"onsite": 0})).when(register("mei")).then(waits("mei", onsite=(0, 0, 1)))


def test_given_no_free_seat_when_somebody_does_not_want_to_wait_then_refused() -> None:
    given(*published(), confirmed("mei")).when(register("ann", waiting_list=False)).then_refused(
        "pool_full", pool="onsite"
    )


def test_given_a_full_waiting_list_when_somebody_registers_then_refused() -> None:
    past = (*published(), confirmed("mei"), waits("ann"), waits("bo", place=2))
    given(*past).when(register("cai")).then_refused("waiting_list_full", pool="onsite")


def test_given_no_waiting_list_when_somebody_registers_for_a_full_pool_then_refused() -> None:
    given(*published(waiting_limit=0), confirmed("mei")).when(register("ann")).then_refused(
        "waiting_list_full", pool="onsite"
    )


def test_given_a_full_waiting_list_on_site_when_somebody_registers_online_then_they_wait_there() -> None:
    past = published(pools={"onsite": 0, "online": 0}, waiting_limit=1)
    given(*past, waits("mei")).when(register("ann", "online")).then(
        waits("ann", "online", place=1, onsite=(0, 0, 1), online=(0, 0, 1))
    )


def test_given_a_confirmed_person_when_they_register_again_then_refused() -> None:
    again = replace(register("mei", "online"), registration="another")
    given(*published(pools=BOTH_POOLS), confirmed("mei")).when(again).then_refused(
        "already_registered", registration=registration_of("mei")
    )


def test_given_a_waiting_person_when_they_register_for_the_other_pool_then_refused() -> None:
    again = replace(register("ann", "online"), registration="another")
    given(*published(pools=BOTH_POOLS), confirmed("mei"), waits("ann")).when(again).then_refused(
        "already_registered", registration=registration_of("ann")
    )


def test_given_a_person_who_cancelled_when_they_register_anew_then_they_get_a_new_registration() -> None:
    anew = replace(register("mei"), registration="second-of-mei")
    given(*published(), confirmed("mei"), cancelled("mei")).when(anew).then(
        replace(confirmed("mei", onsite=(1, 1, 0)), registration="second-of-mei")
    )


def test_given_a_person_who_left_the_waiting_list_when_they_return_then_they_are_last() -> None:
    past = (
        *published(),
        confirmed("mei"),
        waits("ann"),
        waits("bo", place=2),
        cancelled("ann", was="waiting"),
    )
    anew = replace(register("ann"), registration="second-of-ann")
    given(*past).when(anew).then(
        replace(waits("ann", place=2, onsite=(1, 1, 2)), registration="second-of-ann")
    )


def test_given_a_used_registration_id_when_another_person_brings_it_then_refused() -> None:
    taken = replace(register("ann"), registration=registration_of("mei"))
    given(*published(), confirmed("mei"), cancelled("mei")).when(taken).then_refused(
        "already_registered", registration=registration_of("mei")
    )


def test_given_an_activity_on_site_only_when_somebody_registers_online_then_refused() -> None:
    given(*published()).when(register("mei", "online")).then_refused("no_such_pool", pool="online")


def test_given_nothing_when_somebody_registers_then_refused() -> None:
    given().when(register("mei")).then_refused("unknown_activity")


def test_given_a_draft_when_somebody_registers_then_refused() -> None:
    given(drafted()).when(register("mei")).then_refused("not_published")


def test_given_a_closed_activity_when_somebody_registers_then_refused() -> None:
    given(*published(), closed()).when(register("mei")).then_refused("closed")


def test_given_a_cancelled_activity_when_somebody_registers_then_refused() -> None:
    given(*published(), activity_cancelled()).when(register("mei")).then_refused("activity_cancelled")


def test_given_a_free_seat_when_their_window_registers_somebody_then_the_fact_says_who_asked() -> None:
    given(*published()).when(replace(register("mei"), by=WINDOW)).then(
        replace(confirmed("mei", onsite=(1, 1, 0)), by=WINDOW)
    )


def test_given_no_free_seat_when_their_window_registers_somebody_then_the_fact_says_who_asked() -> None:
    given(*published(), confirmed("mei")).when(replace(register("ann"), by=WINDOW)).then(
        replace(waits("ann", place=1, onsite=(1, 1, 1)), by=WINDOW)
    )


def test_given_a_free_seat_when_the_center_registers_somebody_then_the_fact_says_so() -> None:
    given(*published()).when(replace(register("mei"), by=CENTER)).then(
        replace(confirmed("mei", onsite=(1, 1, 0)), by=CENTER)
    )


def test_given_a_free_seat_when_the_host_registers_somebody_of_another_school_then_refused() -> None:
    given(*published()).when(replace(register("mei"), by=ORGANISER)).then_refused("wrong_school")


def test_given_a_free_seat_when_a_colleague_without_an_office_registers_somebody_then_refused() -> None:
    colleague = replace(WINDOW, role="staff")
    given(*published()).when(replace(register("mei"), by=colleague)).then_refused("not_a_host")


def test_given_somebody_put_in_line_by_another_when_a_seat_is_freed_then_the_promotion_is_nobodys() -> None:
    past = (*published(), confirmed("mei"), replace(waits("ann"), by=WINDOW))
    given(*past).when(cancel("mei")).then(
        cancelled("mei", onsite=(1, 0, 1)), promoted("ann", onsite=(1, 1, 0))
    )


def test_given_a_free_seat_when_somebody_registers_in_the_last_moment_then_it_is_theirs() -> None:
    given(*published()).when(register("mei"), now=ENDS - timedelta(milliseconds=1)).then(
        confirmed("mei", onsite=(1, 1, 0))
    )


def test_given_an_activity_that_has_just_ended_when_somebody_registers_then_refused() -> None:
    given(*published()).when(register("mei"), now=ENDS).then_refused("activity_over")


def test_given_an_activity_long_over_when_somebody_registers_then_refused() -> None:
    given(*published()).when(register("mei"), now=AFTER_THE_END).then_refused("activity_over")
