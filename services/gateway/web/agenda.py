"""The same activities as the list, otherwise: by day in a month, and by county on a map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from starlette.requests import Request
from starlette.responses import Response

from gateway.read_model.documents import School, When
from gateway.web import finding
from gateway.web.asking import answer, frame, queries, speech
from gateway.web.dates import in_taipei
from gateway.web.finder import finder
from gateway.web.finding import CALENDAR, MAP, Asked
from gateway.web.map_views import map_view
from gateway.web.month_views import Month, first_of, last_of, month_view
from gateway.web.remembered import alike, minute
from gateway.web.rendering import pages

MOST = 500
"""Activities of one month that are shown."""


async def calendar(request: Request) -> Response:
    """GET /activities/calendar?month=2027-01 and whatever narrows the list, but for its days."""
    now = datetime.now(UTC)
    today = in_taipei(now)
    first = first_of(request.query_params.get("month"), today)
    schools, asked = await _asked(request, today)
    asked = replace(asked, since=None, until=None, when="upcoming")
    wanted = replace(asked.wanted, since=first, until=last_of(first), when=None)
    found = await queries(request).activities(wanted, limit=MOST)
    around, language = frame(request, "activities"), request.state.language

    def make() -> bytes:
        say = speech(request)

        def at(when: date) -> str:
            return finding.address(asked, CALENDAR, [("month", f"{when:%Y-%m}")])

        def of_day(when: date) -> str:
            past: When = "past" if when < today else "upcoming"
            return finding.address(replace(asked, since=when, until=when, when=past))

        month: Month = month_view(first, found.items, say, today, of_day, at)
        form = finder(asked, schools, say, today, CALENDAR, [("month", f"{first:%Y-%m}")])
        this = at(today) if first != today.replace(day=1) else None
        return (
            pages()
            .render("calendar.html", language, around, month=month, finder=form, this_month=this)
            .encode()
        )

    key = ("calendar", language, asked, first, today)
    return answer(request, alike(around, key, (schools, *found.items), make))


async def county_map(request: Request) -> Response:
    """GET /activities/map and whatever narrows the list, but for its counties."""
    now = datetime.now(UTC)
    schools, asked = await _asked(request, in_taipei(now))
    asked = replace(asked, counties=(), around=False)
    counts = await queries(request).counties(asked.wanted)
    around, language = frame(request, "activities"), request.state.language

    def make() -> bytes:
        say = speech(request)
        form = finder(asked, schools, say, in_taipei(now), MAP)
        view = map_view(counts, say, lambda county: finding.address(replace(asked, counties=(county,))))
        return pages().render("map.html", language, around, map=view, finder=form).encode()

    key = ("map", language, asked, _as_key(counts), minute(now))
    return answer(request, alike(around, key, (schools,), make))


async def _asked(request: Request, today: date) -> tuple[Sequence[School], Asked]:
    schools = await queries(request).schools()
    return schools, finding.read(request.query_params, [school["id"] for school in schools], today)


def _as_key(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items()))
