"""Given what was committed, when commands come, then these facts, answers and commits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toys.windows import NOON, STREAM, WINDOWS, Windows, appoint, dismiss

from gongxue_chassis.errors import Conflict, Unavailable, Unreadable
from gongxue_chassis.log.commit import Document
from gongxue_chassis.log.memory import MemoryCommitStore
from gongxue_chassis.log.runner import Committed, Runner, TooManyLostRaces
from gongxue_chassis.log.snapshots import Snapshotter
from gongxue_chassis.log.store import Snapshot
from gongxue_chassis.log.warm import read


class RivalStore(MemoryCommitStore):
    """A store in which a rival commits just before us, as often as told."""

    def __init__(self, rival_commands: list[Any]) -> None:
        super().__init__()
        self.rival_commands = rival_commands

    def append(self, commit: Document) -> None:
        if self.rival_commands:
            rival = Runner(WINDOWS, _Plain(self), clock=lambda: NOON)
            rival.answer(STREAM, [self.rival_commands.pop(0)])
        super().append(commit)


class _Plain(MemoryCommitStore):
    """The same commits, without the rivalry."""

    def __init__(self, of: MemoryCommitStore) -> None:
        self.__dict__ = of.__dict__

    append = MemoryCommitStore.append


class FailingStore(MemoryCommitStore):
    """A store that fails at the next insert: before it is done, or after it with the answer lost."""

    fail: str | None = None

    def append(self, commit: Document) -> None:
        failure, self.fail = self.fail, None
        if failure == "before":
            raise Unavailable("no primary")
        super().append(commit)
        if failure == "after":
            raise Unavailable("connection lost")


@pytest.fixture
def store() -> MemoryCommitStore:
    return MemoryCommitStore()


@pytest.fixture
def runner(store: MemoryCommitStore) -> Runner[Windows]:
    return Runner(WINDOWS, store, clock=lambda: NOON)


def commits(store: MemoryCommitStore) -> list[Document]:
    return list(store.commits_after(STREAM, 0))


def outcomes(answers: Any) -> list[tuple[str, str | None]]:
    return [(answer.outcome, answer.code) for answer in answers]


def test_a_command_is_answered_with_its_facts_as_they_are_published(runner: Runner[Windows]) -> None:
    command = appoint("p-lin")
    [answer] = runner.answer(STREAM, [command])
    [fact] = answer.facts
    assert (fact.id, fact.sequence, fact.type) == (f"{STREAM}@1.0", 1, "directory.role_granted.v1")
    assert (fact.source, fact.subject, fact.tenant) == ("/center/directory", STREAM, "center")
    assert (fact.causationid, fact.correlationid) == (command.id, "c-1")
    assert (fact.traceparent, fact.time) == (command.traceparent, NOON)
    assert (fact.data["scope"], fact.data["person"]) == ("nchu", "p-lin")


def test_commands_that_wait_together_share_one_commit_in_their_order(
    runner: Runner[Windows], store: MemoryCommitStore
) -> None:
    answers = runner.answer(STREAM, [appoint("p-1"), appoint("p-2"), appoint("p-1"), dismiss("p-1")])
    assert outcomes(answers) == [
        ("accepted", None),
        ("accepted", None),
        ("refused", "window_exists"),
        ("accepted", None),
    ]
    [commit] = commits(store)
    assert [fact["data"]["person"] for fact in commit["facts"]] == ["p-1", "p-2", "p-1"]
    assert [fact.sequence for answer in answers for fact in answer.facts] == [1, 2, 3]


def test_a_known_command_gets_its_first_answer_whatever_happened_since(
    runner: Runner[Windows], store: MemoryCommitStore
) -> None:
    first, refused = appoint("p-1"), dismiss("p-2")
    before = runner.answer(STREAM, [first, refused])
    runner.answer(STREAM, [dismiss("p-1"), appoint("p-2")])
    assert runner.answer(STREAM, [first, refused]) == before
    assert Runner(WINDOWS, store).answer(STREAM, [refused, first]) == before[::-1]
    assert len(commits(store)) == 2


def test_a_command_twice_in_one_batch_takes_effect_once(runner: Runner[Windows]) -> None:
    command = appoint("p-1")
    answers = runner.answer(STREAM, [command, command])
    assert answers[0] == answers[1]
    assert answers[0].outcome == "accepted"


def test_another_wish_under_a_known_id_is_refused(runner: Runner[Windows]) -> None:
    command = appoint("p-1")
    runner.answer(STREAM, [command])
    other = appoint("p-2", command.id)
    same_batch = appoint("p-3")
    assert outcomes(runner.answer(STREAM, [other])) == [("refused", "idempotency_key_reused")]
    assert outcomes(runner.answer(STREAM, [same_batch, appoint("p-4", same_batch.id)])) == [
        ("accepted", None),
        ("refused", "idempotency_key_reused"),
    ]


@pytest.mark.parametrize("seconds_late", [0, 1])
def test_only_a_refusal_after_the_deadline_is_told_later(
    runner: Runner[Windows], store: MemoryCommitStore, seconds_late: int
) -> None:
    deadline = NOON - timedelta(seconds=seconds_late)
    runner.answer(STREAM, [dismiss("p-1", deadline=deadline), appoint("p-2", deadline=deadline)])
    told = list(runner.translation.late_refusals(commits(store)[0]))
    assert [(event.type, event.data["code"], event.data["person"]) for event in told] == [
        ("directory.command_refused.v1", "unknown_window", "p-1")
    ] * seconds_late


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (appoint("p-raises"), "handler_raised"),
        (appoint("p-breaks-contract"), "fact_breaks_contract"),
        (replace(appoint("p-1"), data={"school": "nchu"}), "wrong_schema"),
        (replace(appoint("p-1"), type="directory.NoSuchThing.v1"), "unknown_type"),
        (replace(appoint("p-1"), type="registration.Register.v1", data={}), "unknown_type"),
        (replace(appoint("p-1"), id="not-a-uuid"), "malformed_command"),
        (replace(appoint("p-1", stream="roles:ntu"), subject=STREAM), "wrong_stream"),
    ],
)
def test_a_command_that_cannot_be_decided_is_parked_and_harms_no_neighbour(
    runner: Runner[Windows], store: MemoryCommitStore, bad: Any, reason: str
) -> None:
    answers = runner.answer(STREAM, [appoint("p-7"), bad, appoint("p-8")])
    assert outcomes(answers) == [("accepted", None), ("parked", reason), ("accepted", None)]
    assert [fact["data"]["person"] for fact in commits(store)[0]["facts"]] == ["p-7", "p-8"]
    assert runner.streams.get(STREAM).state.people == ["p-7", "p-8"]


def test_commands_for_a_stream_that_cannot_be_read_are_parked(
    runner: Runner[Windows], store: MemoryCommitStore
) -> None:
    """A service that died of it would be started again only to die again, and take all other streams with it."""
    forgotten = {"type": "Painted", "data": {}, "answer": 0}
    store.append({"_id": f"{STREAM}@1", "stream": STREAM, "seq": 1, "facts": [forgotten], "answers": []})
    answers = runner.answer(STREAM, [appoint("p-1"), dismiss("p-1")])
    assert outcomes(answers) == [("parked", "unreadable_stream")] * 2
    assert "Painted" in answers[0].detail
    assert len(commits(store)) == 1


def test_a_snapshot_that_cannot_be_read_is_told(store: MemoryCommitStore) -> None:
    store.save_snapshot(Snapshot(STREAM, 1, 1, [{"state": {"animals": []}}]))
    with pytest.raises(Unreadable, match="the snapshot of"):
        read(WINDOWS, store, STREAM)


def test_after_a_lost_race_it_decides_again_on_what_was_committed() -> None:
    store = RivalStore([appoint("p-1"), appoint("p-2")])
    runner = Runner(WINDOWS, store, clock=lambda: NOON)
    answers = runner.answer(STREAM, [appoint("p-1"), appoint("p-3")])
    assert outcomes(answers) == [("refused", "window_exists"), ("accepted", None)]
    assert runner.streams.get(STREAM).state.people == ["p-1", "p-2", "p-3"]
    assert [commit["seq"] for commit in commits(store)] == [1, 2, 3]


def test_a_race_that_is_never_won_is_given_up() -> None:
    store = RivalStore([appoint(f"p-{n}") for n in range(100)])
    with pytest.raises(TooManyLostRaces):
        Runner(WINDOWS, store, clock=lambda: NOON).answer(STREAM, [appoint("p-x")])


@pytest.mark.parametrize("failure", ["before", "after"])
def test_when_the_store_fails_nothing_is_lost_or_done_twice(failure: str) -> None:
    store = FailingStore()
    runner = Runner(WINDOWS, store, clock=lambda: NOON)
    command = appoint("p-1")
    store.fail = failure
    with pytest.raises(Unavailable):
        runner.answer(STREAM, [command])
    [answer] = runner.answer(STREAM, [command])
    assert answer.outcome == "accepted"
    assert runner.streams.get(STREAM).state.people == ["p-1"]
    assert len(commits(store)) == 1


def test_commits_are_told_after_they_are_on_disk(store: MemoryCommitStore) -> None:
    heard: list[Committed] = []

    def hear(commit: Committed) -> None:
        assert store.commit(STREAM, commit.document["seq"]) is not None
        heard.append(commit)

    runner = Runner(WINDOWS, store, clock=lambda: NOON, on_commit=hear)
    runner.answer(STREAM, [appoint("p-1")])
    runner.answer(STREAM, [dismiss("p-9")])
    assert [(one.document["seq"], len(one.facts)) for one in heard] == [(1, 1), (2, 0)]


def test_a_stream_read_from_a_snapshot_is_the_stream_read_from_nothing(
    runner: Runner[Windows], store: MemoryCommitStore
) -> None:
    early = appoint("p-early")
    runner.answer(STREAM, [early, *(appoint(f"p-{n}") for n in range(25))])
    Snapshotter(store).take(WINDOWS, STREAM)
    runner.answer(STREAM, [dismiss("p-3")])
    warm = read(WINDOWS, store, STREAM)
    assert warm.kept == 26
    live = runner.streams.get(STREAM)
    assert (warm.state, warm.seq, warm.facts, warm.seen) == (live.state, live.seq, live.facts, live.seen)
    assert Runner(WINDOWS, store).answer(STREAM, [early]) == runner.answer(STREAM, [early])


people = st.sampled_from([f"p-{n}" for n in range(4)])
batches = st.lists(
    st.lists(st.tuples(st.sampled_from([appoint, dismiss]), people, st.integers(0, 20)), max_size=6)
)


@settings(max_examples=200, deadline=None)
@given(batches=batches, losses=st.lists(st.sampled_from(["none", "conflict", "before", "after"])))
def test_any_interleaving_of_duplicates_and_lost_races_replays_to_the_live_state(
    batches: list[list[Any]], losses: list[str]
) -> None:
    """Command ids repeat (0..20), inserts fail or lose races; the log read from nothing is the state in the process."""
    store = FailingStore()
    runner = Runner(WINDOWS, store, clock=lambda: NOON)
    first_answers: dict[tuple[str, str], Any] = {}
    fate: Iterator[str] = iter(losses)
    for batch in batches:
        commands = [make(person, f"00000000-0000-4000-8000-{n:012}") for make, person, n in batch]
        store.fail = next(fate, "none")
        if store.fail == "conflict":
            store.fail = None
            Runner(WINDOWS, store, clock=lambda: NOON).answer(
                STREAM, [appoint(f"p-{len(commits(store)) % 4}")]
            )
        try:
            answers = runner.answer(STREAM, commands)
        except Unavailable:
            answers = runner.answer(STREAM, commands)
        for command, answer in zip(commands, answers, strict=True):
            wish = (command.id, f"{command.type} {command.data['person']}")
            assert first_answers.setdefault(wish, answer) == answer
    store.fail = None
    runner.answer(STREAM, [dismiss("p-nobody")])  # makes the runner read what a rival did last
    fresh, live = read(WINDOWS, store, STREAM), runner.streams.get(STREAM)
    assert (fresh.state, fresh.seq, fresh.facts, fresh.seen) == (live.state, live.seq, live.facts, live.seen)


def test_a_conflict_is_an_insert_of_a_number_that_is_taken(store: MemoryCommitStore) -> None:
    store.append({"_id": "s@1", "stream": "s", "seq": 1})
    with pytest.raises(Conflict):
        store.append({"_id": "s@1", "stream": "s", "seq": 1})
