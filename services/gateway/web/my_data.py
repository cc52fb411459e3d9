"""My page: what is held about oneself, who saw it, taking it away, having it erased; and how far an erasure has got."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from gateway.access import permissions
from gateway.api.bodies import plain
from gateway.identity.arriving import door_of
from gateway.personal.erasures import SERVICES, Erasure
from gateway.personal.roster_views import RosterView
from gateway.problems import Problem
from gateway.read_model.documents import Registration
from gateway.serving.answering import Json
from gateway.web import dates
from gateway.web.asking import fields, frame, go, page, personal, queries, signed_in, speech
from gateway.web.speech import Speech, mark
from gateway.web.words import ROLES

SCHEMA = Path(__file__).parents[1] / "personal" / "personal-data.v1.schema.json"
STATES: Mapping[str, str] = {
    "asked": mark("Asked for"),
    "giving_back": mark("Seats are being given back"),
    "forgetting": mark("Other services are forgetting"),
    "done": mark("Done"),
}
REFRESH_SECONDS = 3


@dataclass(frozen=True, slots=True)
class ViewView:
    """Somebody saw a roster that one stood on."""

    activity: Markup
    who: Markup
    role: str
    at: str


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of an erasure, and when it was done; None: not yet."""

    words: str
    done: str | None


@dataclass(frozen=True, slots=True)
class ErasureView:
    """How far it has got. `waits_for` names services that have not answered, `done` says when it ended."""

    id: str
    state: str
    state_words: str
    why: str
    asked: str
    given_back: int
    steps: tuple[StepView, ...]
    waits_for: str
    done: str | None


async def show(request: Request) -> Response:
    """GET /me/data"""
    person, say = signed_in(request), speech(request)
    registrations = await queries(request).registrations_of(person.id)
    seen = await personal(request).roster_views.of(registrations)
    export = await personal(request).exports.latest(person.id)
    return page(
        request,
        "my_data.html",
        frame(request, "me"),
        views=_views(seen, registrations, say),
        export=export,
        asked=dates.moment(export.asked_at, say.language) if export else None,
        refresh=REFRESH_SECONDS if export and not export.complete else None,
    )


async def ask_for_export(request: Request) -> Response:
    """POST /me/data/export"""
    person = signed_in(request, "/me/data")
    await personal(request).exports.ask(person.id)
    return go("/me/data")


async def fetch_export(request: Request) -> Response:
    """GET /me/data/export/{export}.json"""
    person = signed_in(request, "/me/data")
    exports = personal(request).exports
    export = await exports.latest(person.id)
    if export is None or export.id != request.path_params["export"] or not export.complete:
        raise Problem("unknown_export")
    site = request.app.state.settings.public_url
    whole = {"$schema": f"{site}/schemas/personal-data.v1.json", **plain(await exports.whole(export))}
    headers = {
        "content-disposition": f'attachment; filename="gongxue-{person.id}.json"',
        "cache-control": "no-store",
    }
    return Json(whole, headers=headers)


async def describe_export(request: Request) -> Response:
    """GET /schemas/personal-data.v1.json: what an export is made of."""
    headers = {"cache-control": "public, max-age=86400"}
    return Json(json.loads(SCHEMA.read_text("utf-8")), headers=headers, media_type="application/schema+json")


async def ask_to_erase(request: Request) -> Response:
    """GET /me/data/erase: what will happen, and is that what is wanted?"""
    signed_in(request)
    return await _asking(request, wrong=False)


async def erase(request: Request) -> Response:
    """POST /me/data/erase"""
    person = signed_in(request, "/me/data/erase")
    if (await fields(request)).get("sure") != "yes":
        return await _asking(request, wrong=True)
    secret = await personal(request).erasures.begin(person.id)
    door = door_of(request)
    await door.sessions.revoke_all(person.id)
    await door.notices.mark_stale(person=person.id)
    request.session.clear()
    return go(f"/erasures/{secret}")


async def status(request: Request) -> Response:
    """GET /erasures/{secret}: for whoever has the address, signed in or not."""
    erasure = await personal(request).erasures.at(request.path_params["secret"])
    if erasure is None:
        raise Problem("unknown_erasure")
    refresh = REFRESH_SECONDS if erasure.state != "done" else None
    view = _erasure(erasure, speech(request))
    return page(request, "erasure.html", frame(request, "", "/"), erasure=view, refresh=refresh)


async def all_erasures(request: Request) -> Response:
    """GET /console/erasures, for operators."""
    permissions.require(signed_in(request), "list_erasures")
    say = speech(request)
    found = [_erasure(one, say) for one in await personal(request).erasures.latest()]
    return page(request, "erasures.html", frame(request, "console"), erasures=found)


async def _asking(request: Request, *, wrong: bool) -> Response:
    person, say = signed_in(request), speech(request)
    now = datetime.now(UTC)
    standing = [
        say.phrase(about["title"])
        for one in await queries(request).registrations_of(person.id)
        if one["status"] != "cancelled" and (about := one.get("about")) and about["ends_at"] > now
    ]
    response = page(request, "erase.html", frame(request, "me"), standing=standing, wrong=wrong)
    response.status_code = 422 if wrong else 200
    return response


def _views(seen: list[RosterView], registrations: list[Registration], say: Speech) -> list[ViewView]:
    titles = {one["activity"]: about["title"] for one in registrations if (about := one.get("about"))}
    return [
        ViewView(
            say.phrase(titles[one.activity]) if one.activity in titles else Markup("–"),
            say.written(one.name or say.gettext("Somebody whose data have been erased")),
            say.say(ROLES.get(one.role, one.role)),
            dates.moment(one.at, say.language),
        )
        for one in seen
    ]


def _erasure(erasure: Erasure, say: Speech) -> ErasureView:
    def when(at: datetime | None) -> str | None:
        return dates.moment(at, say.language) if at else None

    later = erasure.state in ("forgetting", "done")
    cancelled = say.ngettext(
        "%(num)s registration that stood was cancelled",
        "%(num)s registrations that stood were cancelled",
        erasure.given_back,
    ) % {"num": erasure.given_back}
    waits = [service for service in SERVICES if service not in erasure.answered]
    answers = [erasure.answered.get(service) for service in SERVICES]
    told = max((at for at in answers if at), default=None)
    steps = (
        StepView(
            say.gettext("Your data here were deleted, and nobody can sign in as you"),
            say.gettext("Done") if erasure.state != "asked" else None,
        ),
        StepView(
            cancelled if later else say.gettext("Registrations that stand are being cancelled"),
            say.gettext("Done") if later else None,
        ),
        StepView(
            say.gettext("Every partner was told to delete what it has of you"),
            say.gettext("Done") if erasure.answered or erasure.state == "done" else None,
        ),
        StepView(say.gettext("The notices and your address were deleted"), when(told)),
        StepView(say.gettext("All is erased"), when(erasure.done_at)),
    )
    why = say.gettext("asked for") if erasure.why == "asked" else say.gettext("not used for three years")
    return ErasureView(
        erasure.id,
        erasure.state,
        say.say(STATES[erasure.state]),
        why,
        dates.moment(erasure.asked_at, say.language),
        erasure.given_back,
        steps,
        ", ".join(waits) if erasure.state == "forgetting" else "",
        when(erasure.done_at),
    )
