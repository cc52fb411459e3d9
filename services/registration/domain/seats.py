"""Seats of a pool: how many there are, how many are taken, who waits in line."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

from registration.domain.details import Pool


@dataclass(frozen=True, slots=True)
class Standing:
    """A pool in three numbers, at one moment."""

    limit: int
    taken: int
    waiting: int


Seats = dict[Pool, Standing]


@dataclass(slots=True)
class SeatPool:
    """A pool as it goes on. `waiting` holds the ids of the registrations in line, in the order they came.

    The line is an OrderedDict because it is left at the front again and again: in a plain dict, each look for
    the first in line would step over all the holes that earlier ones left there.
    """

    limit: int
    taken: int = 0
    waiting: OrderedDict[str, None] = field(default_factory=OrderedDict)

    def standing(self) -> Standing:
        """The pool's numbers as they are now."""
        return Standing(self.limit, self.taken, len(self.waiting))


def standings(pools: Mapping[Pool, SeatPool]) -> Seats:
    """The numbers of all pools as they are now."""
    return {name: pool.standing() for name, pool in pools.items()}


def moved(seats: Seats, pool: Pool, *, taken: int = 0, waiting: int = 0) -> Seats:
    """The numbers once `taken` more sit and `waiting` more wait in `pool`; either may be negative."""
    before = seats[pool]
    return {**seats, pool: Standing(before.limit, before.taken + taken, before.waiting + waiting)}
