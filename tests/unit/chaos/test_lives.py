"""Stories for the tests of those who hear facts: real ones, with everything in them that can happen."""

from __future__ import annotations

import json
from collections import Counter

from chaos.lives import golden, story

from gongxue_contracts import catalogue

LIVED = {
    entry.type
    for entry in catalogue.entries()
    if entry.kind != "command" and entry.service in ("registration", "directory")
}
HEARD = {entry.type for entry in catalogue.entries() if entry.kind != "command"} - {"bus.answer.v1"}


def types(messages: list[object]) -> Counter[str]:
    return Counter(json.loads(message.body)["type"] for message in messages)  # type: ignore[attr-defined]


def test_every_golden_fact_is_told() -> None:
    assert set(types(golden())) == HEARD


def test_lives_have_facts_of_nearly_every_kind_and_the_same_seed_gives_the_same_ones() -> None:
    told = story(seed=1, lives=3)
    assert story(seed=1, lives=3) == told
    lived = types(told) - types(golden())
    assert set(lived) >= LIVED - {
        "directory.command_refused.v1",
        "directory.school_merged.v1",
        "registration.activity_cancelled.v1",
        "registration.sig_declined.v1",
    }
    assert lived["registration.promoted_from_waiting_list.v1"] > 5


def test_no_fact_is_told_twice_in_a_story() -> None:
    ids = [json.loads(message.body)["id"] for message in story(seed=2, lives=2)]
    assert len(ids) == len(set(ids))
