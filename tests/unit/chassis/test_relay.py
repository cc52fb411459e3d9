"""What was committed is published in order, at least once, and only then marked."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from toys.waiting import eventually
from toys.windows import NOON, STREAM, WINDOWS, Windows, appoint, dismiss

from gongxue_chassis import relay as relay_module
from gongxue_chassis.errors import Unavailable
from gongxue_chassis.log.memory import MemoryCommitStore
from gongxue_chassis.log.runner import Runner
from gongxue_chassis.memory_bus import MemoryBroker
from gongxue_chassis.publisher import Outgoing
from gongxue_chassis.relay import QUIET_SECONDS, Relay
from gongxue_contracts.envelope import CloudEvent, from_json
from installation.bus import USERS, Bus, definitions


class ShakyBroker(MemoryBroker):
    """A broker that is away for some publishes: before it takes the messages, or after, with the confirm lost."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(definitions(Bus(passwords=dict.fromkeys(USERS, "-"))))
        self._faults = list(faults)

    def publish(self, messages: Sequence[Outgoing]) -> None:
        fault = self._faults.pop(0) if self._faults else ""
        if fault == "before":
            raise Unavailable("away")
        super().publish(messages)
        if fault == "after":
            raise Unavailable("no confirm")


@contextmanager
def relaying(store: MemoryCommitStore, broker: MemoryBroker) -> Iterator[Runner[Windows]]:
    runner = Runner(WINDOWS, store, clock=lambda: NOON)
    relay = Relay(store, lambda _: runner.translation, broker)
    runner.on_commit = relay.committed
    loop = threading.Thread(target=relay.run)
    loop.start()
    try:
        yield runner
    finally:
        relay.stop()
        loop.join(10)
    assert not loop.is_alive()


def heard(broker: MemoryBroker, queue: str = "gateway.facts") -> list[CloudEvent]:
    events = []
    while delivery := broker.take_one(queue):
        events.append(from_json(delivery.body))
    return events


def wait_marked(store: MemoryCommitStore) -> None:
    eventually(lambda: not store.pending(1))


def test_facts_are_published_in_the_order_of_the_stream() -> None:
    store, broker = MemoryCommitStore(), ShakyBroker([])
    with relaying(store, broker) as runner:
        for number in range(130):
            runner.answer(STREAM, [appoint(f"p-{number}"), dismiss(f"p-{number}")])
        wait_marked(store)
    assert [event.sequence for event in heard(broker)] == list(range(1, 261))


class Counting(MemoryCommitStore):
    """Counts the writes that marks take."""

    marks = 0

    def mark_published(self, ids: list[str]) -> None:
        self.marks += 1
        super().mark_published(ids)


def test_marks_wait_for_a_quiet_moment_while_commits_come() -> None:
    store, broker = Counting(), ShakyBroker([])
    with relaying(store, broker) as runner:
        runner.answer(STREAM, [appoint("p-first")])
        wait_marked(store)
        marks_of_the_start = store.marks
        begun = time.monotonic()
        while time.monotonic() < begun + 3 * QUIET_SECONDS:
            runner.answer(STREAM, [appoint(f"p-{time.monotonic_ns()}")])
            time.sleep(QUIET_SECONDS / 10)  # the pace of the rush, not a wait for anything
        assert store.marks == marks_of_the_start
        wait_marked(store)


def test_marks_wait_no_longer_than_they_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_module, "MARK_SECONDS", 0.0)
    store, broker = Counting(), ShakyBroker([])
    with relaying(store, broker) as runner:
        for number in range(5):
            marks = store.marks
            runner.answer(STREAM, [appoint(f"p-{number}")])
            eventually(lambda before=marks: store.marks > before)


def test_many_commits_are_marked_at_once_and_none_is_forgotten_when_it_ends() -> None:
    store, broker = Counting(), ShakyBroker([])
    with relaying(store, broker) as runner:
        for number in range(100):
            runner.answer(STREAM, [appoint(f"p-{number}")])
    published = {event.sequence for event in heard(broker)}
    assert {commit["seq"] for commit in store.pending(200)} == set(range(1, 101)) - published
    assert store.marks <= 20


def test_what_a_crash_left_is_published_before_what_is_new() -> None:
    store, broker = MemoryCommitStore(), ShakyBroker([])
    crashed = Runner(WINDOWS, store, clock=lambda: NOON)
    for number in range(3):
        crashed.answer(STREAM, [appoint(f"p-{number}")])
    with relaying(store, broker) as runner:
        runner.answer(STREAM, [appoint("p-new")])
        wait_marked(store)
    assert [event.data["person"] for event in heard(broker)] == ["p-0", "p-1", "p-2", "p-new"]


def test_while_the_broker_is_away_facts_wait_and_none_is_marked_unpublished() -> None:
    store, broker = MemoryCommitStore(), ShakyBroker(["before", "after", "before"])
    with relaying(store, broker) as runner:
        runner.answer(STREAM, [appoint("p-1")])
        runner.answer(STREAM, [appoint("p-2")])
        wait_marked(store)
    events = heard(broker)
    assert list(dict.fromkeys(event.sequence for event in events)) == [1, 2]
    assert len(events) <= 4


def test_late_refusals_go_where_no_partner_listens() -> None:
    store, broker = MemoryCommitStore(), ShakyBroker([])
    with relaying(store, broker) as runner:
        late = NOON.replace(hour=3)
        runner.answer(STREAM, [dismiss("p-1", deadline=late)])
        wait_marked(store)
    [told] = heard(broker, "notification.facts")
    assert (told.type, told.data["person"], told.sequence) == ("directory.command_refused.v1", "p-1", None)
