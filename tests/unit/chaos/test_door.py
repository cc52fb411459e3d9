"""Refusals at the door against the times of the log."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from chaos.door import refused_at_the_door, refused_while_free
from chaos.ledger import Ledger, Told, Wish
from chaos.replay import Replay

from .log import fact, log, published

COMMITS = [
    [("c-0", [published(1, 1)])],
    [("r1", [fact("SeatConfirmed", "r1", (1, 1, 0))])],
    [("c-1", [fact("RegistrationCancelled", "r1", (1, 0, 0), was="confirmed")])],
    [("r2", [fact("SeatConfirmed", "r2", (1, 1, 0))])],
    [("r3", [fact("PlacedOnWaitingList", "r3", (1, 1, 1), place=1)])],
]
TIMES = (0, 10, 20, 30, 40)
TOLD_OF_THE_FREE_SEAT = 22.0


def documents() -> list[dict[str, Any]]:
    return [
        {**commit, "time": datetime.fromtimestamp(at, UTC)}
        for commit, at in zip(log(*COMMITS), TIMES, strict=True)
    ]


def ledger(code: str, asked: float, answered: float) -> Ledger:
    cancel = Wish("cancel", "p-r1", "a", "c-1", "r1", [200], [Told(200)], [(19.0, TOLD_OF_THE_FREE_SEAT)])
    wish = Wish("register", "p-r9", "a", "r9", "r9", [409], [Told(409, code)], [(asked, answered)])
    return Ledger([cancel, wish])


@pytest.mark.parametrize(
    ("code", "asked", "answered", "wrong"),
    [
        ("pool_full", 5, 6, True),
        ("pool_full", 5, 10, False),
        ("pool_full", 12, 13, False),
        ("pool_full", 21, 21.5, False),
        ("pool_full", 21, 29, False),
        ("pool_full", 22.5, 29, True),
        ("pool_full", 22.5, 30, False),
        ("waiting_list_full", 31, 39, True),
        ("waiting_list_full", 31, 40, False),
    ],
)
def test_a_refusal_needs_a_moment_without_room(code: str, asked: float, answered: float, wrong: bool) -> None:
    kept = ledger(code, asked, answered)
    at_the_door = refused_at_the_door(kept, Replay().read(documents()))
    assert [wish.command for wish in at_the_door] == ["r9"]
    assert bool(refused_while_free(at_the_door, kept, documents())) is wrong


def test_what_the_log_refused_was_not_refused_at_the_door() -> None:
    kept = ledger("pool_full", 12, 13)
    kept.wishes[1].command = "r3"
    assert refused_at_the_door(kept, Replay().read(documents())) == []
