"""The pages of the activities: the list, and one of them with the form to register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from gateway import permissions
from gateway.actions import Person
from gateway.documents import Activity, School, When
from gateway.problems import Problem
from gateway.search import Wanted
from gateway.web import forms
from gateway.web.asking import answer, frame, queries, speech, visitor
from gateway.web.remembered import alike
from gateway.web.rendering import pages
from gateway.web.speech import Speech
from gateway.web.views import RegistrationView, activity_view, by_id, registration_view
from gateway.web.words import KINDS


@dataclass(frozen=True, slots=True)
class KindLink:
    """A kind of activities to look at."""

    name: str
    address: str
    current: bool


async def list_activities(request: Request) -> Response:
    """GET /?kind=…&when=past&cursor=…"""
    asked = request.query_params
    kind = asked.get("kind") if asked.get("kind") in KINDS else None
    when: When = "past" if asked.get("when") == "past" else "upcoming"
    cursor = asked.get("cursor")
    found = await queries(request).activities(
        Wanted(kinds=frozenset({kind} if kind else ()), when=when), cursor
    )
    schools = await queries(request).schools()
    around = frame(request, "activities")
    language = request.state.language

    def make() -> bytes:
        say = speech(request)
        hosts, now = by_id(schools), datetime.now(UTC)
        return (
            pages()
            .render(
                "activities.html",
                language,
                around,
                activities=[activity_view(one, hosts.get(one["host"]), say, now) for one in found.items],
                kinds=_kinds(kind, when, say),
                past=when == "past",
                other_address=_address(kind, "upcoming" if when == "past" else "past"),
                next_address=_address(kind, when, found.next) if found.next else None,
                kind=kind,
            )
            .encode()
        )

    key = ("list", language, kind, when, cursor, found.next)
    return answer(language, alike(around, key, (schools, *found.items), make))


async def show_activity(request: Request) -> Response:
    """GET /activities/{activity}"""
    activity = await visible_activity(request)
    return await activity_page(request, activity)


async def visible_activity(request: Request) -> Activity:
    """The activity that the address names. Raises Problem unknown_activity, also for somebody else's draft."""
    activity = await queries(request).activity(request.path_params["activity"])
    if activity is None or (activity["status"] == "draft" and not _is_theirs(activity, visitor(request))):
        raise Problem("unknown_activity")
    return activity


async def activity_page(
    request: Request, activity: Activity, form: forms.RegisterForm | None = None
) -> Response:
    """The activity with one's own registration, or with `form`, or with a new form."""
    schools = await queries(request).schools()
    person, language = visitor(request), request.state.language
    around = frame(request, "activities", f"/activities/{activity['id']}")
    registration = await queries(request).registration_at(person.id, activity["id"]) if person else None

    def make() -> bytes:
        say = speech(request)
        view = activity_view(activity, _find(schools, activity["host"]), say, datetime.now(UTC))
        mine: RegistrationView | None = registration_view(registration, view, say) if registration else None
        shown = form or (forms.blank(activity, person) if person else None)
        return (
            pages()
            .render("activity.html", language, around, activity=view, registration=mine, form=shown)
            .encode()
        )

    return answer(language, alike(around, ("one", language), (schools, activity), make))


def _kinds(current: str | None, when: When, say: Speech) -> list[KindLink]:
    everything = KindLink(say.gettext("All kinds"), _address(None, when), current is None)
    return [
        everything,
        *(KindLink(say.say(name), _address(kind, when), current == kind) for kind, name in KINDS.items()),
    ]


def _address(kind: str | None, when: When, cursor: str | None = None) -> str:
    asked = {"kind": kind, "when": "past" if when == "past" else None, "cursor": cursor}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"/?{query}" if query else "/"


def _find(schools: Sequence[School], school: str) -> School | None:
    return next((one for one in schools if one["id"] == school), None)


def _is_theirs(activity: Activity, person: Person | None) -> bool:
    return permissions.allowed(person, "read_draft", school=activity["host"]) is not None
