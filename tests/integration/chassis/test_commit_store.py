"""One suite for the commit store in memory and the one in MongoDB."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count as counting
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from toys.waiting import eventually

from gongxue_chassis.errors import Conflict
from gongxue_chassis.log.memory import MemoryCommitStore
from gongxue_chassis.log.mongo import MongoCommitStore, connect
from gongxue_chassis.log.store import Armed, CommitStore, Snapshot
from gongxue_chassis.memory_bus import MemoryBroker
from gongxue_chassis.timekeeping import Timekeeper
from installation.bus import USERS, Bus, definitions

NOON = datetime(2026, 12, 1, 4, 0, 0, 123_000, tzinfo=UTC)


@pytest.fixture(params=["memory", "mongo"])
def store(request: pytest.FixtureRequest) -> Iterator[CommitStore]:
    if request.param == "memory":
        yield MemoryCommitStore()
        return
    database = connect(request.getfixturevalue("mongo_uri"))
    yield MongoCommitStore(database)
    database.client.close()


def commit(stream: str, seq: int, **fields: Any) -> dict[str, Any]:
    return {
        "_id": f"{stream}@{seq}",
        "stream": stream,
        "seq": seq,
        "time": NOON,
        "facts": [],
        "answers": [],
        **fields,
    }


def test_a_commit_comes_back_as_it_was(store: CommitStore) -> None:
    kept = commit(
        "s:a", 1, facts=[{"type": "Done", "data": {"at": NOON, "n": 2**40, "名": "中興"}}], pending=True
    )
    store.append(dict(kept))
    assert store.commit("s:a", 1) == kept
    assert store.commit("s:a", 2) is None


def test_a_number_is_taken_once(store: CommitStore) -> None:
    store.append(commit("s:a", 1, by="first"))
    with pytest.raises(Conflict):
        store.append(commit("s:a", 1, by="second"))
    found = store.commit("s:a", 1)
    assert found is not None
    assert found["by"] == "first"


def test_a_stream_is_read_in_order_from_after_a_number(store: CommitStore) -> None:
    for seq in [2, 11, 1, 3, 10, *range(4, 10), *range(12, 30)]:
        store.append(commit("s:a", seq))
    store.append(commit("s:b", 5))
    assert [one["seq"] for one in store.commits_after("s:a", 3)] == list(range(4, 30))


def test_pending_commits_come_in_order_until_they_are_marked(store: CommitStore) -> None:
    for stream, seq in [("s:b", 1), ("s:a", 2), ("s:a", 1), ("s:a", 10)]:
        store.append(commit(stream, seq, pending=True))
    store.append(commit("s:c", 1))
    assert [one["_id"] for one in store.pending(10)] == ["s:a@1", "s:a@2", "s:a@10", "s:b@1"]
    assert [one["_id"] for one in store.pending(2)] == ["s:a@1", "s:a@2"]
    store.mark_published(["s:a@1", "s:a@10"])
    assert [one["_id"] for one in store.pending(10)] == ["s:a@2", "s:b@1"]


def test_streams_are_listed_once_each(store: CommitStore) -> None:
    for stream, seq in [("s:b", 1), ("s:a", 1), ("s:a", 2)]:
        store.append(commit(stream, seq))
    assert list(store.streams()) == ["s:a", "s:b"]


def test_streams_are_listed_from_one_on_however_many(store: CommitStore) -> None:
    names = [f"s:a{number:03}" for number in range(250)]
    for name in reversed(names):
        store.append(commit(name, 1))
    assert list(store.streams()) == names
    assert list(store.streams("s:a100")) == names[100:]


def test_the_newest_snapshot_is_found_whole(store: CommitStore) -> None:
    assert store.snapshot("s:a") is None
    for seq, count in [(10, 3), (20, 12)]:
        pieces = ({"state": {"n": n, "seq": seq}} for n in range(count))
        store.save_snapshot(Snapshot("s:a", seq, seq * 2, pieces))
    store.save_snapshot(Snapshot("s:b", 1, 1, [{"seen": [[b"\x00" * 16, 1, 0]]}]))
    found = store.snapshot("s:a")
    assert found is not None
    assert (found.stream, found.seq, found.facts) == ("s:a", 20, 40)
    assert list(found.pieces) == [{"state": {"n": n, "seq": 20}} for n in range(12)]


def test_an_older_snapshot_does_not_replace_a_newer_one(store: CommitStore) -> None:
    store.save_snapshot(Snapshot("s:a", 20, 20, [{"state": {"new": True}}]))
    store.save_snapshot(Snapshot("s:a", 10, 10, [{"state": {"new": False}}]))
    found = store.snapshot("s:a")
    assert found is not None
    assert (found.seq, list(found.pieces)) == (20, [{"state": {"new": True}}])


def timer(name: str, minutes: int, since: int = 1) -> dict[str, Any]:
    at = NOON + timedelta(minutes=minutes)
    return {"name": name, "at": at, "type": "s.Do.v1", "data": {"名": [1, {"a": None}]}, "since": since}


def test_streams_with_timers_come_soonest_first_and_whole(store: CommitStore) -> None:
    late, soon = [timer("x", 90)], [timer("a", 70), timer("b", 10)]
    store.arm("s:late", 4, late)
    store.arm("s:soon", 7, soon)
    store.arm("s:none", 2, [])
    assert store.armed(10) == [Armed("s:soon", 7, soon), Armed("s:late", 4, late)]
    assert store.armed(1) == [Armed("s:soon", 7, soon)]
    assert store.armed(1)[0].next == NOON + timedelta(minutes=10)


def test_timers_that_were_told_do_not_come_back_with_their_commit(store: CommitStore) -> None:
    both = [timer("a", 1), timer("b", 2)]
    store.arm("s:a", 3, both)
    [armed] = store.armed(10)
    store.disarm(armed, both[1:])
    store.arm("s:a", 3, both)
    [armed] = store.armed(10)
    assert armed == Armed("s:a", 3, both[1:])
    store.disarm(armed, [])
    store.arm("s:a", 3, both)
    assert store.armed(10) == []
    store.arm("s:a", 4, both)
    assert store.armed(10) == [Armed("s:a", 4, both)]


def test_who_told_timers_takes_away_no_newer_ones(store: CommitStore) -> None:
    store.arm("s:a", 1, [timer("a", 1)])
    [armed] = store.armed(10)
    store.arm("s:a", 2, [timer("a", 1), timer("b", 1, since=2)])
    store.disarm(armed, [])
    assert [one["name"] for one in store.armed(10)[0].timers] == ["a", "b"]


def test_who_told_late_brings_none_back_that_another_told(store: CommitStore) -> None:
    store.arm("s:a", 1, [timer("a", 1), timer("b", 2)])
    [late] = store.armed(10)
    store.disarm(late, [timer("b", 2)])
    [armed] = store.armed(10)
    store.disarm(armed, [])
    store.disarm(late, [timer("b", 2)])
    assert store.armed(10) == []


def test_timers_set_aside_are_not_told_until_a_commit_sets_them_anew(store: CommitStore) -> None:
    both = [timer("a", 1), timer("b", 2)]
    store.arm("s:a", 3, both)
    [armed] = store.armed(10)
    store.set_aside(armed, both[1:], [{"timer": both[0], "why": "odd"}])
    assert store.armed(10) == [Armed("s:a", 3, both[1:])]
    store.arm("s:a", 3, both)
    assert store.armed(10) == [Armed("s:a", 3, both[1:])]
    store.arm("s:a", 4, both)
    store.set_aside(armed, [], [])
    assert store.armed(10) == [Armed("s:a", 4, both)]


@pytest.mark.parametrize(
    "odd", [{}, {"seq": 3}, {"seq": "x", "timers": [7]}, {"seq": 3, "timers": "x"}, {"seq": 3, "timers": []}]
)
def test_a_document_of_no_shape_is_set_aside_and_a_later_commit_takes_its_place(
    mongo_uri: str, odd: dict[str, Any]
) -> None:
    database = connect(mongo_uri)
    store, broker = (
        MongoCommitStore(database),
        MemoryBroker(definitions(Bus(passwords=dict.fromkeys(USERS, "-")))),
    )
    database["timers"].insert_one({"_id": "s:odd", "armed": True, **odd})
    store.arm("s:good", 1, [{**timer("a", 1), "type": "directory.Do.v1"}])
    keeper = Timekeeper("directory", store, broker, lambda: NOON + timedelta(hours=1))
    loop = threading.Thread(target=keeper.run)
    loop.start()
    try:
        assert eventually(lambda: not database["timers"].count_documents({"armed": True}))
    finally:
        keeper.stop()
        loop.join(10)
    assert broker.take_one("commands.directory.0")
    kept = database["timers"].find_one({"_id": "s:odd"}) or {}
    assert len(kept.get("set_aside", [])) == keeper.set_aside
    store.arm("s:odd", 4, [timer("a", 1)])
    assert [one.stream for one in store.armed(10)] == ["s:odd"]
    database.client.close()


STREAMS = counting()
NUMBERS = st.lists(st.integers(1, 6), min_size=1, max_size=12)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(numbers=NUMBERS)
def test_timers_are_those_of_the_last_commit_in_whatever_order_and_however_often_they_come(
    store: CommitStore, numbers: list[int]
) -> None:
    stream = f"s:{next(STREAMS)}"
    wanted = {seq: [timer(f"n{seq}", seq)] if seq % 3 else [] for seq in range(1, 7)}
    for seq in numbers:
        store.arm(stream, seq, wanted[seq])
    found = [one.timers for one in store.armed(1_000) if one.stream == stream]
    assert found == ([wanted[max(numbers)]] if wanted[max(numbers)] else [])
