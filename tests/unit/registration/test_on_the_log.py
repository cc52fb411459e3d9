"""An activity carried by the commit log: repeated commands, lost races and restarts change nothing for anybody."""

from __future__ import annotations

from functools import reduce
from typing import Any
from uuid import UUID, uuid5

from hypothesis import given, settings
from hypothesis import strategies as st

from gongxue_chassis.log.commit import Answer
from gongxue_chassis.log.memory import MemoryCommitStore
from gongxue_chassis.log.runner import Runner
from gongxue_chassis.log.warm import freeze, read
from gongxue_contracts.envelope import CloudEvent
from registration.domain.activity import Activity
from registration.schemas import AGGREGATE

from .story import ACTIVITY, ENDS, NOW, STARTS

STREAM = f"activity:{ACTIVITY}"
HOST = {"person": "lin", "school": "nchu", "role": "host"}
WISHES = UUID("a51f6d1e-3b0c-5c52-9d39-1f8a3ad0c6a4")

DRAFT = {
    "kind": "co_training",
    "host": "nchu",
    "title": {"zh": "共同培力", "en": ""},
    "summary": {"zh": "說明", "en": ""},
    "venue": None,
    "theme": None,
    "starts_at": STARTS.isoformat(),
    "ends_at": ENDS.isoformat(),
    "pools": {"onsite": 2},
    "waiting_limit": 2,
}


def wish(name: str, key: str, **data: Any) -> CloudEvent:
    """The same key is the same wish, sent once more."""
    return CloudEvent(
        id=str(uuid5(WISHES, f"{name} {key}")),
        source="/center/gateway",
        type=f"registration.{name}.v1",
        subject=STREAM,
        time=NOW,
        data={"activity": ACTIVITY, **data},
    )


def registration_of(person: str, time: int) -> str:
    return str(uuid5(WISHES, f"Register {person} {time}"))


def register(person: str, time: int) -> CloudEvent:
    id = registration_of(person, time)
    who = {"registration": id, "person": person, "school": "npust", "pool": "onsite", "waiting_list": True}
    return wish("Register", f"{person} {time}", **who)


def cancel(person: str, time: int) -> CloudEvent:
    by = {"person": person, "school": "npust", "role": "staff"}
    return wish("CancelRegistration", f"{person} {time}", by=by, registration=registration_of(person, time))


def raise_limit(limit: int) -> CloudEvent:
    return wish("ChangeActivity", str(limit), by=HOST, changes={"pools": {"onsite": limit}})


OPENING = [wish("DraftActivity", "", by=HOST, details=DRAFT), wish("PublishActivity", "", by=HOST)]
PEOPLE, TIMES = st.sampled_from(["p-mei", "p-ann", "p-bo", "p-cai", "p-dan"]), st.integers(0, 1)
COMMANDS = (
    st.builds(register, PEOPLE, TIMES)
    | st.builds(register, PEOPLE, TIMES)
    | st.builds(cancel, PEOPLE, TIMES)
    | st.builds(raise_limit, st.integers(1, 4))
)
BUNDLES = st.lists(
    st.tuples(st.booleans(), st.booleans(), st.lists(COMMANDS, min_size=1, max_size=5)), max_size=12
)


def from_nothing(store: MemoryCommitStore, runner: Runner[Activity]) -> Activity:
    codec = runner.translation.codec
    facts = [codec.restore(fact) for commit in store.commits_after(STREAM, 0) for fact in commit["facts"]]
    return reduce(AGGREGATE.evolve, facts, AGGREGATE.initial())


@settings(max_examples=50, deadline=None)
@given(BUNDLES)
def test_given_two_deciders_and_repeated_commands_when_all_is_done_then_the_log_tells_one_story(
    bundles: list[tuple[bool, bool, list[CloudEvent]]],
) -> None:
    """Two processes decide on one stream, against all rules: each loses races, and each hears some commands twice."""
    store = MemoryCommitStore()
    deciders = [Runner(AGGREGATE, store, clock=lambda: NOW) for _ in range(2)]
    told: dict[str, Answer] = {answer.command: answer for answer in deciders[0].answer(STREAM, OPENING)}
    for second, snapshot, bundle in bundles:
        decider = deciders[second]
        for answer in decider.answer(STREAM, bundle):
            assert told.setdefault(answer.command, answer) == answer
        if snapshot:
            store.save_snapshot(freeze(AGGREGATE, read(AGGREGATE, store, STREAM)))
        afresh, warm = read(AGGREGATE, store, STREAM), decider.streams.get(STREAM)
        assert afresh.state == from_nothing(store, decider)
        # A decider that has only repeated itself need not know yet what the other one has committed.
        assert warm.seq < afresh.seq or warm.state == afresh.state
    in_the_log = [answer["id"] for commit in store.commits_after(STREAM, 0) for answer in commit["answers"]]
    assert sorted(in_the_log) == sorted(told)
    assert {answer.outcome for answer in told.values()} <= {"accepted", "refused"}


@settings(max_examples=50, deadline=None)
@given(BUNDLES)
def test_given_any_bundles_when_they_are_answered_then_no_more_are_seated_than_there_are_seats(
    bundles: list[tuple[bool, bool, list[CloudEvent]]],
) -> None:
    """Counted by a partner who knows the published facts alone."""
    store = MemoryCommitStore()
    decider = Runner(AGGREGATE, store, clock=lambda: NOW)
    answers = decider.answer(STREAM, OPENING)
    for _, _, bundle in bundles:
        answers += decider.answer(STREAM, bundle)
    facts = {fact.sequence or 0: fact for answer in answers for fact in answer.facts}
    assert sorted(facts) == list(range(1, len(facts) + 1))
    seated: set[str] = set()
    for number in sorted(facts):
        data = facts[number].data
        match facts[number].type:
            case "registration.seat_confirmed.v1" | "registration.promoted_from_waiting_list.v1":
                assert data["person"] not in seated
                seated.add(data["person"])
            case "registration.registration_cancelled.v1" if data["was"] == "confirmed":
                seated.remove(data["person"])
        if "seats" in data:
            assert len(seated) == data["seats"]["onsite"]["taken"] <= data["seats"]["onsite"]["limit"]
