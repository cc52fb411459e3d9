"""The pages of the schools."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from gateway.problems import Problem
from gateway.search import Wanted
from gateway.web.asking import answer, frame, page, queries, speech
from gateway.web.remembered import alike
from gateway.web.rendering import pages
from gateway.web.school_views import counties, school_view
from gateway.web.views import activity_view


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
    hosted = await queries(request).activities(Wanted(schools=frozenset({school["id"]})))
    say, now = speech(request), datetime.now(UTC)
    return page(
        request,
        "school.html",
        frame(request, "schools"),
        school=school_view(school, merged_into, say),
        activities=[activity_view(activity, school, say, now) for activity in hosted.items],
    )
