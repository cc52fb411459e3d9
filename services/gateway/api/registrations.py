"""Registrations: asking for a seat, looking at it, giving it back."""

from __future__ import annotations

from http import HTTPStatus

from starlette.responses import Response

from gateway.access import permissions
from gateway.actions import Person
from gateway.api import bodies, query_schemas, schemas
from gateway.api.listing import listed, part
from gateway.api.operations import Call, operation
from gateway.api.outcomes import accepted
from gateway.problems import Problem
from gateway.read_model.documents import Registration
from gateway.read_model.queries import Queries
from gateway.serving.answering import Json
from gongxue_contracts import moment

TAG = "Registrations"


@operation(
    "POST",
    "/activities/{activity}/registrations",
    tag=TAG,
    summary="Register for an activity: a seat, or a place on the waiting list",
    body=schemas.NEW_REGISTRATION,
    returns={201: schemas.REGISTRATION},
    command=True,
    refusals=(
        "unknown_activity",
        "not_published",
        "closed",
        "activity_cancelled",
        "activity_over",
        "already_registered",
        "waiting_list_full",
        "pool_full",
        "no_such_pool",
        "idempotency_key_reused",
        "school_not_open",
        "waiting_room",
    ),
)
async def register(call: Call) -> Response:
    """The registration, as the fact that made it says."""
    outcome = accepted(await call.gateway.register(call.person, call["activity"], key=call.key, **call.body))
    made = bodies.new_registration(outcome.facts[0])
    return Json(made, HTTPStatus.CREATED, {"Location": f"{bodies.PREFIX}/registrations/{made['id']}"})


@operation(
    "GET",
    "/registrations/{registration}",
    tag=TAG,
    summary="One registration with its place in line",
    returns={200: schemas.REGISTRATION},
    refusals=("unknown_registration",),
)
async def read_registration(call: Call) -> Response:
    """It, for the person, the host and the Center."""
    found = await call.queries.registration(call["registration"])
    if found is None or not await _may_see(call.person, found, call.queries):
        raise Problem("unknown_registration")
    return Json(bodies.plain(found))


@operation(
    "DELETE",
    "/registrations/{registration}",
    tag=TAG,
    summary="Give a seat or a place in line back",
    returns={200: schemas.REGISTRATION},
    command=True,
    refusals=(
        "unknown_registration",
        "already_cancelled",
        "activity_cancelled",
        "activity_over",
        "idempotency_key_reused",
    ),
)
async def cancel_registration(call: Call) -> Response:
    """The cancelled registration, as the fact that ended it says: the read model may be late."""
    registration = call["registration"]
    outcome = accepted(await call.gateway.cancel_registration(call.person, registration, key=call.key))
    known = await call.queries.registration(registration)
    return Json(bodies.cancelled_registration(outcome.facts[0], known))


@operation(
    "GET",
    "/me/registrations",
    tag=TAG,
    summary="One's own registrations, the latest first, a page at a time",
    query=query_schemas.LIST_OWN_REGISTRATIONS,
    returns={200: schemas.OWN_REGISTRATION_PAGE},
    refusals=("bad_cursor",),
)
async def my_registrations(call: Call) -> Response:
    """A page of them with their activities."""
    asked = call.query
    wanted = [
        one
        for one in await call.queries.registrations_of(call.person.id)
        if one["status"] in asked.get("status", (one["status"],))
        and one["pool"] == asked.get("pool", one["pool"])
    ]
    wanted.sort(key=_latest, reverse=True)
    shown, following = part(call, wanted, _latest, down=True)
    return listed(call, [bodies.plain(one) for one in shown], following)


def _latest(one: Registration) -> str:
    return f"{moment.write(one['registered_at'])}~{one['id']}"


async def _may_see(who: Person, registration: Registration, queries: Queries) -> bool:
    activity = await queries.activity(registration["activity"])
    host = activity["host"] if activity else None
    return (
        permissions.allowed(who, "read_registration", school=host, owner=registration["person"]) is not None
    )


OPERATIONS = (register, read_registration, cancel_registration, my_registrations)
