"""What hosts and windows see: who is registered, their school's people, and drafts."""

from __future__ import annotations

from dataclasses import asdict

from starlette.responses import Response

from gateway.access import permissions
from gateway.access.rosters import OF_SCHOOL, Entry, Rosters
from gateway.actions import Person
from gateway.api import bodies, query_schemas, roster_schemas
from gateway.api.activities import visible
from gateway.api.listing import listed, part
from gateway.api.operations import Call, operation
from gateway.api.schools import acting_for
from gateway.serving.answering import Json

TAG = "Rosters"


@operation(
    "GET",
    "/activities/{activity}/registrations",
    tag=TAG,
    summary="Who is registered for an activity, in the order in which they came; each look is written down",
    query=roster_schemas.READ_ROSTER,
    returns={200: roster_schemas.ROSTER_PAGE},
    refusals=("unknown_activity", "bad_cursor"),
)
async def read_roster(call: Call) -> Response:
    """A page of them, by name."""
    asked, activity = call.query, call["activity"]
    found = await visible(call, activity)
    role = permissions.require(call.person, call.action, school=found["host"])
    rosters = _rosters(call)
    await rosters.note(call.person, role, activity, "api")
    wanted = sorted(
        (one for one in await rosters.of_activity(activity) if _is_wanted(one, asked)), key=_order
    )
    shown, following = part(call, wanted, _order)
    return listed(call, [bodies.plain(asdict(one)) for one in shown], following)


@operation(
    "GET",
    "/schools/{school}/people",
    tag=TAG,
    summary="The people of a school, by name; each look is written down",
    query=query_schemas.PAGED,
    returns={200: roster_schemas.COLLEAGUE_PAGE},
    refusals=("unknown_school", "bad_cursor"),
)
async def list_school_people(call: Call) -> Response:
    """A page of them."""
    await _look_at_school(call)
    people = await _rosters(call).people_of(call["school"])
    shown, following = part(call, people, lambda one: f"{one.name}~{one.id}")
    return listed(call, [_colleague(one) for one in shown], following)


@operation(
    "GET",
    "/schools/{school}/registrations",
    tag=TAG,
    summary="What the people of a school have registered for, wherever; each look is written down",
    query=roster_schemas.LIST_SCHOOL_REGISTRATIONS,
    returns={200: roster_schemas.ROSTER_PAGE},
    refusals=("unknown_school", "bad_cursor"),
)
async def list_school_registrations(call: Call) -> Response:
    """A page of them, the latest first, by name and without places in line."""
    await _look_at_school(call)
    rosters = _rosters(call)
    people = await rosters.people_of(call["school"])
    found = await rosters.of_people(one.id for one in people)
    wanted = sorted((one for one in found if _is_wanted(one, call.query)), key=_order, reverse=True)
    shown, following = part(call, wanted, _order, down=True)
    return listed(call, [bodies.plain(asdict(one)) for one in shown], following)


@operation(
    "GET",
    "/activities/{activity}/colleagues",
    tag=TAG,
    summary="How many of one's own school have a seat at an activity",
    returns={200: roster_schemas.COLLEAGUES_GOING},
    refusals=("unknown_activity",),
)
async def count_colleagues(call: Call) -> Response:
    """The number; who they are is their window's to see."""
    activity, school = await visible(call, call["activity"]), call.person.school
    return Json({"school": school, "going": await call.queries.going(activity["id"], school)})


@operation(
    "GET",
    "/schools/{school}/drafts",
    tag=TAG,
    summary="The drafts of a school's activities",
    query=query_schemas.PAGED,
    returns={200: roster_schemas.DRAFT_PAGE},
    refusals=("unknown_school", "bad_cursor"),
)
async def list_drafts(call: Call) -> Response:
    """A page of them, in the order of their ids."""
    await acting_for(call)
    drafts = sorted(await call.queries.drafts(call["school"]), key=lambda one: one["id"])
    shown, following = part(call, drafts, lambda one: one["id"])
    return listed(call, [bodies.plain(one) for one in shown], following)


def _rosters(call: Call) -> Rosters:
    found: Rosters = call.request.app.state.rosters
    return found


async def _look_at_school(call: Call) -> None:
    """Write down who is about to see its people. Raises as `acting_for` does."""
    role = await acting_for(call)
    await _rosters(call).note(call.person, role, f"{OF_SCHOOL}{call['school']}", "api")


def _is_wanted(one: Entry, asked: dict[str, list[str]]) -> bool:
    return (
        one.status in asked.get("status", (one.status,))
        and one.pool == asked.get("pool", one.pool)
        and one.school in asked.get("school", (one.school,))
    )


def _order(one: Entry) -> str:
    return f"{one.registered_at.timestamp():017.6f}~{one.registration}"


def _colleague(one: Person) -> dict[str, str]:
    return {"id": one.id, "name": one.name, "email": one.email, "language": one.language}


OPERATIONS = (read_roster, count_colleagues, list_school_people, list_school_registrations, list_drafts)
