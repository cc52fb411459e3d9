"""What a stream wants to be told is in its commits, whatever happens, and is decided once and not before its moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from toys.terms import YEAR, Terms, terms
from toys.windows import NOON, STREAM, appoint, dismiss

from gongxue_chassis.aggregate import no_timers
from gongxue_chassis.errors import Conflict
from gongxue_chassis.log import timers
from gongxue_chassis.log.commit import Document
from gongxue_chassis.log.memory import MemoryCommitStore
from gongxue_chassis.log.runner import Runner
from gongxue_chassis.log.snapshots import Snapshotter
from gongxue_chassis.log.warm import read
from gongxue_contracts.envelope import CloudEvent

END = NOON + YEAR


@dataclass
class Clock:
    """Tells the time that it is set to."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


class LosesOnce(MemoryCommitStore):
    """A store in which somebody else commits first, once."""

    rival: Runner[Terms] | None = None

    def append(self, commit: Document) -> None:
        rival, self.rival = self.rival, None
        if rival:
            rival.answer(STREAM, [appoint("p-rival")])
            raise Conflict(commit["_id"])
        super().append(commit)


@pytest.fixture
def store() -> LosesOnce:
    return LosesOnce()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def runner(store: LosesOnce, clock: Clock) -> Runner[Terms]:
    return Runner(terms(), store, clock=clock)


def noted(store: MemoryCommitStore) -> list[dict[str, tuple[datetime, int]] | None]:
    """Of each commit what it says of timers: name -> moment and since when."""
    return [
        {one["name"]: (one["at"], one["since"]) for one in commit["timers"]} if "timers" in commit else None
        for commit in store.commits_after(STREAM, 0)
    ]


def commands(store: MemoryCommitStore) -> list[CloudEvent]:
    """What would be told, by the last commit that speaks of timers."""
    last = [commit["timers"] for commit in store.commits_after(STREAM, 0) if "timers" in commit][-1]
    return [timers.command("directory", STREAM, one) for one in last]


def test_what_is_wanted_is_in_the_commit_that_brought_it(runner: Runner[Terms], store: LosesOnce) -> None:
    runner.answer(STREAM, [appoint("p-b"), appoint("p-a")])
    assert noted(store) == [{"term of p-a": (END, 1), "term of p-b": (END, 1)}]
    [command, _] = commands(store)
    assert (command.type, command.subject, command.source) == (
        "directory.RevokeRole.v1",
        STREAM,
        "/center/directory",
    )
    assert (command.data["person"], command.data["reason"]) == ("p-a", "the term is over")
    assert (command.time, command.deadline, command.causationid) == (END, None, f"{STREAM}@1")


def test_a_commit_that_changes_no_timer_holds_none(runner: Runner[Terms], store: LosesOnce) -> None:
    runner.answer(STREAM, [appoint("p-a")])
    runner.answer(STREAM, [dismiss("p-b")])
    runner.answer(STREAM, [appoint("p-life")])
    assert noted(store)[1:] == [None, None]


def test_a_timer_stays_as_it_was_while_others_come_move_and_go(
    runner: Runner[Terms], store: LosesOnce, clock: Clock
) -> None:
    runner.answer(STREAM, [appoint("p-a")])
    clock.now += timedelta(days=1)
    later = clock.now + YEAR
    runner.answer(STREAM, [appoint("p-b")])
    runner.answer(STREAM, [dismiss("p-b"), appoint("p-c")])
    runner.answer(STREAM, [appoint("p-a")])
    runner.answer(STREAM, [dismiss("p-a"), dismiss("p-c")])
    assert noted(store) == [
        {"term of p-a": (END, 1)},
        {"term of p-a": (END, 1), "term of p-b": (later, 2)},
        {"term of p-a": (END, 1), "term of p-c": (later, 3)},
        {"term of p-a": (later, 4), "term of p-c": (later, 3)},
        {},
    ]


def test_what_is_wanted_anew_is_another_command_though_nothing_of_it_differs(
    runner: Runner[Terms], store: LosesOnce
) -> None:
    runner.answer(STREAM, [appoint("p-a")])
    [first] = commands(store)
    runner.answer(STREAM, [appoint("p-b")])
    assert commands(store)[0] == first
    runner.answer(STREAM, [dismiss("p-a")])
    runner.answer(STREAM, [appoint("p-a")])
    again = commands(store)[0]
    assert again.id != first.id
    assert replace(again, id=first.id, correlationid=first.id, causationid=first.causationid) == first


def test_a_stream_read_anew_has_the_timers_of_its_log(runner: Runner[Terms], store: LosesOnce) -> None:
    runner.answer(STREAM, [appoint("p-a"), appoint("p-b")])
    runner.answer(STREAM, [dismiss("p-b")])
    live = runner.streams.get(STREAM).timers
    assert live
    assert read(terms(), store, STREAM).timers == live
    Snapshotter(store).take(terms(), STREAM)
    assert read(terms(), store, STREAM).timers == live
    other = Runner(terms(), store, clock=lambda: NOON)
    other.answer(STREAM, [appoint("p-life")])
    other.answer(STREAM, [dismiss("p-a")])
    assert noted(store)[2:] == [None, {}]


def test_a_log_that_knew_no_timers_gets_them_with_the_next_fact(store: LosesOnce) -> None:
    before = Runner(replace(terms(), timers=no_timers), store, clock=lambda: NOON)
    before.answer(STREAM, [appoint("p-a")])
    Snapshotter(store).take(before.aggregate, STREAM)
    Runner(terms(), store, clock=lambda: NOON).answer(STREAM, [appoint("p-life")])
    assert noted(store) == [None, {"term of p-a": (END, 2)}]


def test_after_a_lost_race_timers_are_those_of_what_was_committed(
    runner: Runner[Terms], store: LosesOnce
) -> None:
    runner.answer(STREAM, [appoint("p-a")])
    store.rival = Runner(terms(), store, clock=lambda: NOON)
    runner.answer(STREAM, [appoint("p-b")])
    assert noted(store)[-1] == {
        "term of p-a": (END, 1),
        "term of p-b": (END, 3),
        "term of p-rival": (END, 2),
    }


@pytest.mark.parametrize("bad", ["p-raises-later", "p-nonsense-later", "p-elsewhere-later", "p-naive"])
def test_a_command_that_leads_to_unfit_timers_is_parked_and_harms_no_neighbour(
    runner: Runner[Terms], store: LosesOnce, bad: str
) -> None:
    answers = runner.answer(STREAM, [appoint("p-a"), appoint(bad), appoint("p-b"), dismiss("p-x")])
    assert [(answer.outcome, answer.code) for answer in answers] == [
        ("accepted", None),
        ("parked", "unfit_timers"),
        ("accepted", None),
        ("refused", "unknown_window"),
    ]
    assert list(runner.streams.get(STREAM).state.until) == ["p-a", "p-b"]
    assert noted(store)[1] == {"term of p-a": (END, 1), "term of p-b": (END, 2)}


def test_a_moment_that_the_log_cannot_hold_is_the_next_that_it_can(store: LosesOnce) -> None:
    runner = Runner(terms(timedelta(microseconds=1_001)), store, clock=lambda: NOON)
    runner.answer(STREAM, [appoint("p-a")])
    [command] = commands(store)
    assert command.time == NOON + timedelta(milliseconds=2)


@pytest.mark.parametrize("slow", [timedelta(0), timedelta(milliseconds=1), timedelta(minutes=3)])
def test_what_a_timer_asks_for_is_not_decided_before_its_moment_by_a_clock_that_is_slow(
    runner: Runner[Terms], store: LosesOnce, clock: Clock, slow: timedelta
) -> None:
    runner.answer(STREAM, [appoint("p-a")])
    [command] = commands(store)
    clock.now = END - slow
    [answer] = runner.answer(STREAM, [command])
    assert (answer.outcome, answer.code) == ("accepted", None)
    [_, commit] = store.commits_after(STREAM, 0)
    assert commit["time"] == END


def test_others_do_not_move_the_time(runner: Runner[Terms], store: LosesOnce) -> None:
    runner.answer(STREAM, [replace(appoint("p-a"), time=END)])
    assert next(store.commits_after(STREAM, 0))["time"] == NOON


def test_what_is_told_again_changes_nothing(runner: Runner[Terms], store: LosesOnce, clock: Clock) -> None:
    runner.answer(STREAM, [appoint("p-a")])
    [command] = commands(store)
    clock.now = END
    first = runner.answer(STREAM, [command, command])
    runner.answer(STREAM, [appoint("p-a")])
    assert runner.answer(STREAM, [command]) == first[:1]
    assert Runner(terms(), store).answer(STREAM, [command]) == first[:1]
    assert [len(commit["facts"]) for commit in store.commits_after(STREAM, 0)] == [1, 1, 1]
