"""The console of SIGs: the Promotion Center's desk, and that of those who convene one."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from gateway.access.permissions import allowed, require
from gateway.access.rosters import OF_MEMBERS
from gateway.commanding.sigs import owner
from gateway.web.asking import frame, page, queries, signed_in, speech
from gateway.web.console.answers import acting
from gateway.web.console.rosters import rosters
from gateway.web.sig_views import convenor_views, dossier_view, member_views, record_views, sig_view
from gateway.web.sigs import known, meetings
from gateway.web.views import by_id


async def show_desk(request: Request) -> Response:
    """GET /console/sigs: what waits for the Center, the oldest first."""
    acting(request, "charter_sig")
    say, reading = speech(request), queries(request)
    schools = by_id(await reading.schools())
    found = list(reversed(await reading.sigs.all()))
    views = [(one, sig_view(one, schools, say)) for one in found]
    return page(
        request,
        "console/sigs.html",
        frame(request, "console"),
        standing=[view for one, view in views if one["status"] == "proposed" and one["stands"]],
        renewals=[(view, dossier_view(one, say)) for one, view in views if one["submitted"]],
        ending=[view for one, view in views if view.ends_soon and not one["submitted"]],
        gathering=[
            view
            for one, view in views
            if one["status"] == "sent_back" or (one["status"] == "proposed" and not one["stands"])
        ],
        active=[
            view
            for one, view in views
            if one["status"] == "active" and not one["submitted"] and not view.ends_soon
        ],
    )


async def show_one(request: Request) -> Response:
    """GET /console/sigs/{sig}: for whoever convenes it."""
    sig = await known(request)
    person = signed_in(request)
    mine = owner(person, sig)
    role = require(person, "admit_member", owner=mine)
    say, reading = speech(request), queries(request)
    schools = by_id(await reading.schools())
    people = await reading.sigs.members(sig["id"], "member", "requested", "invited")
    await rosters(request).note(person, role, f"{OF_MEMBERS}{sig['id']}", "page")
    names = await rosters(request).names_of(one["person"] for one in people)
    standings = {
        standing: member_views(sig, [one for one in people if one["status"] == standing], names, schools, say)
        for standing in ("member", "requested", "invited")
    }
    return page(
        request,
        "console/sig.html",
        frame(request, "console"),
        sig=sig_view(sig, schools, say),
        open=sig["status"] == "active",
        convenes=allowed(person, "link_meeting", owner=mine) is not None,
        desk=allowed(person, "charter_sig") is not None,
        convenors=convenor_views(sig, people, names, schools, say),
        members=standings["member"],
        requested=standings["requested"],
        invited=standings["invited"],
        meetings=await meetings(request, sig, schools, say),
        records=record_views(sig["records"], say),
        dossier=dossier_view(sig, say),
    )
