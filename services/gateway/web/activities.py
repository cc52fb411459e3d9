"""The pages of the activities: the list, and one of them with the form to register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from gateway.access import permissions
from gateway.actions import Person
from gateway.problems import Problem
from gateway.read_model.documents import Activity, School, When
from gateway.web import finding, forms
from gateway.web.asking import answer, frame, queries, speech, visitor
from gateway.web.dates import in_taipei
from gateway.web.finder import finder
from gateway.web.remembered import alike, minute
from gateway.web.rendering import pages
from gateway.web.views import RegistrationView, activity_view, by_id, live, registration_view


async def list_activities(request: Request) -> Response:
    """GET /activities, narrowed by what `finding` reads in the address, and ?when=past or ?cursor=…"""
    schools, now = await queries(request).schools(), datetime.now(UTC)
    asked = finding.read(request.query_params, [school["id"] for school in schools], in_taipei(now))
    cursor = request.query_params.get("cursor")
    found = await queries(request).activities(asked.wanted, cursor)
    around, language = frame(request, "activities"), request.state.language

    def make() -> bytes:
        say, hosts = speech(request), by_id(schools)
        other: When = "upcoming" if asked.when == "past" else "past"
        return (
            pages()
            .render(
                "activities.html",
                language,
                around,
                activities=[activity_view(one, hosts.get(one["host"]), say, now) for one in found.items],
                total=found.total,
                finder=finder(asked, schools, say, in_taipei(now)),
                past=asked.when == "past",
                other_address=finding.address(replace(asked, when=other, since=None, until=None)),
                wider_address=_wider(asked),
                next_address=finding.address(asked, extra=[("cursor", found.next)]) if found.next else None,
            )
            .encode()
        )

    key = ("list", language, asked, cursor, found.next, found.total, minute(now))
    return answer(request, alike(around, key, (schools, *found.items), make))


def _wider(asked: finding.Asked) -> str | None:
    """The same in the neighbouring counties as well, if that is more."""
    if not asked.counties or asked.around:
        return None
    return finding.address(replace(asked, around=True))


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
    reading, person, language = queries(request), visitor(request), request.state.language
    schools = await reading.schools()
    address = f"/activities/{activity['id']}"
    around = frame(request, "activities", address)
    registration = await reading.registration_at(person.id, activity["id"]) if person else None
    colleagues = await reading.going(activity["id"], person.school) if person else 0
    convened_by = await reading.sigs.of_meeting(activity["id"])
    sigs = tuple((one["id"], one["title"]["zh"], one["title"]["en"]) for one in convened_by)
    looks_again = request.query_params.get("refresh") != "off"

    def make() -> bytes:
        say = speech(request)
        view = activity_view(activity, _find(schools, activity["host"]), say, datetime.now(UTC))
        mine: RegistrationView | None = registration_view(registration, view, say) if registration else None
        shown = form or (forms.blank(activity, person) if person else None)
        changes = view.status in ("open", "waiting", "full", "closed")
        return (
            pages()
            .render(
                "activity.html",
                language,
                around,
                activity=view,
                registration=mine,
                form=shown,
                live=live(activity, say) if changes else None,
                colleagues=colleagues,
                sigs=[(f"/sigs/{id}", say.phrase({"zh": zh, "en": en})) for id, zh, en in sigs],
                # A form that somebody fills in must not go away under their hands.
                again_address=f"{address}?refresh=off" if changes and looks_again and not shown else None,
            )
            .encode()
        )

    key = ("one", language, looks_again, sigs)
    return answer(request, alike(around, key, (schools, activity), make))


def _find(schools: Sequence[School], school: str) -> School | None:
    return next((one for one in schools if one["id"] == school), None)


def _is_theirs(activity: Activity, person: Person | None) -> bool:
    return permissions.allowed(person, "read_draft", school=activity["host"]) is not None
