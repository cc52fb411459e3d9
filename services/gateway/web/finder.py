"""The form that finds activities, its chips and its views, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from gateway.read_model.documents import School
from gateway.web import dates
from gateway.web.finding import CALENDAR, LIST, MAP, Asked, address, without
from gateway.web.speech import Speech, mark
from gateway.web.words import COUNTIES, GOALS, KINDS, THEMES

_VIEWS = ((LIST, mark("List")), (CALENDAR, mark("Calendar")), (MAP, mark("Map")))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several things that may be chosen in the form."""

    value: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Link:
    """Somewhere to go; `current` if one is there."""

    name: str
    address: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Finder:
    """The form with what is chosen in it.

    `chips` take away what narrows, `quick` adds what is often wanted, `views` show the same otherwise. `hidden`
    goes along when the form is sent.
    """

    path: str
    words: str
    kinds: tuple[Choice, ...]
    counties: tuple[Choice, ...]
    around: bool
    schools: tuple[Choice, ...]
    themes: tuple[Choice, ...]
    goals: tuple[Choice, ...]
    since: str
    until: str
    seats_left: bool
    online: bool
    hidden: tuple[tuple[str, str], ...]
    chips: tuple[Link, ...]
    quick: tuple[Link, ...]
    views: tuple[Link, ...]
    clear: str


def finder(
    asked: Asked,
    schools: Sequence[School],
    speech: Speech,
    today: date,
    path: str = LIST,
    extra: Sequence[tuple[str, str]] = (),
) -> Finder:
    """The form on the view at `path`; `extra` are parameters of that view alone, which stay as they are."""
    past = (("when", "past"),) if asked.when == "past" else ()
    return Finder(
        path=path,
        words=asked.words,
        kinds=_choices(KINDS, asked.kinds, speech),
        counties=_choices(COUNTIES, asked.counties, speech),
        around=asked.around,
        schools=_schools(schools, asked.schools, speech),
        themes=_choices(THEMES, asked.themes, speech),
        goals=tuple(Choice(str(goal), speech.say(name), goal in asked.sdgs) for goal, name in GOALS.items()),
        since=asked.since.isoformat() if asked.since else "",
        until=asked.until.isoformat() if asked.until else "",
        seats_left=asked.seats_left,
        online=asked.online,
        hidden=(*extra, *past),
        chips=tuple(_chips(asked, schools, speech, path, extra)),
        quick=tuple(_quick(asked, speech, today, path, extra)),
        views=tuple(Link(speech.say(name), address(asked, where), where == path) for where, name in _VIEWS),
        clear=address(Asked(when=asked.when), path, extra),
    )


def months(today: date) -> tuple[tuple[date, date], tuple[date, date]]:
    """The rest of this month, and the next month, each from its first to its last day."""
    next_month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    after = (next_month + timedelta(days=32)).replace(day=1)
    day = timedelta(days=1)
    return (today, next_month - day), (next_month, after - day)


def _choices(words: Mapping[str, str], chosen: Iterable[str], speech: Speech) -> tuple[Choice, ...]:
    return tuple(Choice(value, speech.say(name), value in chosen) for value, name in words.items())


def _schools(schools: Sequence[School], chosen: Iterable[str], speech: Speech) -> tuple[Choice, ...]:
    """From north to south, as in the list of schools, so that one finds one's own."""
    order = {county: place for place, county in enumerate(COUNTIES)}
    standing = (one for one in schools if one["status"] != "merged" or one["id"] in chosen)
    ordered = sorted(
        standing, key=lambda one: (order.get(one["county"], len(order)), one["moe_code"] or "~", one["id"])
    )
    return tuple(Choice(one["id"], speech.plain(one["name"]), one["id"] in chosen) for one in ordered)


def _chips(
    asked: Asked, schools: Sequence[School], speech: Speech, path: str, extra: Sequence[tuple[str, str]]
) -> Iterable[Link]:
    """Each with the address at which it is gone."""

    def chip(name: str, **changes: Any) -> Link:
        return Link(name, address(replace(asked, **changes), path, extra))

    if asked.words:
        yield chip(speech.gettext("“%(words)s”") % {"words": asked.words}, words="")
    for kind in asked.kinds:
        yield chip(speech.say(KINDS[kind]), kinds=without(asked.kinds, kind))
    yield from _place_chips(asked, speech, chip)
    names = {school["id"]: speech.plain(school["name"]) for school in schools}
    for school in asked.schools:
        yield chip(names.get(school, school), schools=without(asked.schools, school))
    for theme in asked.themes:
        yield chip(speech.say(THEMES[theme]), themes=without(asked.themes, theme))
    for goal in asked.sdgs:
        yield chip(f"SDG {goal}", sdgs=tuple(other for other in asked.sdgs if other != goal))
    if asked.since or asked.until:
        yield chip(days(asked, speech), since=None, until=None)
    if asked.seats_left:
        yield chip(speech.gettext("Seats left"), seats_left=False)
    if asked.online:
        yield chip(speech.gettext("Online"), online=False)


def _place_chips(asked: Asked, speech: Speech, chip: Any) -> Iterable[Link]:
    near = speech.gettext("Near %(county)s")
    for county in asked.counties:
        rest = without(asked.counties, county)
        name = speech.say(COUNTIES[county])
        yield chip(
            near % {"county": name} if asked.around else name,
            counties=rest,
            around=asked.around and bool(rest),
        )


def days(asked: Asked, speech: Speech) -> str:
    """From when to when, of what is asked for."""
    since = dates.short(asked.since, speech.language) if asked.since else ""
    until = dates.short(asked.until, speech.language) if asked.until else ""
    if since and until:
        return since if asked.since == asked.until else f"{since} – {until}"
    words = speech.gettext("From %(day)s") if since else speech.gettext("Until %(day)s")
    return words % {"day": since or until}


def _quick(
    asked: Asked, speech: Speech, today: date, path: str, extra: Sequence[tuple[str, str]]
) -> Iterable[Link]:
    """What narrows further by one press: what is chosen already stands among the chips."""

    def link(name: str, **changes: Any) -> Link:
        return Link(name, address(replace(asked, **changes), path, extra))

    if not asked.kinds:
        for kind in ("co_training", "sig_meeting", "forum", "workshop"):
            yield link(speech.say(KINDS[kind]), kinds=(kind,))
    if path == LIST and asked.when == "upcoming" and not (asked.since or asked.until):
        (today, last), (first, end) = months(today)
        yield link(speech.gettext("This month"), since=today, until=last)
        yield link(speech.gettext("Next month"), since=first, until=end)
    if not asked.seats_left:
        yield link(speech.gettext("Seats left"), seats_left=True)
    if not asked.online:
        yield link(speech.gettext("Online"), online=True)
