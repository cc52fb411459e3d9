"""What a stream wants to be told reaches it when its moment has come: at least once told, once done, never lost."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toys.terms import YEAR, Terms, terms
from toys.waiting import eventually
from toys.windows import NOON, STREAM, appoint, dismiss

from gongxue_chassis.errors import Unavailable
from gongxue_chassis.log.commit import Document
from gongxue_chassis.log.memory import MemoryCommitStore
from gongxue_chassis.log.runner import Committed, Runner
from gongxue_chassis.log.store import Armed
from gongxue_chassis.memory_bus import MemoryBroker
from gongxue_chassis.publisher import Outgoing
from gongxue_chassis.relay import Relay
from gongxue_chassis.timekeeping import AT_ONCE, LOOK_SECONDS, Timekeeper
from gongxue_contracts.envelope import BATCH, CloudEvent, batch_from_json
from installation.bus import USERS, Bus, definitions

QUEUE = "commands.directory.0"


class ShakyBroker(MemoryBroker):
    """A broker that is away for some publishes: before it takes the messages, or after, with the confirm lost."""

    def __init__(self) -> None:
        super().__init__(definitions(Bus(passwords=dict.fromkeys(USERS, "-"))))
        self.faults: list[str] = []

    def publish(self, messages: Sequence[Outgoing]) -> None:
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "before":
            raise Unavailable("away")
        super().publish(messages)
        if fault == "after":
            raise Unavailable("no confirm")


class ShakyStore(MemoryCommitStore):
    """A store that is away for some calls: `look`, `disarm`, or `disarm` with the answer lost."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.looks = 0

    def armed(self, limit: int) -> list[Armed]:
        self.looks += 1
        self._fail("look")
        return super().armed(limit)

    def left(self) -> list[Armed]:
        """What it has, for the test to see."""
        return super().armed(1_000)

    def put(self, armed: Armed) -> None:
        """As if it had been written by whatever hand."""
        self._armed[armed.stream] = armed

    def disarm(self, armed: Armed, left: list[Document]) -> None:
        self._fail("disarm")
        super().disarm(armed, left)
        self._fail("disarm, answer lost")

    def _fail(self, at: str) -> None:
        if self.faults and self.faults[0] == at:
            self.faults.pop(0)
            raise Unavailable("no primary")


@dataclass
class World:
    """A service with its store and its broker, at a time that is set by hand, as if processes of it ran."""

    now: datetime = NOON
    store: ShakyStore = field(default_factory=ShakyStore)
    broker: ShakyBroker = field(default_factory=ShakyBroker)

    def __post_init__(self) -> None:
        self.runner = Runner(terms(), self.store, lambda: self.now, self._arm)

    def ask(self, *commands: CloudEvent, stream: str = STREAM) -> None:
        """Decide these, and set the timers as the relay does."""
        assert all(answer.outcome != "parked" for answer in self.runner.answer(stream, commands))

    def decide_told(self) -> list[str]:
        """Decide what was told until now; the people whom it was about."""
        people = []
        for command in self.commands():
            people.append(command.data["person"])
            self.runner.answer(command.subject, [command])
        return people

    def commands(self) -> list[CloudEvent]:
        """What was told since this was asked last."""
        found = []
        while delivery := self.broker.take_one(QUEUE):
            [command] = batch_from_json(delivery.body)
            assert delivery.headers == {"stream": command.subject}
            assert (delivery.content_type, delivery.reply_to) == (BATCH, None)
            found.append(command)
        return found

    def state(self, stream: str = STREAM) -> Terms:
        return self.runner.streams.get(stream).state

    @contextmanager
    def watched(self, processes: int = 1) -> Iterator[Callable[[datetime], None]]:
        """`turn(now)`: it is so late now, for everybody who watches."""
        keepers = [
            Timekeeper("directory", self.store, self.broker, lambda: self.now) for _ in range(processes)
        ]

        def turn(now: datetime) -> None:
            self.now = now
            for keeper in keepers:
                keeper.look()

        with ExitStack() as running:
            for keeper in keepers:
                loop = threading.Thread(target=keeper.run)
                loop.start()
                running.callback(loop.join, 10)
                running.callback(keeper.stop)
            yield turn

    def _arm(self, commit: Committed) -> None:
        if "timers" in commit.document:
            self.store.arm(commit.document["stream"], commit.document["seq"], commit.document["timers"])


@pytest.fixture
def world() -> World:
    return World()


def test_a_timer_is_told_when_its_moment_has_come_and_not_before(world: World) -> None:
    world.ask(appoint("p-a"))
    world.now += timedelta(hours=1)
    world.ask(appoint("p-b"))
    with world.watched() as turn:
        for _ in range(3):  # of the looks the second begins after it is so late, the third when that is done
            looks = world.store.looks
            turn(NOON + YEAR - timedelta(milliseconds=1))
            eventually(lambda before=looks: world.store.looks > before)
        assert world.commands() == []
        turn(NOON + YEAR)
        eventually(lambda: [one.timers[0]["name"] for one in world.store.left()] == ["term of p-b"])
        assert world.decide_told() == ["p-a"]
        turn(NOON + YEAR + timedelta(hours=1))
        eventually(lambda: not world.store.left())
        assert world.decide_told() == ["p-b"]
    assert world.state().until == {}


def test_what_came_due_while_nobody_watched_is_all_told_in_the_order_of_its_moments(world: World) -> None:
    streams = [f"roles:s{number:03}" for number in range(3 * AT_ONCE)]
    for stream in streams:
        world.now += timedelta(seconds=1)
        world.ask(appoint("p-a", stream=stream), stream=stream)
    world.now += YEAR + timedelta(days=1)
    with world.watched():
        eventually(lambda: not world.store.left())
    told = world.commands()
    assert [command.subject for command in told] == streams
    for command in told:
        world.ask(command, stream=command.subject)
    assert [world.state(stream).until for stream in streams] == [{}] * len(streams)


def test_however_many_watch_it_is_done_once(world: World) -> None:
    for number in range(20):
        world.ask(appoint(f"p-{number}"))
        world.now += timedelta(seconds=1)
    with world.watched(processes=4) as turn:
        for second in range(20):
            turn(NOON + YEAR + timedelta(seconds=second))
        eventually(lambda: not world.store.left())
    told = world.commands()
    assert len({command.id for command in told}) == 20
    world.ask(*told)
    assert [len(commit["facts"]) for commit in world.store.commits_after(STREAM, 20)] == [20]


def test_one_that_was_moved_or_taken_back_in_time_is_not_told(world: World) -> None:
    world.ask(appoint("p-a"), appoint("p-b"))
    world.now += timedelta(days=1)
    world.ask(appoint("p-a"), dismiss("p-b"))
    with world.watched() as turn:
        turn(NOON + YEAR)
        turn(world.now + timedelta(days=1))
        eventually(lambda: not world.store.left())
    [command] = world.commands()
    assert (command.data["person"], command.time) == ("p-a", NOON + timedelta(days=1) + YEAR)


@pytest.mark.parametrize("fault", ["before", "after"])
def test_while_the_broker_is_away_timers_wait(
    world: World, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    world.ask(appoint("p-a"))
    world.broker.faults = [fault, fault]
    with caplog.at_level(logging.INFO), world.watched() as turn:
        turn(NOON + YEAR)
        eventually(lambda: not world.store.left())
    assert set(world.decide_told()) == {"p-a"}
    assert world.state().until == {}
    said = [(one.levelname, one.exc_info) for one in caplog.records if one.name.endswith("timekeeping")]
    assert said == [("WARNING", None)] * 2


@pytest.mark.parametrize("fault", ["look", "disarm", "disarm, answer lost"])
def test_while_the_store_is_away_timers_wait_and_are_done_once(world: World, fault: str) -> None:
    world.ask(appoint("p-a"))
    world.store.faults = [fault, fault]
    with world.watched() as turn:
        turn(NOON + YEAR)
        eventually(lambda: not world.store.left())
    told = world.commands()
    assert len({command.id for command in told}) == 1
    world.ask(*told)
    assert [len(commit["facts"]) for commit in world.store.commits_after(STREAM, 0)] == [1, 1]


class Away(ShakyBroker):
    """A broker that is away, and counts how often it is asked."""

    tries = 0

    def publish(self, messages: Sequence[Outgoing]) -> None:
        self.tries += 1
        raise Unavailable("away")


def test_who_waits_for_the_broker_pauses_and_stops_when_told() -> None:
    broker = Away()
    world = World(broker=broker)
    world.ask(appoint("p-a"))
    world.now += YEAR
    begun = time.monotonic()
    with world.watched():
        eventually(lambda: broker.tries >= 3)
        assert time.monotonic() - begun > 0.5
    assert world.store.left()


def test_who_watches_rests_until_a_timer_is_due(world: World) -> None:
    world.ask(appoint("p-a"))
    keeper = Timekeeper("directory", world.store, world.broker, lambda: world.now)
    loop = threading.Thread(target=keeper.run)
    loop.start()
    eventually(lambda: world.store.looks)
    loop.join(LOOK_SECONDS / 10)
    assert (loop.is_alive(), world.store.looks) == (True, 1)
    keeper.stop()
    loop.join(LOOK_SECONDS / 2)
    assert not loop.is_alive()


def unfit(timer: Document, **fields: Any) -> Document:
    return {name: value for name, value in {**timer, **fields}.items() if value is not ...}


@pytest.mark.parametrize(
    "fields",
    [
        {"at": "noon"},
        {"at": ...},
        {"at": NOON.replace(tzinfo=None)},
        {"type": "nonsense"},
        {"type": None},
        {"name": ...},
        {"since": ...},
        {"data": object()},
    ],
)
def test_a_timer_that_cannot_be_read_is_set_aside_and_all_others_are_told(
    world: World, caplog: pytest.LogCaptureFixture, fields: dict[str, Any]
) -> None:
    other = "roles:other"
    world.ask(appoint("p-a"), appoint("p-b"))
    world.ask(appoint("p-c", stream=other), stream=other)
    [held] = [one for one in world.store.left() if one.stream == STREAM]
    world.store.arm(STREAM, 9, [unfit(held.timers[0], **fields), held.timers[1]])
    with world.watched() as turn:
        turn(NOON + YEAR)
        eventually(lambda: not world.store.left())
        looks = world.store.looks
        turn(world.now)
        eventually(lambda: world.store.looks > looks)
    assert sorted(command.data["person"] for command in world.commands()) == ["p-b", "p-c"]
    [said] = [one.getMessage() for one in caplog.records if one.levelname == "ERROR"]
    assert said.startswith(f"timer set aside, the 1. of this process: {STREAM}@9: ")


@pytest.mark.parametrize(("seq", "timers"), [(3, "nonsense"), (3, [None])])
def test_timers_of_no_shape_at_all_are_set_aside_once(world: World, seq: Any, timers: Any) -> None:
    world.store.put(Armed(STREAM, seq, timers))
    keeper = Timekeeper("directory", world.store, world.broker, lambda: world.now)
    loop = threading.Thread(target=keeper.run)
    loop.start()
    eventually(lambda: keeper.set_aside == 1)
    keeper.stop()
    loop.join(10)
    assert (world.commands(), world.store.left()) == ([], [])


@contextmanager
def relayed(world: World) -> Iterator[Relay]:
    """What is committed is relayed, by a process that has just begun to."""
    relay = Relay(world.store, lambda _: world.runner.translation, world.broker)
    world.runner.on_commit = relay.committed
    loop = threading.Thread(target=relay.run)
    loop.start()
    try:
        yield relay
    finally:
        relay.stop()
        loop.join(10)


def test_a_timer_is_set_by_the_relay_which_wakes_who_watches(world: World) -> None:
    with world.watched() as turn, relayed(world) as relay:
        relay.on_timers = lambda: turn(NOON + YEAR)
        world.ask(appoint("p-a"))
        [command] = eventually(world.commands, seconds=LOOK_SECONDS / 2)
    assert command.data["person"] == "p-a"


def test_what_a_crash_left_unset_is_set_by_who_relays_next(world: World) -> None:
    world.runner.on_commit = lambda _: None
    world.ask(appoint("p-a"), appoint("p-b"))
    world.ask(dismiss("p-a"))
    with relayed(world):
        eventually(lambda: not world.store.pending(1))
    assert [[one["name"] for one in armed.timers] for armed in world.store.left()] == [["term of p-b"]]


@settings(max_examples=100, deadline=None)
@given(
    acts=st.lists(
        st.tuples(st.sampled_from([appoint, dismiss]), st.sampled_from(["p-a", "p-b"])), max_size=8
    ),
    chance=st.randoms(use_true_random=False),
)
def test_commits_relayed_three_times_in_any_order_leave_the_timers_of_once(
    acts: list[tuple[Callable[[str], CloudEvent], str]], chance: random.Random
) -> None:
    world, once = World(), MemoryCommitStore()
    for act, person in acts:
        world.now += timedelta(minutes=1)
        world.ask(act(person))
    commits = [one for one in world.store.commits_after(STREAM, 0) if "timers" in one]
    for commit in commits:
        once.arm(STREAM, commit["seq"], commit["timers"])
    shuffled = commits * 3
    chance.shuffle(shuffled)
    thrice = MemoryCommitStore()
    for commit in shuffled:
        thrice.arm(STREAM, commit["seq"], commit["timers"])
    assert thrice.armed(10) == once.armed(10)
    assert {one["name"] for armed in once.armed(10) for one in armed.timers} == {
        f"term of {person}" for person in world.state().until
    }
