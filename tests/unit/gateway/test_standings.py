"""The newest standing of an activity's seats wins, from wherever it was heard."""

from __future__ import annotations

from typing import Any

from gateway.read_model.standings import Standings


def standing(taken: int) -> Any:
    return {"onsite": {"limit": 9, "taken": taken, "waiting": 0}}


def test_what_this_process_heard_last_is_newer_than_what_is_written() -> None:
    standings = Standings()
    assert standings.note("talk", 5, standing(3))
    assert standings.newest("talk", 2, standing(0)) == standing(3)


def test_what_is_written_is_newer_when_others_have_registered_elsewhere() -> None:
    standings = Standings()
    standings.note("talk", 5, standing(3))
    assert standings.newest("talk", 8, standing(6)) == standing(6)
    assert not standings.note("talk", 7, standing(5))
    assert standings.newest("talk", 8, standing(6)) == standing(6)


def test_only_so_many_are_remembered_and_the_longest_unheard_is_forgotten_first() -> None:
    standings = Standings(most=2)
    for activity in ("a", "b", "a", "c"):
        standings.note(activity, 5, standing(3))
    assert [standings.newest(one, 1, standing(0)) == standing(3) for one in ("a", "c")] == [True, True]
    assert standings.newest("b", 1, standing(0)) == standing(0)
