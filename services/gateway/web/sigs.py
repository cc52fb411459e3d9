"""The pages of SIGs: which there are, one of them, and its calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from gateway.access.permissions import allowed
from gateway.access.rosters import OF_MEMBERS
from gateway.actions import Person
from gateway.commanding.sigs import owner
from gateway.problems import Problem
from gateway.read_model.documents import Activity, School
from gateway.read_model.sigs import Sig
from gateway.web import calendar_feeds
from gateway.web.asking import frame, page, queries, speech, visitor
from gateway.web.console.rosters import rosters
from gateway.web.sig_offers import convenes_alone, offers
from gateway.web.sig_views import (
    act_views,
    convenor_views,
    dossier_view,
    member_views,
    record_views,
    sig_view,
)
from gateway.web.sig_words import STANDINGS
from gateway.web.speech import Speech
from gateway.web.views import ActivityView, activity_view, by_id

_ORDER = ("active", "proposed", "sent_back", "closed")
"""In which they are listed; what was declined is not."""


async def list_sigs(request: Request) -> Response:
    """GET /sigs"""
    reading, say, person = queries(request), speech(request), visitor(request)
    found, schools = await reading.sigs.all(), by_id(await reading.schools())
    mine = {one["sig"]: one for one in await reading.sigs.of_person(person.id)} if person else {}
    views = {
        status: [sig_view(one, schools, say) for one in found if one["status"] == status] for status in _ORDER
    }
    own = [
        sig_view(one, schools, say)
        for one in found
        if (one["id"] in mine and mine[one["id"]]["status"] != "ended")
        or (person and one["proposer"]["person"] == person.id and one["status"] in ("proposed", "sent_back"))
    ]
    return page(
        request,
        "sigs.html",
        frame(request, "sigs"),
        own=own,
        active=views["active"],
        proposed=[*views["proposed"], *views["sent_back"]],
        closed=views["closed"],
    )


async def show_sig(request: Request) -> Response:
    """GET /sigs/{sig}"""
    sig = await known(request)
    reading, say, person = queries(request), speech(request), visitor(request)
    schools = by_id(await reading.schools())
    mine = await reading.sigs.membership(sig["id"], person.id) if person else None
    members = await reading.sigs.members(sig["id"], "member")
    sees = mine is not None and mine["status"] == "member"
    sees = sees or allowed(person, "list_sig_members") is not None
    acts_as = allowed(person, "admit_member", owner=_own(person, sig))
    if person and acts_as and sees and members:
        await rosters(request).note(person, acts_as, f"{OF_MEMBERS}{sig['id']}", "page")
    people = await rosters(request).names_of(one["person"] for one in members) if person else None
    view = sig_view(sig, schools, say)
    decides = acts_as and sig["status"] in ("active", "closed")
    return page(
        request,
        "sig.html",
        frame(request, "sigs"),
        sig=view,
        standing=say.say(STANDINGS[mine["status"]]) if mine else None,
        offers=offers(sig, person, mine, say),
        convenes_alone=convenes_alone(sig, mine),
        sign_in=f"/sign-in?return={view.address}" if person is None and sig["status"] == "active" else None,
        console=f"/console/sigs/{sig['id']}" if decides else None,
        convenors=convenor_views(sig, members, people, schools, say),
        members=member_views(sig, members, people or {}, schools, say) if sees else (),
        sees_members=sees,
        meetings=await meetings(request, sig, schools, say),
        records=record_views(sig["records"], say),
        dossier=dossier_view(sig, say) if allowed(person, "renew_sig") or sees else None,
        acts=act_views(sig["history"], schools, say),
    )


async def calendar(request: Request) -> Response:
    """GET /calendars/sigs/{sig}.ics: its meetings, those that are over too."""
    sig = await known(request)
    found = [
        activity
        for one in sig["meetings"]
        if (activity := await queries(request).activity(one["activity"])) and activity["status"] != "draft"
    ]
    return await calendar_feeds.of_meetings(request, sig["title"], found)


async def known(request: Request) -> Sig:
    """The SIG that the address names. Raises Problem unknown_sig."""
    sig = await queries(request).sigs.one(request.path_params["sig"])
    if sig is None:
        raise Problem("unknown_sig")
    return sig


def _own(person: Person | None, sig: Sig) -> str | None:
    return owner(person, sig) if person else None


async def meetings(
    request: Request, sig: Sig, schools: Mapping[str, School], say: Speech
) -> list[ActivityView]:
    """Its meetings as cards, the latest first."""
    now, found = datetime.now(UTC), []
    for one in sig["meetings"]:
        activity: Activity | None = await queries(request).activity(one["activity"])
        if activity and activity["status"] != "draft":
            found.append(activity_view(activity, schools.get(activity["host"]), say, now))
    return found
