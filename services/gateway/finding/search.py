"""Finding activities: what is wanted of them, and the page of those that are so.

Pure: the entries come in, see `gateway.finding.listing`. The embedded store cannot combine filters, and all activities
that were ever listed fit into memory, so that looking at each of them is both right and quick.
"""

from __future__ import annotations

import base64
import binascii
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gateway.finding.names import COUNTIES, KINDS, THEMES
from gateway.finding.words import has, normal, terms
from gateway.read_model.documents import Activity, School, When
from gongxue_contracts import moment

TAIPEI = ZoneInfo("Asia/Taipei")
"""Whose days are meant."""
FIRST_DAY, LAST_DAY = date(1912, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an activity has to be. Of each set, any one; of all that is given, everything.

    `words` as somebody typed them. `since` and `until` are days in Taipei, both included: it takes place on one of
    them. `seats_left`: one can register and has a seat. `online`: one can take part from anywhere. `when`: to come
    or under way, or past.
    """

    words: str = ""
    kinds: frozenset[str] = frozenset()
    counties: frozenset[str] = frozenset()
    schools: frozenset[str] = frozenset()
    themes: frozenset[str] = frozenset()
    sdgs: frozenset[int] = frozenset()
    since: date | None = None
    until: date | None = None
    seats_left: bool = False
    online: bool = False
    when: When | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An activity as it is found. `county` is that of its venue, else that of its host.

    `sort` is unique and in the order of time; `text` is what words are looked for in.
    """

    activity: Activity
    county: str | None
    sort: str
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some of what was found, how many it is in all, and the cursor of the next page."""

    items: list[Activity]
    total: int
    next: str | None


class BadCursor(ValueError):
    """The cursor is none that we gave out."""


def entry(activity: Activity, host: School | None) -> Entry:
    """The activity with what is looked at when somebody searches."""
    county = county_of(activity, host)
    said = [activity["id"], activity["host"], KINDS[activity["kind"]]]
    said += [words for text in (activity["title"], activity["summary"]) for words in (text["zh"], text["en"])]
    if activity["venue"]:
        said += [activity["venue"]["zh"], activity["venue"]["en"]]
    if activity["theme"]:
        said.append(THEMES[activity["theme"]])
    if county:
        said.append(COUNTIES.get(county, county))
    if host:
        names = [host["name"], *(former["name"] for former in host["former_names"])]
        said += [words for name in names for words in (name["zh"], name["en"])]
    said += [f"SDG{goal} SDG {goal}" for goal in activity["sdgs"]]
    sort = f"{moment.write(activity['ends_at'])}~{activity['id']}"
    return Entry(activity, county, sort, normal("\n".join(said)))


def county_of(activity: Activity, host: School | None) -> str | None:
    """Where it takes place: what its host said, else where its host is."""
    return activity["county"] or (host["county"] if host else None)


def search(
    entries: Sequence[Entry], wanted: Wanted, now: datetime, cursor: str | None = None, limit: int = 20
) -> Page:
    """A page of what is wanted: soonest first if it is to come, else latest first. Raises BadCursor.

    `entries` are in the order of their `sort`. `total` counts all pages.
    """
    after = read_cursor(cursor) if cursor else None
    found = matching(entries, wanted, now)
    if wanted.when != "upcoming":
        found.reverse()
        rest = [one for one in found if one.sort < after] if after else found
    else:
        rest = [one for one in found if one.sort > after] if after else found
    shown = rest[:limit]
    more = write_cursor(shown[-1].sort) if len(rest) > limit else None
    return Page([one.activity for one in shown], len(found), more)


def matching(entries: Sequence[Entry], wanted: Wanted, now: datetime) -> list[Entry]:
    """All that is wanted, in the order of time."""
    found = _in_time(entries, wanted, now)
    for test in _tests(wanted, now):
        found = [one for one in found if test(one)]
    return list(found)


def by_county(entries: Iterable[Entry]) -> Mapping[str, int]:
    """How many there are in each county."""
    return Counter(one.county for one in entries if one.county)


def can_register(activity: Activity, now: datetime) -> bool:
    """Whether there is a seat for whoever registers now."""
    return (
        activity["status"] == "published"
        and activity["ends_at"] > now
        and any(seats["taken"] < seats["limit"] for seats in activity["seats"].values())
    )


def write_cursor(sort: str) -> str:
    """The cursor of what comes after this one."""
    return base64.urlsafe_b64encode(sort.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> str:
    """The sort key that it was made of. Raises BadCursor."""
    try:
        sort = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        moment.read(sort.partition("~")[0])
    except (binascii.Error, ValueError) as error:
        raise BadCursor(cursor) from error
    return sort


def _in_time(entries: Sequence[Entry], wanted: Wanted, now: datetime) -> Sequence[Entry]:
    """What may be wanted by when it ends, which the entries are in the order of."""
    first, last = 0, len(entries)
    border = moment.write(now)
    if wanted.when == "upcoming":
        first = bisect_right(entries, border, key=_sort)
    elif wanted.when == "past":
        last = bisect_left(entries, border, key=_sort)
    if wanted.since:
        # Behind everything that ends at midnight: that was the day before.
        first = max(first, bisect_left(entries, f"{moment.write(_midnight(wanted.since))}~~", key=_sort))
    return entries[first:last]


def _sort(one: Entry) -> str:
    return one.sort


def _midnight(day: date) -> datetime:
    """At which the day begins; of days that no calendar of ours has, the first or last that it has."""
    return datetime.combine(min(max(day, FIRST_DAY), LAST_DAY), time(), TAIPEI)


def _tests(wanted: Wanted, now: datetime) -> list[Callable[[Entry], bool]]:
    """What is to be looked at, the cheapest first."""
    tests: list[Callable[[Entry], bool]] = []
    for name, values in (("kind", wanted.kinds), ("host", wanted.schools), ("theme", wanted.themes)):
        if values:
            tests.append(lambda one, name=name, values=values: one.activity[name] in values)  # type: ignore[misc]
    if wanted.counties:
        tests.append(lambda one: one.county in wanted.counties)
    if wanted.sdgs:
        tests.append(lambda one: not wanted.sdgs.isdisjoint(one.activity["sdgs"]))
    if wanted.until:
        end = _midnight(wanted.until) + timedelta(days=1)
        tests.append(lambda one: one.activity["starts_at"] < end)
    if wanted.online:
        tests.append(lambda one: "online" in one.activity["seats"])
    if wanted.seats_left:
        tests.append(lambda one: can_register(one.activity, now))
    if words := terms(wanted.words):
        tests.append(lambda one: has(one.text, words))
    return tests
