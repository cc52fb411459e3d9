"""An activity as somebody with a paper list would keep it: slow, plain, and written without looking at the domain.

It foretells what every command leads to. Facts are told in short: ("confirmed", registration) and the like.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from registration.domain.commands import Actor

from .story import ENDS

Short = tuple[Any, ...]


@dataclass
class Line:
    """One line of the list. A line is never deleted and never moved."""

    id: str
    person: str
    pool: str
    status: str


@dataclass
class Ledger:
    """The list, and what stands at its head."""

    phase: str = "unknown"
    venue: str = "first"
    limits: dict[str, int] = field(default_factory=dict)
    waiting_limit: int = 0
    ends_at: datetime = ENDS
    lines: list[Line] = field(default_factory=list)

    def having(self, status: str, pool: str) -> list[Line]:
        return [line for line in self.lines if (line.status, line.pool) == (status, pool)]

    def numbers(self) -> dict[str, tuple[int, int, int]]:
        return {
            pool: (limit, len(self.having("confirmed", pool)), len(self.having("waiting", pool)))
            for pool, limit in self.limits.items()
        }

    def register(self, id: str, person: str, pool: str, *, willing: bool, now: datetime) -> str | list[Short]:
        refusals = {
            "unknown_activity": self.phase == "unknown",
            "not_published": self.phase == "draft",
            "closed": self.phase == "closed",
            "activity_cancelled": self.phase == "cancelled",
            "activity_over": now >= self.ends_at,
            "no_such_pool": pool not in self.limits,
            "already_registered": any(
                line.id == id or (line.person == person and line.status in ("confirmed", "waiting"))
                for line in self.lines
            ),
        }
        if no := first(refusals):
            return no
        full = len(self.having("confirmed", pool)) >= self.limits[pool]
        if full and not willing:
            return "pool_full"
        if full and len(self.having("waiting", pool)) >= self.waiting_limit:
            return "waiting_list_full"
        self.lines.append(Line(id, person, pool, "waiting" if full else "confirmed"))
        return [("waits", id, len(self.having("waiting", pool)))] if full else [("confirmed", id)]

    def cancel(self, id: str, by: Actor, now: datetime) -> str | list[Short]:
        line = next((line for line in self.lines if line.id == id), None)
        own = line is not None and line.person == by.person
        office = by.role == "center" or (by.school == "nchu" and by.role in ("host", "window"))
        refusals = {
            "unknown_activity": self.phase == "unknown",
            "activity_cancelled": self.phase == "cancelled",
            "unknown_registration": line is None,
            "not_yours": not own and not office,
            "already_cancelled": line is not None and line.status == "cancelled",
            "activity_over": now >= self.ends_at,
        }
        if no := first(refusals):
            return no
        assert line is not None
        was, line.status = line.status, "cancelled"
        return [("cancelled", id, was, "person" if own else "host"), *self.move_up()]

    def change(
        self,
        by: Actor,
        now: datetime,
        *,
        limits: dict[str, int],
        waiting_limit: int,
        venue: str,
        ends_at: datetime,
    ) -> str | list[Short]:
        wanted = self.limits | limits
        same = (self.limits, self.waiting_limit, self.venue, self.ends_at) == (
            wanted,
            waiting_limit,
            venue,
            ends_at,
        )
        in_public = self.phase in ("published", "closed")
        refusals = {
            "unknown_activity": self.phase == "unknown",
            "wrong_school": not may_run(by),
            "not_a_host": may_run(by) and by.role not in ("host", "window", "center"),
            "activity_cancelled": self.phase == "cancelled",
            "nothing_to_change": same,
            "activity_over": in_public and wanted != self.limits and now >= ends_at,
            "limit_below_taken": in_public
            and any(limit < len(self.having("confirmed", pool)) for pool, limit in wanted.items()),
        }
        if no := first(refusals):
            return no
        self.limits, self.waiting_limit, self.venue, self.ends_at = wanted, waiting_limit, venue, ends_at
        return [("changed",), *self.move_up()] if in_public else [("drafted",)]

    def move_up(self) -> list[Short]:
        moved: list[Short] = []
        for pool, limit in self.limits.items():
            while self.having("waiting", pool) and len(self.having("confirmed", pool)) < limit:
                line = self.having("waiting", pool)[0]
                line.status = "confirmed"
                moved.append(("promoted", line.id))
        return moved

    def draft(self, by: Actor, limits: dict[str, int], waiting_limit: int) -> str | list[Short]:
        refusals = {
            "wrong_school": not may_run(by),
            "not_a_host": may_run(by) and by.role not in ("host", "window", "center"),
            "activity_exists": self.phase != "unknown",
        }
        if no := first(refusals):
            return no
        self.phase, self.limits, self.waiting_limit = "draft", dict(limits), waiting_limit
        return [("drafted",)]

    def step(self, name: str, by: Actor) -> str | list[Short]:
        """Publish, close or cancel the activity."""
        known = self.phase not in ("unknown", "draft")
        refusals = {
            "unknown_activity": self.phase == "unknown",
            "wrong_school": not may_run(by),
            "not_a_host": may_run(by) and by.role not in ("host", "window", "center"),
            "not_published": self.phase == "draft" and name != "published",
            "activity_cancelled": self.phase == "cancelled",
            "closed": self.phase == "closed" and name != "cancelled",
            "nothing_to_change": known and name == "published",
        }
        if no := first(refusals):
            return no
        self.phase = name
        return [(name,)]


def may_run(by: Actor) -> bool:
    return by.school == "nchu" or by.role == "center"


def first(refusals: dict[str, bool]) -> str | None:
    return next((code for code, holds in refusals.items() if holds), None)
