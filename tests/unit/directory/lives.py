"""The lives of schools and of roles: what happens when commands come in this order, and what the facts give back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from gongxue_chassis.aggregate import Aggregate

State = TypeVar("State")
Asked = Sequence[tuple[Any, datetime]]
"""Commands, each with the time at which it is decided."""


def live(aggregate: Aggregate[State], asked: Asked) -> tuple[State, list[Any]]:
    """How it stands in the end, and all that happened."""
    state, happened = aggregate.initial(), list[Any]()
    for command, now in asked:
        decision = aggregate.decide(state, command, now)
        if isinstance(decision, list):
            state = replay(aggregate, decision, state)
            happened.extend(decision)
    return state, happened


def replay(aggregate: Aggregate[State], facts: Sequence[Any], state: State | None = None) -> State:
    """How it stands after these facts: from nothing, or from a state on."""
    state = aggregate.initial() if state is None else state
    for fact in facts:
        state = aggregate.evolve(state, fact)
    return state


def thawed(aggregate: Aggregate[State], state: State) -> State:
    """As it comes out of a snapshot that went through JSON."""
    return aggregate.load(json.loads(json.dumps(list(aggregate.dump(state)))))
