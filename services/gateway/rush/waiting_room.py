"""The waiting room of an activity: when more people ask for its seats than its service can answer, they stand in line.

A place in line is an appointment: the moment at which its person may come in. Appointments are given in the order of
arrival, as far apart as the rate says. The ticket is that appointment, signed, for one person and one activity: any
process can read it and nobody can make or move one. Who comes back without a ticket finds their place where it was
given. It is each process's own rate: two processes let in twice as many.

The room opens by itself when more have come than the rate allows, not counting a burst of a quarter of a second, and
not while the service demonstrably keeps up; or when the service is slower than the rate, and as many as it should
answer in a quarter of a second are unanswered. It closes by itself when the last appointment has passed.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from itsdangerous import BadData, URLSafeSerializer

from gateway.actions import InLine

BURST_SECONDS = 0.25
"""For so long more may come than the rate says before anybody has to wait, and so long should nobody be inside."""
FEWEST_INSIDE = 10
"""So many may always be inside: people come back in whole seconds, many at the same moment."""
AGAIN_SECONDS = 1.0
"""After which somebody comes again whose turn it is, and who finds the room full."""
KEEPS_UP_SECONDS = 0.1
"""While fewer wishes are unanswered than come in so long, the service keeps up, whatever the rate."""
STAY_SECONDS = 120.0
"""For so long after it an appointment can be kept."""

_SALT = "waiting room"


@dataclass(frozen=True, slots=True)
class _Place:
    """An appointment. Times are seconds since 1970: other processes read them too."""

    due: float
    arrived: float
    number: str


@dataclass(slots=True)
class _Line:
    """`end` is when the next one who comes may come in; until `last` somebody stands in line."""

    end: float = 0.0
    last: float = 0.0
    inside: int = 0
    places: dict[str, _Place] = field(default_factory=dict)
    used: dict[str, float] = field(default_factory=dict)

    def forget(self, now: float) -> None:
        """What nobody can come back to any more."""
        while self.places and self.places[person := next(iter(self.places))].due < now - STAY_SECONDS:
            del self.places[person]
        while self.used and self.used[number := next(iter(self.used))] < now - 2 * STAY_SECONDS:
            del self.used[number]


class WaitingRoom:
    """`rate`: how many a second this process lets in to one activity. `clock`: seconds since 1970."""

    def __init__(self, rate: float, secret: str, clock: Callable[[], float] = time.time) -> None:
        self._rate = rate
        self._gap = 1.0 / rate
        self._burst = max(BURST_SECONDS - self._gap, 0.0)
        self._keeps_up = int(rate * KEEPS_UP_SECONDS)
        self._most_inside = max(int(rate * BURST_SECONDS), FEWEST_INSIDE)
        self._sign = URLSafeSerializer(secret, salt=_SALT)
        self._clock = clock
        self._lines: dict[str, _Line] = {}

    @contextmanager
    def inside(self, activity: str, person: str, ticket: str | None = None) -> Iterator[None]:
        """Be inside while a wish is answered. Raises InLine for who has to wait first."""
        line = self._lines.get(activity)
        if line is None:
            line = self._lines[activity] = _Line()
        self._let_in(line, activity, person, ticket)
        line.inside += 1
        try:
            yield
        finally:
            line.inside -= 1
            if not (line.inside or line.places or line.used) and line.end <= self._clock():
                self._lines.pop(activity, None)

    def waits(self, activity: str, person: str, ticket: str) -> InLine | None:
        """How it stands with somebody in line; None if they may come in, or never were in line."""
        place = self._appointment(self._lines.get(activity), activity, person, ticket)
        now = self._clock()
        return self._in_line(activity, person, place, now) if place and place.due > now else None

    def _let_in(self, line: _Line, activity: str, person: str, ticket: str | None) -> None:
        now = self._clock()
        line.forget(now)
        place = self._appointment(line, activity, person, ticket) if ticket or line.places else None
        full = line.inside >= self._most_inside
        if place is not None:
            self._keep_appointment(line, activity, person, place, now, full=full)
            return
        line.end = max(line.end, now - self._burst)
        if line.last <= now and not full and (line.end <= now or line.inside < self._keeps_up):
            if line.end <= now:
                line.end += self._gap
            return
        line.last = max(line.end, now)
        line.end = line.last + self._gap
        place = line.places[person] = _Place(line.last, now, secrets.token_urlsafe(9))
        raise self._in_line(activity, person, place, now)

    def _keep_appointment(
        self, line: _Line, activity: str, person: str, place: _Place, now: float, *, full: bool
    ) -> None:
        if place.due <= now and not full:
            line.places.pop(person, None)
            line.used[place.number] = now  # a ticket admits once
            return
        line.places.setdefault(person, place)
        if place.due <= now:
            # They will be back in a moment, and nobody who comes later shall be in before them.
            line.last = max(line.last, now + AGAIN_SECONDS)
        raise self._in_line(activity, person, place, now)

    def _appointment(
        self, line: _Line | None, activity: str, person: str, ticket: str | None
    ) -> _Place | None:
        """The place that the ticket gives, or else that the person was given here."""
        shown = self._read(activity, person, ticket) if ticket else None
        if shown is not None and not (line and shown.number in line.used):
            return shown
        return line.places.get(person) if line else None

    def _read(self, activity: str, person: str, ticket: str) -> _Place | None:
        """None for what we did not sign, for another person or activity, and for what is too old."""
        try:
            of, whom, due, arrived, number = self._sign.loads(ticket)
        except (BadData, TypeError, ValueError):
            return None
        if (of, whom) != (activity, person) or due < self._clock() - STAY_SECONDS:
            return None
        return _Place(due, arrived, number)

    def _in_line(self, activity: str, person: str, place: _Place, now: float) -> InLine:
        ticket = self._sign.dumps([activity, person, place.due, place.arrived, place.number])
        seconds = place.due - now if place.due > now else AGAIN_SECONDS
        return InLine(int(max(place.due - now, 0.0) * self._rate) + 1, seconds, str(ticket))
