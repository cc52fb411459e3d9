"""The console of windows: the people of one's school, and what they have registered for."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from gateway.access.permissions import allowed
from gateway.access.rosters import OF_SCHOOL
from gateway.problems import Problem
from gateway.web import dates
from gateway.web.asking import frame, go, page, queries, signed_in, speech
from gateway.web.console.answers import acting
from gateway.web.console.rosters import rosters
from gateway.web.views import CENTER
from gateway.web.words import REGISTRATIONS

MOST_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Going:
    """A registration of one of the people."""

    title: Markup
    address: str
    when: str
    status: str
    status_words: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the school, and what they are registered for."""

    name: Markup
    email: str
    going: tuple[Going, ...]


async def own_school(request: Request) -> Response:
    """GET /console/school: the page of one's own school, or all schools for whom that is all of them."""
    person = signed_in(request)
    if allowed(person, "admit_school") and person.school == CENTER:
        return go("/console/schools")
    acting(request, "describe_school", school=person.school)
    return go(f"/console/schools/{person.school}")


async def own_people(request: Request) -> Response:
    """GET /console/people: those of one's own school; whoever has none of their own chooses one."""
    person = signed_in(request)
    if person.school == CENTER:
        return go("/console/schools")
    return go(f"/console/schools/{person.school}/people")


async def show(request: Request) -> Response:
    """GET /console/schools/{school}/people?q=…"""
    school = request.path_params["school"]
    person, role = acting(request, "list_school_people", school=school)
    known = await queries(request).school(school)
    if known is None:
        raise Problem("unknown_school")
    words = " ".join(request.query_params.get("q", "").split())[:100]
    say, reading, names = speech(request), queries(request), rosters(request)
    people = [one for one in await names.people_of(school) if _fits(f"{one.name} {one.email}", words)]
    shown = people[:MOST_SHOWN]
    entries = await names.of_people(one.id for one in shown)
    going: dict[str, list[Going]] = {}
    for entry in entries:
        activity = await reading.activity(entry.activity)
        if activity and entry.status != "cancelled":
            going.setdefault(entry.person, []).append(
                Going(
                    say.phrase(activity["title"]),
                    f"/activities/{entry.activity}",
                    dates.span(activity["starts_at"], activity["ends_at"], say.language),
                    entry.status,
                    say.say(REGISTRATIONS[entry.status]),
                )
            )
    await names.note(person, role, f"{OF_SCHOOL}{school}", "page")
    return page(
        request,
        "console/people.html",
        frame(request, "console"),
        school=say.phrase(known["name"]),
        address=f"/console/schools/{school}",
        people=[Colleague(say.written(one.name), one.email, tuple(going.get(one.id, ()))) for one in shown],
        found=len(people),
        words=words,
    )


def _fits(text: str, words: str) -> bool:
    return all(word in text.casefold() for word in words.casefold().split())
