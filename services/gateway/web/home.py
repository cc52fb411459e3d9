"""The front page: what comes soon, what is near, and what is next for whoever is signed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from gateway.actions import Person
from gateway.finding import counties
from gateway.finding.search import Wanted
from gateway.read_model.documents import Activity, School
from gateway.web import finding
from gateway.web.asking import answer, frame, queries, speech, visitor
from gateway.web.finding import Asked
from gateway.web.map_views import map_view
from gateway.web.remembered import alike, minute
from gateway.web.rendering import pages
from gateway.web.views import RegistrationView, activity_view, by_id, registration_view
from gateway.web.words import COUNTIES

SOON, NEAR, NEXT = 4, 4, 3
"""How many of each are shown."""
_TO_COME = Wanted(when="upcoming")
_SOON = Wanted(when="upcoming", seats_left=True)


async def show(request: Request) -> Response:
    """GET /"""
    now, language = datetime.now(UTC), request.state.language
    reading, person = queries(request), visitor(request)
    schools = await reading.schools()
    soon = await reading.activities(_SOON, limit=SOON)
    counts = await reading.counties(_TO_COME)
    hosts = by_id(schools)
    county = hosts[person.school]["county"] if person and person.school in hosts else None
    near = await _near(request, county)
    following = await _next(request, person, hosts, now)
    around = frame(request, "home")

    def make() -> bytes:
        say = speech(request)

        def views(found: list[Activity]) -> list[object]:
            return [activity_view(one, hosts.get(one["host"]), say, now) for one in found]

        def place(county: str) -> str:
            return finding.address(Asked(counties=(county,), around=True))

        return (
            pages()
            .render(
                "home.html",
                language,
                around,
                soon=views(soon.items),
                near=views(near),
                county=say.say(COUNTIES.get(county, county)) if county else None,
                near_address=place(county) if county else None,
                following=following,
                map=map_view(counts, say, place),
            )
            .encode()
        )

    key = ("home", language, tuple(sorted(counts.items())), minute(now))
    return answer(request, alike(around, key, (schools, *soon.items), make))


async def _near(request: Request, county: str | None) -> list[Activity]:
    """What is not called off in the county and around it; of nobody's county nothing."""
    if county is None:
        return []
    wanted = replace(_TO_COME, counties=counties.around([county]))
    found = await queries(request).activities(wanted, limit=3 * NEAR)
    return [one for one in found.items if one["status"] != "cancelled"][:NEAR]


async def _next(
    request: Request, person: Person | None, hosts: Mapping[str, School], now: datetime
) -> list[RegistrationView]:
    """One's own registrations to come, the soonest first."""
    if person is None:
        return []
    say = speech(request)
    found: list[tuple[datetime, RegistrationView]] = []
    for registration in await queries(request).registrations_of(person.id):
        about = registration.get("about")
        if about is None:
            continue
        view = registration_view(registration, activity_view(about, hosts.get(about["host"]), say, now), say)
        if view.can_cancel:
            found.append((about["starts_at"], view))
    return [view for _, view in sorted(found, key=lambda one: one[0])[:NEXT]]
