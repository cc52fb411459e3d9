"""Replaying a log to one queue: all of it, in order, over again after a crash, and never more than the queue holds."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from toys.terms import terms
from toys.waiting import eventually
from toys.windows import STREAM, WINDOWS, appoint, dismiss

from gongxue_chassis.aggregate import Aggregate
from gongxue_chassis.errors import NotConfirmed, Unavailable
from gongxue_chassis.log.commit import Translation
from gongxue_chassis.log.memory import MemoryCommitStore
from gongxue_chassis.log.notes import Replay
from gongxue_chassis.log.runner import Runner
from gongxue_chassis.publisher import Outgoing
from gongxue_chassis.replaying import ASKED, DONE, WINDOW, Replayer
from gongxue_contracts.envelope import CloudEvent, from_json

NOON = datetime(2026, 12, 1, 4, tzinfo=UTC)


class Notes:
    """Kept in memory, for one process."""

    def __init__(self) -> None:
        self.kept: dict[str, Replay] = {}
        self.done: list[str] = []

    def ask(self, id: str, to: str) -> None:
        self.kept.setdefault(id, Replay(id, to))

    def take(self) -> Replay | None:
        return next((Replay(**vars(one)) for one in self.kept.values() if one.id not in self.done), None)

    def hold(self, replay: Replay) -> None:
        pass

    def note(self, replay: Replay, *, done: bool = False) -> None:
        self.kept[replay.id] = Replay(**vars(replay))
        if done:
            self.done.append(replay.id)


class Queue:
    """Takes what comes; before the window of a number in `faults` is taken, raises what stands there."""

    def __init__(self, faults: dict[int, Exception] | None = None) -> None:
        self.windows: list[Sequence[Outgoing]] = []
        self.tries = 0
        self.faults = faults or {}

    def publish(self, messages: Sequence[Outgoing]) -> None:
        self.tries += 1
        if self.tries in self.faults:
            raise self.faults[self.tries]
        self.windows.append(messages)

    def close(self) -> None:
        pass

    @property
    def events(self) -> list[CloudEvent]:
        return [from_json(message.body) for window in self.windows for message in window]


def a_log(appointments: int) -> MemoryCommitStore:
    store = MemoryCommitStore()
    runner = Runner(WINDOWS, store, clock=lambda: NOON)
    for number in range(appointments):
        runner.answer(STREAM, [appoint(f"p-{number}"), dismiss(f"p-{number}")])
    return store


def asked(rebuild: str = "first") -> CloudEvent:
    return CloudEvent(
        id="5d0c1c86-53b5-5b7f-9a3b-0a4f1e2ad0c1",
        source="/center/gateway",
        type=ASKED,
        subject=f"replay:{rebuild}",
        time=NOON,
        data={"rebuild": rebuild, "to": "gateway.rebuild"},
    )


@contextmanager
def replaying(
    store: MemoryCommitStore, notes: Notes, queue: Queue, aggregate: Aggregate[Any] = WINDOWS
) -> Iterator[Replayer]:
    translate: Callable[[str], Translation] = lambda _: Translation(aggregate)  # noqa: E731
    replayer = Replayer("directory", store, notes, translate, queue)
    thread = threading.Thread(target=replayer.run)
    thread.start()
    try:
        yield replayer
    finally:
        replayer.stop()
        thread.join()


def test_the_whole_log_comes_in_order_and_then_word_that_this_was_all() -> None:
    store, notes, queue = a_log(130), Notes(), Queue()
    with replaying(store, notes, queue) as replayer:
        replayer.ask(asked())
        eventually(lambda: notes.done)
    *facts, last = queue.events
    assert [fact.sequence for fact in facts] == list(range(1, 261))
    assert (last.type, last.data["facts"], last.data["unreadable"]) == (DONE, 260, 0)
    assert {(m.exchange, m.routing_key) for w in queue.windows for m in w} == {("replay", "gateway.rebuild")}
    assert max(map(len, queue.windows)) <= WINDOW + 2


def test_what_a_crash_left_goes_on_from_where_it_was() -> None:
    store, notes, queue = a_log(10), Notes(), Queue()
    notes.kept["first"] = Replay("first", "gateway.rebuild", STREAM, seq=4, facts=8)
    with replaying(store, notes, queue):
        eventually(lambda: notes.done)
    *facts, last = queue.events
    assert [fact.sequence for fact in facts] == list(range(9, 21))
    assert last.data["facts"] == 20


def test_a_full_queue_is_asked_again_until_it_takes_the_same() -> None:
    store, notes = a_log(130), Notes()
    queue = Queue({2: NotConfirmed("full"), 3: NotConfirmed("full")})
    with replaying(store, notes, queue) as replayer:
        replayer.ask(asked())
        eventually(lambda: notes.done)
    assert [fact.sequence for fact in queue.events[:-1]] == list(range(1, 261))


def test_while_the_broker_is_away_it_waits_and_nothing_is_left_out() -> None:
    store, notes, queue = a_log(130), Notes(), Queue({2: Unavailable("away")})
    with replaying(store, notes, queue) as replayer:
        replayer.ask(asked())
        eventually(lambda: notes.done)
    assert list(dict.fromkeys(fact.sequence for fact in queue.events[:-1])) == list(range(1, 261))


def test_a_commit_that_cannot_be_read_any_more_is_told_and_keeps_nothing_back() -> None:
    store, notes, queue = a_log(3), Notes(), Queue()
    store._commits[f"{STREAM}@2"]["facts"][0]["type"] = "NoLongerKnown"
    with replaying(store, notes, queue) as replayer:
        replayer.ask(asked())
        eventually(lambda: notes.done)
    *facts, last = queue.events
    assert [fact.sequence for fact in facts] == [1, 2, 5, 6]
    assert last.data["unreadable"] == 1


def test_asked_for_twice_it_is_replayed_once() -> None:
    store, notes, queue = a_log(2), Notes(), Queue()
    with replaying(store, notes, queue) as replayer:
        replayer.ask(asked())
        eventually(lambda: notes.done)
        replayer.ask(asked())
        replayer.ask(asked("second"))
        eventually(lambda: notes.done == ["first", "second"])
    assert len(queue.events) == 10


def test_a_replay_sets_no_timers_and_tells_none() -> None:
    store, queue = MemoryCommitStore(), Queue()
    runner = Runner(terms(), store, clock=lambda: NOON)
    runner.answer(STREAM, [appoint("p-a")])
    with replaying(store, Notes(), queue, runner.aggregate) as replayer:
        replayer.ask(asked())
        eventually(lambda: any(event.type == DONE for event in queue.events))
    assert [event.type for event in queue.events] == ["directory.role_granted.v1", DONE]
    assert store.armed(1) == []
