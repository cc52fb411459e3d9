"""What a service tells the chassis about one of its aggregates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

State = TypeVar("State")


class Refusal(Protocol):
    """A command that the domain refuses: a code for programs, details for the words around it."""

    @property
    def code(self) -> str: ...

    @property
    def details(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Refused:
    """The chassis' own refusals, of the same shape as the domains'."""

    code: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Timer:
    """At this moment the stream gets a command of this wire type with this data, which are as `contract` gives them."""

    at: datetime
    type: str
    data: dict[str, Any]


def no_timers(_state: object) -> Mapping[str, Timer]:
    """Of an aggregate for which time alone changes nothing."""
    return {}


@dataclass(frozen=True)
class Aggregate(Generic[State]):
    """One kind of stream: its pure functions and how they meet the wire.

    `decide(state, command, now)` returns the facts or a refusal; `evolve(state, fact)` may change the state in place.
    `dump` and `load` turn a state into small pieces and back, for snapshots. `commands` maps a wire type to the
    function that makes the domain command of the read data; `contract` turns a fact into its wire type and data.
    `id_of` names the one that a command is meant for: a command must travel in the stream `<name>:<id>` that it speaks
    of. `tenant` says who owns the stream's facts, `person` whom a late refusal of a command concerns.

    `timers` says what the stream wants to be told when, by name, made of the state alone. It is asked once a commit:
    it must cost the same however much there is, so of many that are alike it names the next one. What it names and its
    command's decision takes away is told once; what it goes on naming is not told again until it is for another moment.
    """

    name: str
    service: str
    initial: Callable[[], State]
    decide: Callable[[State, Any, datetime], list[Any] | Refusal]
    evolve: Callable[[State, Any], State]
    dump: Callable[[State], Iterator[dict[str, Any]]]
    load: Callable[[Iterable[dict[str, Any]]], State]
    facts: tuple[type, ...]
    commands: Mapping[str, Callable[[dict[str, Any]], Any]]
    contract: Callable[[Any], tuple[str, dict[str, Any]]]
    id_of: Callable[[Any], str]
    tenant: Callable[[State], str]
    person: Callable[[Any], str | None]
    timers: Callable[[State], Mapping[str, Timer]] = no_timers
