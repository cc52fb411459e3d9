"""Who looked at lists of names: told to the Promotion Center, and to those whose names they are."""

from __future__ import annotations

from datetime import datetime

from starlette.responses import Response

from gateway.access.rosters import Rosters, Seen, View
from gateway.api import looking_schemas as schemas
from gateway.api.bodies import plain
from gateway.api.listing import beginning, cut, listed
from gateway.api.operations import Call, operation
from gateway.personal.desk import Desk
from gateway.problems import Problem
from gateway.serving.answering import Json
from gongxue_contracts import moment

TAG = "Rosters"


@operation(
    "GET",
    "/roster-views",
    tag=TAG,
    summary="Who looked at which list of names, in which role and how",
    query=schemas.LIST_ROSTER_VIEWS,
    returns={200: schemas.ROSTER_VIEW_PAGE},
    refusals=("bad_cursor",),
)
async def list_roster_views(call: Call) -> Response:
    """A page of them, the latest first."""
    asked = call.query
    seen = Seen(asked.get("activity"), asked.get("school"), asked.get("person"), asked.get("sig"))
    rosters: Rosters = call.request.app.state.rosters
    found = await rosters.views(call.query["limit"] + 1, seen, before=_place(call))
    shown, following = cut(call, found, lambda one: f"{moment.write(one.at)}~{one.id}")
    return listed(call, [_body(one) for one in shown], following)


@operation(
    "GET",
    "/me/roster-views",
    tag=TAG,
    summary="Who else saw rosters and lists of SIGs that one stands on, while one does",
    returns={200: schemas.OWN_ROSTER_VIEWS},
)
async def my_roster_views(call: Call) -> Response:
    """The latest first."""
    desk: Desk = call.request.app.state.personal
    me, reading = call.person.id, call.queries
    found = await desk.roster_views.of(
        me, await reading.registrations_of(me), await reading.sigs.of_person(me)
    )
    names = ("activity", "sig", "name", "role", "at")
    items = [{name: getattr(one, name) for name in names} for one in found]
    return Json({"items": plain(items)})


def _place(call: Call) -> tuple[datetime, str] | None:
    """Raises Problem bad_cursor."""
    key = beginning(call)
    if key is None:
        return None
    at, _, id = key.partition("~")
    try:
        return moment.read(at), id
    except ValueError as error:
        raise Problem("bad_cursor") from error


def _body(view: View) -> dict[str, object]:
    body: dict[str, object] = plain(
        {
            "person": view.who,
            "name": view.name,
            "role": view.role,
            "activity": None if view.school or view.sig else view.activity,
            "school": view.school,
            "sig": view.sig,
            "how": view.how,
            "at": view.at,
        }
    )
    return body


OPERATIONS = (list_roster_views, my_roster_views)
