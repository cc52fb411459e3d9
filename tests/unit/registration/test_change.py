"""Changing an activity: its words, its time, its seats, and who moves up when there are more of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from registration.domain.details import Text

from .story import (
    AFTER_THE_END,
    CENTER,
    ENDS,
    OUTSIDER,
    STARTS,
    activity_cancelled,
    change,
    changed,
    closed,
    confirmed,
    drafted,
    given,
    promoted,
    published,
    register,
    waits,
)

NEW_VENUE = Text("惠蓀堂", "Huisun Auditorium")
THREE_WAIT = (
    *published(waiting_limit=3),
    confirmed("mei"),
    waits("ann"),
    waits("bo", place=2),
    waits("cai", place=3),
)


def test_given_a_published_activity_when_its_venue_changes_then_the_whole_of_it_is_told() -> None:
    given(*published(), confirmed("mei")).when(change(venue=NEW_VENUE)).then(
        changed("venue", venue=NEW_VENUE, onsite=(1, 1, 0))
    )


def test_given_a_venue_when_it_is_taken_away_then_there_is_none() -> None:
    given(*published()).when(change(venue=None)).then(changed("venue", venue=None, onsite=(1, 0, 0)))


def test_given_an_activity_when_fields_are_sent_as_they_are_then_only_the_others_changed() -> None:
    given(*published()).when(change(venue=NEW_VENUE, waiting_limit=2, ends_at=ENDS)).then(
        changed("venue", venue=NEW_VENUE, onsite=(1, 0, 0))
    )


def test_given_an_activity_when_several_fields_change_then_they_are_named_in_one_order() -> None:
    given(*published()).when(change(waiting_limit=9, theme=None, title=Text("新"))).then(
        changed(
            "title", "theme", "waiting_limit", title=Text("新"), theme=None, waiting_limit=9, onsite=(1, 0, 0)
        )
    )


@pytest.mark.parametrize("changes", [{}, {"waiting_limit": 2}, {"pools": {}}, {"pools": {"onsite": 1}}])
def test_given_an_activity_when_nothing_differs_then_refused(changes: dict[str, Any]) -> None:
    given(*published()).when(change(**changes)).then_refused("nothing_to_change")


def test_given_people_waiting_when_a_limit_is_raised_then_as_many_move_up_in_the_order_they_came() -> None:
    given(*THREE_WAIT).when(change(pools={"onsite": 3})).then(
        changed("pools", pools={"onsite": 3}, waiting_limit=3, onsite=(3, 1, 3)),
        promoted("ann", onsite=(3, 2, 2)),
        promoted("bo", onsite=(3, 3, 1)),
    )


def test_given_people_waiting_when_a_limit_is_raised_beyond_them_then_all_move_up() -> None:
    facts = given(*THREE_WAIT).when(change(pools={"onsite": 50})).answer
    assert facts == [
        changed("pools", pools={"onsite": 50}, waiting_limit=3, onsite=(50, 1, 3)),
        promoted("ann", onsite=(50, 2, 2)),
        promoted("bo", onsite=(50, 3, 1)),
        promoted("cai", onsite=(50, 4, 0)),
    ]


def test_given_people_waiting_for_both_pools_when_both_are_raised_then_both_move_up() -> None:
    past = (*published(pools={"onsite": 0, "online": 0}), waits("ann", "online"), waits("bo", "onsite"))
    given(*past).when(change(pools={"onsite": 1, "online": 1})).then(
        changed("pools", pools={"onsite": 1, "online": 1}, onsite=(1, 0, 1), online=(1, 0, 1)),
        promoted("bo", "onsite", onsite=(1, 1, 0), online=(1, 0, 1)),
        promoted("ann", "online", onsite=(1, 1, 0), online=(1, 1, 0)),
    )


def test_given_a_closed_activity_when_its_limit_is_raised_then_those_waiting_move_up() -> None:
    given(*published(), confirmed("mei"), waits("ann"), closed()).when(change(pools={"onsite": 2})).then(
        changed("pools", pools={"onsite": 2}, onsite=(2, 1, 1)),
        promoted("ann", onsite=(2, 2, 0)),
    )


def test_given_two_pools_when_one_is_named_then_the_other_keeps_its_limit() -> None:
    past = (*published(pools={"onsite": 1, "online": 5}), confirmed("mei"))
    given(*past).when(change(pools={"online": 9})).then(
        changed("pools", pools={"onsite": 1, "online": 9}, onsite=(1, 1, 0), online=(9, 0, 0))
    )


def test_given_an_activity_on_site_only_when_an_online_pool_is_added_then_it_is_empty() -> None:
    given(*published(), confirmed("mei")).when(change(pools={"online": 30})).then(
        changed("pools", pools={"onsite": 1, "online": 30}, onsite=(1, 1, 0), online=(30, 0, 0))
    )


def test_given_taken_seats_when_the_limit_is_lowered_to_them_then_it_is_lowered() -> None:
    past = (*published(pools={"onsite": 5}), confirmed("mei"), confirmed("ann"))
    given(*past).when(change(pools={"onsite": 2})).then(
        changed("pools", pools={"onsite": 2}, onsite=(2, 2, 0))
    )


def test_given_taken_seats_when_the_limit_is_lowered_below_them_then_refused() -> None:
    past = (*published(pools={"onsite": 5}), confirmed("mei"), confirmed("ann"))
    given(*past).when(change(pools={"onsite": 1})).then_refused("limit_below_taken", pool="onsite", taken=2)


def test_given_people_waiting_when_the_waiting_limit_is_lowered_below_them_then_they_stay() -> None:
    given(*THREE_WAIT).when(change(waiting_limit=0)).then(
        changed("waiting_limit", waiting_limit=0, onsite=(1, 1, 3))
    )


def test_given_a_draft_when_it_changes_then_it_is_drafted_anew_and_stays_private() -> None:
    given(drafted()).when(change(venue=NEW_VENUE)).then(drafted(venue=NEW_VENUE))


def test_given_a_closed_activity_when_its_venue_changes_then_those_who_are_in_hear_of_it() -> None:
    given(*published(), closed()).when(change(venue=NEW_VENUE)).then(
        changed("venue", venue=NEW_VENUE, onsite=(1, 0, 0))
    )


def test_given_an_activity_that_is_over_when_its_words_change_then_they_change() -> None:
    given(*published()).when(change(venue=NEW_VENUE), now=AFTER_THE_END).then(
        changed("venue", venue=NEW_VENUE, onsite=(1, 0, 0))
    )


def test_given_an_activity_that_is_over_when_its_seats_change_then_refused() -> None:
    given(*THREE_WAIT).when(change(pools={"onsite": 3}), now=AFTER_THE_END).then_refused("activity_over")


def test_given_an_activity_that_is_over_when_it_is_put_off_with_more_seats_then_people_move_up() -> None:
    later: dict[str, Any] = {"starts_at": STARTS + timedelta(days=7), "ends_at": ENDS + timedelta(days=7)}
    past = (*published(), confirmed("mei"), waits("ann"))
    given(*past).when(change(pools={"onsite": 2}, **later), now=AFTER_THE_END).then(
        changed("starts_at", "ends_at", "pools", pools={"onsite": 2}, onsite=(2, 1, 1), **later),
        promoted("ann", onsite=(2, 2, 0)),
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", Text("")),
        ("ends_at", STARTS),
        ("pools", {"onsite": -1}),
        ("pools", {"balcony": 5}),
        ("waiting_limit", -1),
        ("host", "pu"),
        ("kind", "sig_meeting"),
        ("colour", "red"),
    ],
)
def test_given_an_activity_when_changed_to_what_none_may_be_then_refused(field: str, value: Any) -> None:
    given(*published()).when(change(**{field: value})).then_refused("invalid_details", field=field)


def test_given_nothing_when_changed_then_refused() -> None:
    given().when(change(venue=NEW_VENUE)).then_refused("unknown_activity")


def test_given_an_activity_when_another_school_changes_it_then_refused() -> None:
    given(*published()).when(change(OUTSIDER, venue=NEW_VENUE)).then_refused("wrong_school")


def test_given_an_activity_when_the_center_changes_it_then_it_changes() -> None:
    given(*published()).when(change(CENTER, venue=NEW_VENUE)).then(
        changed("venue", venue=NEW_VENUE, onsite=(1, 0, 0))
    )


def test_given_a_cancelled_activity_when_changed_then_refused() -> None:
    given(*published(), activity_cancelled()).when(change(venue=NEW_VENUE)).then_refused("activity_cancelled")


def test_given_a_raised_limit_when_somebody_registers_then_there_is_a_seat_for_them() -> None:
    past = (*published(), confirmed("mei"), changed("pools", pools={"onsite": 2}))
    given(*past).when(register("ann")).then(confirmed("ann", onsite=(2, 2, 0)))


def test_given_an_added_pool_when_somebody_registers_for_it_then_there_is_a_seat_for_them() -> None:
    past = (*published(), changed("pools", pools={"onsite": 1, "online": 5}))
    given(*past).when(register("ann", "online")).then(
        confirmed("ann", "online", onsite=(1, 0, 0), online=(5, 1, 0))
    )


def test_given_an_activity_put_off_when_somebody_registers_after_its_first_date_then_it_is_not_over() -> None:
    past = (*published(), changed("ends_at", ends_at=ENDS + timedelta(days=7)))
    given(*past).when(register("ann"), now=AFTER_THE_END).then(confirmed("ann", onsite=(1, 1, 0)))


def test_given_an_activity_when_its_county_and_goals_change_then_they_are_told() -> None:
    given(*published()).when(change(county="tainan", sdgs=(4, 11))).then(
        changed("county", "sdgs", county="tainan", sdgs=(4, 11), onsite=(1, 0, 0))
    )


@pytest.mark.parametrize("goal", [0, 18])
def test_given_an_activity_when_a_goal_is_none_of_the_seventeen_then_it_is_refused(goal: int) -> None:
    given(*published()).when(change(sdgs=(goal,))).then_refused("invalid_details", field="sdgs")
