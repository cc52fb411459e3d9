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
from gateway.personal.roster_views import RosterView
from gateway.problems import Problem
from gateway.read_model.documents import Registration, Text
from gateway.serving.answering import Json
from gateway.web import dates, erasure_views
from gateway.web.asking import fields, frame, go, page, personal, queries, signed_in, speech
from gateway.web.console.rosters import looked_as
from gateway.web.speech import Speech

SCHEMA = Path(__file__).parents[1] / "personal" / "personal-data.v1.schema.json"
REFRESH_SECONDS = 3


@dataclass(frozen=True, slots=True)
class ViewView:
    """Somebody saw a list that one stood on: of an activity, or of a SIG."""

    what: Markup
    who: Markup
    role: str
    at: str


async def show(request: Request) -> Response:
    """GET /me/data"""
    person, say = signed_in(request), speech(request)
    registrations = await queries(request).registrations_of(person.id)
    memberships = await queries(request).sigs.of_person(person.id)
    seen = await personal(request).roster_views.of(person.id, registrations, memberships)
    sigs = {
        one.sig: sig["title"] for one in seen if one.sig and (sig := await queries(request).sigs.one(one.sig))
    }
    export = await personal(request).exports.latest(person.id)
    return page(
        request,
        "my_data.html",
        frame(request, "me"),
        views=_views(seen, registrations, sigs, say),
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
    shown = erasure_views.view(erasure, speech(request))
    return page(request, "erasure.html", frame(request, "", "/"), erasure=shown, refresh=refresh)


async def all_erasures(request: Request) -> Response:
    """GET /console/erasures, for operators."""
    permissions.require(signed_in(request), "list_erasures")
    say = speech(request)
    found = [erasure_views.view(one, say) for one in await personal(request).erasures.latest()]
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


def _views(
    seen: list[RosterView], registrations: list[Registration], sigs: Mapping[str, Text], say: Speech
) -> list[ViewView]:
    titles = {one["activity"]: about["title"] for one in registrations if (about := one.get("about"))}
    found = [(one, sigs.get(one.sig) if one.sig else titles.get(one.activity or "")) for one in seen]
    return [
        ViewView(
            say.phrase(title) if title else Markup("–"),
            say.written(one.name or say.gettext("Somebody whose data have been erased")),
            say.say(looked_as(one.role, one.sig)),
            dates.moment(one.at, say.language),
        )
        for one, title in found
    ]
