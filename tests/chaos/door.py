"""Refusals that the log knows nothing of, because the gateway gave them at its door: was there really no room?

Whoever refuses without asking may know less than the log. So each such refusal is held against the log's times: it is
wrong if room that somebody had been told of was there all the time from the moment at which the person asked to the
moment at which they had their answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from chaos.ledger import Ledger, Wish
from chaos.replay import Document, Replay

_FULL = ("pool_full", "waiting_list_full")
_NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class _Standing:
    """From `at` on at most so many sit and wait."""

    at: float
    taken: int
    waiting: int

    def then(self, step: _Standing) -> _Standing:
        return _Standing(step.at, self.taken + step.taken, self.waiting + step.waiting)


def refused_at_the_door(ledger: Ledger, log: Replay) -> list[Wish]:
    """Wishes for a seat that were refused for want of room, and that never reached the log."""
    return [
        wish
        for wish in ledger.of("register")
        if wish.settled and wish.settled.code in _FULL and wish.command not in log.decisions
    ]


def refused_while_free(wishes: Iterable[Wish], ledger: Ledger, commits: Iterable[Document]) -> list[Wish]:
    """Those of the wishes, all for the one pool of one activity, for which there was room all the time."""
    told = {wish.command: wish.spans[0][1] for wish in ledger.of("cancel") if wish.spans}
    log = list(commits)
    limit, waiting_limit = _limits(log)
    steps = sorted(_steps(log, told), key=lambda step: step.at)
    course = list(accumulate(steps, _Standing.then, initial=_Standing(0.0, 0, 0)))

    def was_full(code: str, asked: float, answered: float) -> bool:
        before = [one for one in course if one.at <= asked][-1:]
        during = [one for one in course if asked < one.at <= answered]
        return any(
            one.taken >= limit and (code == "pool_full" or one.waiting >= waiting_limit)
            for one in (*before, *during)
        )

    return [
        wish
        for wish in wishes
        if not all(was_full(said.code, *span) for said, span in zip(wish.told, wish.spans, strict=True))
    ]


def _steps(log: list[Document], told: dict[str, float]) -> Iterator[_Standing]:
    """Who enters counts from the moment of the decision, who leaves from the moment at which somebody was told."""
    for commit in log:
        decided = commit["time"].timestamp()
        for answer in commit["answers"]:
            if "refused" in answer:
                continue
            free = told.get(answer["id"], _NEVER)
            for fact in commit["facts"][answer["first"] : answer["first"] + answer["count"]]:
                yield from _step(fact["type"], fact["data"], decided, free)


def _step(name: str, data: Any, decided: float, free: float) -> Iterator[_Standing]:
    if name in ("SeatConfirmed", "PromotedFromWaitingList"):
        yield _Standing(decided, 1, 0)
    if name == "PlacedOnWaitingList":
        yield _Standing(decided, 0, 1)
    if name == "PromotedFromWaitingList" or (name == "RegistrationCancelled" and data["was"] == "waiting"):
        yield _Standing(free, 0, -1)
    elif name == "RegistrationCancelled":
        yield _Standing(free, -1, 0)


def _limits(log: list[Document]) -> tuple[int, int]:
    details = next(
        fact["data"]["details"]
        for commit in log
        for fact in commit["facts"]
        if fact["type"] == "ActivityPublished"
    )
    (limit,) = details["pools"].values()
    return limit, details["waiting_limit"]
