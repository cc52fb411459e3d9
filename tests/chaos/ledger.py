"""What the people at the door wrote down: each wish with its key, and every answer that they got or missed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

ACCEPTED = frozenset({200, 201})
UNDECIDED = frozenset({202, 429})


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer says, in so far as it must never be said otherwise: a status, and a code or a registration."""

    status: int
    code: str = ""
    registration: str = ""
    standing: str = ""

    @property
    def accepted(self) -> bool:
        """Whether it is a promise."""
        return self.status in ACCEPTED


@dataclass(slots=True)
class Wish:
    """Something that a person asked under one key. `command` is the id under which the log knows it.

    `spans`: for each of `told` when it was asked for, and when it came, in seconds since 1970.
    """

    kind: Literal["register", "cancel"]
    person: str
    activity: str
    command: str
    registration: str
    tries: list[int | None] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    spans: list[tuple[float, float]] = field(default_factory=list)

    @property
    def settled(self) -> Told | None:
        """The first answer that decided it."""
        return self.told[0] if self.told else None

    @property
    def recovered(self) -> bool:
        """Whether it was decided in the end although the first try had failed."""
        return bool(self.told) and not _decides(self.tries[0])


@dataclass
class Ledger:
    """All wishes in the order in which they were first asked."""

    wishes: list[Wish] = field(default_factory=list)

    def open(self, wish: Wish) -> Wish:
        """Write down a wish before it is asked for the first time."""
        self.wishes.append(wish)
        return wish

    def answered(
        self, wish: Wish, status: int | None, told: Told | None = None, sent: float | None = None
    ) -> None:
        """Write down a try that ends now: None for no answer at all; `told` if it decided the wish."""
        wish.tries.append(status)
        if told is not None:
            wish.told.append(told)
            now = time.time()
            wish.spans.append((now if sent is None else sent, now))

    def of(self, kind: str) -> Iterator[Wish]:
        """The wishes of a kind."""
        return (wish for wish in self.wishes if wish.kind == kind)

    def statuses(self) -> Counter[str]:
        """How often each status came, over all tries; `none` where nothing came."""
        return Counter(str(status or "none") for wish in self.wishes for status in wish.tries)


def _decides(status: int | None) -> bool:
    return status is not None and status not in UNDECIDED and status < 500
