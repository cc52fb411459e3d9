"""What an activity is about: words, time, place, and how many seats there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Literal, get_args

Pool = Literal["onsite", "online"]
Kind = Literal["co_training", "sig_meeting", "forum", "workshop", "expo", "observation_visit"]
Theme = Literal["local_care", "environment", "industry_economy", "health_food", "culture", "other"]

GOALS = frozenset(range(1, 18))
"""The Sustainable Development Goals by their numbers."""

LARGEST_POOL = 1_000_000
# A raised limit may promote a whole waiting list in one commit, and a document of the log holds 16 MB.
LONGEST_WAITING_LIST = 10_000


@dataclass(frozen=True, slots=True)
class Text:
    """Words in two languages. `en` may be empty."""

    zh: str
    en: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """An activity as its host describes it. Times are aware, in UTC.

    `pools` holds the number of seats of each pool; `waiting_limit` is how many may wait for each of them. `county` is
    the slug of where it takes place, if that is not its host's; `sdgs` are the goals it serves, in ascending order.
    """

    kind: Kind
    host: str
    title: Text
    summary: Text
    venue: Text | None
    theme: Theme | None
    starts_at: datetime
    ends_at: datetime
    pools: dict[Pool, int]
    waiting_limit: int
    county: str | None = None
    sdgs: tuple[int, ...] = ()


CHANGEABLE = tuple(each.name for each in fields(Details) if each.name not in ("kind", "host"))


def with_changes(details: Details, changes: Mapping[str, Any]) -> Details:
    """The details after `changes`: each named field whole, but of the pools only those that are named.

    A pool is never taken away, for there may be people in it: a limit of 0 gives no seats.
    """
    after = dict(changes)
    if "pools" in after:
        after["pools"] = {**details.pools, **after["pools"]}
    return replace(details, **after)


def differing(before: Details, after: Details) -> tuple[str, ...]:
    """The names of the changeable fields in which the two differ, in the order of the fields."""
    return tuple(name for name in CHANGEABLE if getattr(before, name) != getattr(after, name))


def fault(details: Details) -> str | None:
    """The first field that no activity may have like this, or None if all is well."""
    if not details.title.zh.strip():
        return "title"
    if details.ends_at <= details.starts_at:
        return "ends_at"
    if not details.pools or not all(map(_is_pool, details.pools, details.pools.values())):
        return "pools"
    if not 0 <= details.waiting_limit <= LONGEST_WAITING_LIST:
        return "waiting_limit"
    if not set(details.sdgs) <= GOALS:
        return "sdgs"
    return None


def _is_pool(name: str, limit: int) -> bool:
    return name in get_args(Pool) and 0 <= limit <= LARGEST_POOL
