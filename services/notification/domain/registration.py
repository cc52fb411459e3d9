"""What notification keeps of a registration: when in the activity's stream it began, got its seat and ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class RegistrationFact:
    """A seat confirmed, a place on the waiting list, a promotion from it, or the end of the registration.

    `place` is told of a place on the waiting list; `was` ("confirmed" or "waiting") and `by` ("person" or "host") of
    the end. `sequence` is the fact's number in the activity's stream.
    """

    id: str
    registration: str
    activity: str
    person: str
    sequence: int
    time: datetime
    kind: Literal["confirmed", "waiting", "promoted", "cancelled"]
    pool: str
    place: int = 0
    was: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A registration as far as it is known: the numbers of the facts that began, seated and ended it.

    Each number comes from a fact of its own, so that it does not matter in which order the facts become known.
    """

    registration: str
    activity: str
    person: str
    pool: str
    joined: int | None = None
    seated: int | None = None
    left: int | None = None

    @property
    def since(self) -> int:
        """The earliest fact known of it."""
        return min(number for number in (self.joined, self.seated, self.left) if number is not None)

    @property
    def newest(self) -> int:
        """The latest fact known of it."""
        return max(number for number in (self.joined, self.seated, self.left) if number is not None)

    def active_at(self, sequence: int) -> bool:
        """Whether the person had a seat or a place on the waiting list when that fact happened."""
        return self.since <= sequence and not self.ended_before(sequence)

    def ended_before(self, sequence: int) -> bool:
        """Whether the registration was over when that fact happened."""
        return self.left is not None and self.left < sequence

    def confirmed_at(self, sequence: int) -> bool:
        """Whether the person had a seat when that fact happened."""
        return self.seated is not None and self.seated <= sequence and not self.ended_before(sequence)
