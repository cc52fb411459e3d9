"""The words in which the tests of SIGs are told: given facts, when a command comes, then facts or a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import reduce
from typing import Any

from registration.domain.sig.commands import Command
from registration.domain.sig.deciding import decide
from registration.domain.sig.facts import (
    Fact,
    SigChartered,
    SigConvenorNamed,
    SigMemberJoined,
    SigProposed,
    SigRevised,
    SigSupported,
)
from registration.domain.sig.parts import Actor, Charter, Convenor, Joining, Record, Text
from registration.domain.sig.refusal import Refused
from registration.domain.sig.state import Sig, evolve, initial

SIG = "satoyama"
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
UNTIL = date(2027, 3, 1)
NEXT_YEAR = datetime(2027, 2, 10, 1, 0, tzinfo=UTC)

NAME = Text("里山根經濟", "Satoyama economies")
PROPOSER = Actor("hung", "npust", "staff")
COLLEAGUE = Actor("chiu", "npust", "staff")
STRANGER = Actor("lee", "nchu", "staff")
CENTER = Actor("lin", "center", "center")
WINDOW = Actor("wang", "nchu", "window")
WINDOW_OF_NPUST = Actor("kuo", "npust", "window")
WINDOW_OF_NDHU = Actor("chuang", "ndhu", "window")
FIRST = Convenor("hung", TODAY, UNTIL)


def charter(joining: Joining = "open") -> Charter:
    return Charter(NAME, "environment", Text("彼此觀摩", ""), Text("淺山地區", ""), joining)


def proposed(joining: Joining = "open") -> list[Fact]:
    return [SigProposed(SIG, charter(joining), PROPOSER)]


def supported(joining: Joining = "open") -> list[Fact]:
    schools = ("nchu", "npust", "ndhu")
    supports: list[Fact] = [
        SigSupported(SIG, school, schools[: n + 1], n == 2) for n, school in enumerate(schools)
    ]
    return [*proposed(joining), *supports]


def chartered(joining: Joining = "open") -> list[Fact]:
    return [
        *supported(joining),
        SigChartered(SIG, NAME, "hung", TODAY, UNTIL, CENTER),
        SigMemberJoined(SIG, NAME, "hung", "npust", "proposer", 1),
        SigConvenorNamed(SIG, NAME, "hung", (FIRST,)),
    ]


def joined(actor: Actor, members: int = 2) -> SigMemberJoined:
    return SigMemberJoined(SIG, NAME, actor.person, actor.school, "open", members)


def revised(joining: Joining) -> SigRevised:
    return SigRevised(SIG, charter(joining), ("joining",), again=False)


def record(**changes: Any) -> Record:
    plain: dict[str, Any] = {
        "record": "minutes-1",
        "kind": "minutes",
        "title": Text("第一次會議", ""),
        "held_on": TODAY,
        "activity": None,
        "link": "https://usr.example/minutes.pdf",
        "text": None,
        "attended": None,
        "schools": (),
    }
    return Record(**plain | changes)


@dataclass(frozen=True)
class Given:
    """A SIG with a past."""

    state: Sig

    def when(self, command: Command, now: datetime = NOW) -> Outcome:
        return Outcome(decide(self.state, command, now))


@dataclass(frozen=True)
class Outcome:
    """What the SIG makes of a command."""

    answer: list[Fact] | Refused

    def then(self, *facts: Fact) -> None:
        assert self.answer == list(facts)

    def then_refused(self, code: str, **details: Any) -> None:
        assert self.answer == Refused(code, details)  # type: ignore[arg-type]


def given(*facts: Fact) -> Given:
    return Given(reduce(evolve, facts, initial()))
