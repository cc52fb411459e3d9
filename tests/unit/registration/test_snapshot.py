"""A state taken apart into pieces and put together again is the same state."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from registration.domain.activity import Activity
from registration.domain.facts import Fact
from registration.domain.snapshot import REGISTRATIONS_A_PIECE, dump, load

from .story import (
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

TWO_WAIT = (*published(), confirmed("mei"), waits("ann"), waits("bo", place=2))
BO_AHEAD_OF_ANN = (
    *TWO_WAIT,
    cancelled("ann", was="waiting"),
    replace(waits("ann", place=2), registration="second-of-ann"),
)


def thawed(state: Activity) -> Activity:
    """Through JSON and back: the pieces hold plain values only."""
    return load(json.loads(json.dumps(list(dump(state)))))


@pytest.mark.parametrize(
    "past",
    [
        (),
        (drafted(),),
        (drafted(venue=None, theme=None),),
        (drafted(county="tainan", sdgs=(4, 11)),),
        published(pools={"online": 3, "onsite": 2}),
        TWO_WAIT,
        (*TWO_WAIT, cancelled("mei"), promoted("ann")),
        BO_AHEAD_OF_ANN,
        (*TWO_WAIT, closed()),
        (*TWO_WAIT, activity_cancelled()),
    ],
)
def test_given_a_past_when_dumped_and_loaded_then_the_state_is_equal(past: tuple[Fact, ...]) -> None:
    state = given(*past).state
    assert thawed(state) == state
    assert list(thawed(state).registrations) == list(state.registrations)


def test_given_a_line_that_was_left_and_joined_again_when_loaded_then_it_moves_up_as_before() -> None:
    state = given(*BO_AHEAD_OF_ANN).state
    again = replace(given(), state=thawed(state))
    again.when(cancel("mei")).then(
        cancelled("mei", onsite=(1, 0, 2)),
        promoted("bo", onsite=(1, 1, 1)),
    )


def test_given_many_registrations_when_dumped_then_no_piece_holds_more_than_its_share() -> None:
    people = [confirmed(f"p{number}") for number in range(2 * REGISTRATIONS_A_PIECE + 1)]
    pieces = list(dump(given(*published(pools={"onsite": len(people)}), *people).state))
    assert [len(piece.get("registrations", ())) for piece in pieces] == [0, 1_000, 1_000, 1]
