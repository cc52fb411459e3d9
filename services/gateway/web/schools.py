"""The pages of the schools."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from gateway.finding.search import Wanted
from gateway.problems import Problem
from gateway.web.asking import answer, frame, page, queries, speech
from gateway.web.finding import Asked, address
from gateway.web.remembered import alike
from gateway.web.rendering import pages
from gateway.web.school_views import counties, school_view
from gateway.web.views import activity_view

PAST = 5
"""Past activities of a school that are shown; a link leads to the others."""


async def list_schools(request: Request) -> Response:
    """GET /schools"""
    found = await queries(request).schools()
    around, language = frame(request, "schools"), request.state.language

    def make() -> bytes:
        by_county = counties(found, speech(request))
        return pages().render("schools.html", language, around, counties=by_county, count=len(found)).encode()

    return answer(request, alike(around, ("schools", language), (found,), make))


async def show_school(request: Request) -> Response:
    """GET /schools/{school}"""
    school = await queries(request).school(request.path_params["school"])
    if school is None:
        raise Problem("unknown_school")
    into = school["merged_into"]
    merged_into = await queries(request).school(into) if into else None
    of_school = frozenset({school["id"]})
    to_come = await queries(request).activities(Wanted(schools=of_school, when="upcoming"))
    past = await queries(request).activities(Wanted(schools=of_school, when="past"), limit=PAST)
    say, now = speech(request), datetime.now(UTC)
    asked = Asked(schools=(school["id"],))
    return page(
        request,
        "school.html",
        frame(request, "schools"),
        school=school_view(school, merged_into, say),
        to_come=[activity_view(activity, school, say, now) for activity in to_come.items],
        past=[activity_view(activity, school, say, now) for activity in past.items],
        more_to_come=address(asked) if to_come.next else None,
        more_past=address(replace(asked, when="past")) if past.next else None,
    )
