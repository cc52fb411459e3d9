"""What an answer looks like on its way to the gateway."""

from __future__ import annotations

from toys.windows import NOON, STREAM, WINDOWS, appoint, dismiss

from gongxue_chassis.commands import FACTS_IN_AN_ANSWER, answer_event
from gongxue_chassis.log.commit import Answer
from gongxue_chassis.log.memory import MemoryCommitStore
from gongxue_chassis.log.runner import Runner
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import batch_from_json, batch_to_json


def test_it_says_what_was_asked_and_what_became_of_it() -> None:
    command = dismiss("p-1")
    [answer] = Runner(WINDOWS, MemoryCommitStore(), clock=lambda: NOON).answer(STREAM, [command])
    event = answer_event("directory", command, answer)
    assert (event.causationid, event.subject, event.type) == (command.id, STREAM, "bus.answer.v1")
    assert event.data == {
        "outcome": "refused",
        "facts": [],
        "refusal": {"code": "unknown_window", "details": {"person": "p-1"}},
    }


def test_an_answer_with_thousands_of_facts_still_travels() -> None:
    command = appoint("p-1")
    [answer] = Runner(WINDOWS, MemoryCommitStore(), clock=lambda: NOON).answer(STREAM, [command])
    event = answer_event("directory", command, Answer(command.id, "accepted", facts=answer.facts * 5_000))
    [travelled] = batch_from_json(batch_to_json([event]))
    read = catalogue.read(travelled.type, travelled.data)
    assert len(read["facts"]) == FACTS_IN_AN_ANSWER
    assert read["facts"][0]["id"] == f"{STREAM}@1.0"
