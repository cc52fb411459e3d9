"""A month as a calendar shows it: weeks of days, and in each day what takes place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from gateway.finding.search import FIRST_DAY, LAST_DAY
from gateway.read_model.documents import Activity
from gateway.web import dates
from gateway.web.finder import Link
from gateway.web.speech import Speech
from gateway.web.words import KINDS

MOST_A_DAY = 3
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Event:
    """An activity on one of its days. `time` is when it begins, empty on its later days."""

    address: str
    title: Markup
    time: str
    kind: str
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the month, or of its neighbour where `outside`. `address` lists it; `more` are not shown."""

    id: str
    number: int
    name: str
    weekday: str
    outside: bool
    today: bool
    address: str
    events: tuple[Event, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Month:
    """The weeks of a month; `agenda` are its days on which something takes place, with all of it."""

    heading: str
    weekdays: tuple[tuple[int, str, str], ...]
    weeks: tuple[tuple[Day, ...], ...]
    agenda: tuple[Day, ...]
    before: Link | None
    after: Link | None


def first_of(written: str | None, today: date) -> date:
    """The first day of a month written as 2027-01; of this month if nothing of that form is written."""
    try:
        found = date.fromisoformat(f"{written}-01")
    except ValueError:
        return today.replace(day=1)
    return found if FIRST_DAY < found < LAST_DAY else today.replace(day=1)


def last_of(first: date) -> date:
    """The last day of that month."""
    return following(first) - _DAY


def following(first: date) -> date:
    """The first day of the next month."""
    return (first + 32 * _DAY).replace(day=1)


def month_view(
    first: date,
    activities: Sequence[Activity],
    speech: Speech,
    today: date,
    address_of: Callable[[date], str],
    month_at: Callable[[date], str],
) -> Month:
    """The month that begins on `first`. `address_of` lists a day, `month_at` shows another month."""
    language = speech.language
    weekdays = dates.weekdays(language)
    on = _by_day(activities, first, last_of(first))
    start = first - ((first.weekday() - weekdays[0][0]) % 7) * _DAY
    days: list[Day] = []
    while len(days) % 7 or start + len(days) * _DAY <= last_of(first):
        days.append(_day(start + len(days) * _DAY, first, on, speech, today, address_of))
    weeks = tuple(tuple(days[week : week + 7]) for week in range(0, len(days), 7))
    agenda = tuple(
        _day(when, first, on, speech, today, address_of, most=len(on[when])) for when in sorted(on)
    )
    before, after = (first - _DAY).replace(day=1), following(first)
    return Month(
        heading=dates.month(first, language),
        weekdays=weekdays,
        weeks=weeks,
        agenda=agenda,
        before=Link(dates.month(before, language), month_at(before)) if before > FIRST_DAY else None,
        after=Link(dates.month(after, language), month_at(after)) if after < LAST_DAY else None,
    )


def _by_day(activities: Iterable[Activity], first: date, last: date) -> dict[date, list[Activity]]:
    """What takes place on each day of the month, in the order of its beginning."""
    found: dict[date, list[Activity]] = {}
    for one in sorted(activities, key=lambda each: (each["starts_at"], each["id"])):
        when = max(first, dates.in_taipei(one["starts_at"]))
        # What ends at midnight ends on the day before.
        end = min(last, dates.in_taipei(max(one["starts_at"], one["ends_at"] - timedelta(microseconds=1))))
        while when <= end:
            found.setdefault(when, []).append(one)
            when += _DAY
    return found


def _day(
    when: date,
    first: date,
    on: dict[date, list[Activity]],
    speech: Speech,
    today: date,
    address_of: Callable[[date], str],
    most: int = MOST_A_DAY,
) -> Day:
    found = on.get(when, [])
    leaf = dates.leaf(when, speech.language)
    return Day(
        id=when.isoformat(),
        number=when.day,
        name=dates.day(when, speech.language),
        weekday=leaf.weekday,
        outside=when.month != first.month,
        today=when == today,
        address=address_of(when),
        events=tuple(_event(one, when, speech) for one in found[:most]),
        more=max(0, len(found) - most),
    )


def _event(activity: Activity, when: date, speech: Speech) -> Event:
    start = activity["starts_at"].astimezone(dates.TAIPEI)
    return Event(
        address=f"/activities/{activity['id']}",
        title=speech.phrase(activity["title"]),
        time=f"{start:%H:%M}" if start.date() == when else "",
        kind=speech.say(KINDS[activity["kind"]]),
        cancelled=activity["status"] == "cancelled",
    )
