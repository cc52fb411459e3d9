"""Schools."""

from __future__ import annotations

from http import HTTPStatus

from starlette.responses import Response

from gateway.access import permissions
from gateway.actions import Outcome
from gateway.api import bodies, query_schemas, schemas
from gateway.api.listing import listed, part, sparse
from gateway.api.operations import Call, operation
from gateway.api.outcomes import accepted
from gateway.problems import Problem
from gateway.serving.answering import Json
from gateway.serving.etags import require_match, tag

TAG = "Schools"
OF_SCHOOL = ("unknown_school", "wrong_school", "school_merged", "idempotency_key_reused")
OF_CENTER = ("unknown_school", "school_merged", "idempotency_key_reused")


@operation(
    "GET",
    "/schools",
    tag=TAG,
    summary="All schools in the order of their ids, a page at a time",
    query=query_schemas.LIST_SCHOOLS,
    returns={200: schemas.SCHOOL_PAGE},
    refusals=("bad_cursor",),
)
async def list_schools(call: Call) -> Response:
    """A page of them."""
    asked = call.query
    wanted = [
        one
        for one in await call.queries.schools()
        if one["county"] in asked.get("county", (one["county"],))
        and one["status"] == asked.get("status", one["status"])
    ]
    shown, following = part(call, wanted, lambda one: one["id"])
    return listed(call, [bodies.school(one) for one in shown], following)


@operation(
    "GET",
    "/schools/{school}",
    tag=TAG,
    summary="One school",
    query=query_schemas.READ_SCHOOL,
    returns={200: schemas.SCHOOL},
    refusals=("unknown_school",),
)
async def read_school(call: Call) -> Response:
    """It."""
    return await _school(call, call["school"])


@operation(
    "POST",
    "/schools",
    tag=TAG,
    summary="Admit a school to the network",
    body=schemas.NEW_SCHOOL,
    returns={201: schemas.SCHOOL},
    command=True,
    refusals=("school_exists", "idempotency_key_reused"),
)
async def admit_school(call: Call) -> Response:
    """The new school."""
    profile = dict(call.body)
    school = profile.pop("id")
    outcome = await call.gateway.admit_school(call.person, school, profile, key=call.key)
    return await _shown(call, outcome, school, HTTPStatus.CREATED)


@operation(
    "PATCH",
    "/schools/{school}",
    tag=TAG,
    summary="Change what a school says of itself",
    body=schemas.SCHOOL_CHANGES,
    returns={200: schemas.SCHOOL},
    command=True,
    refusals=(*OF_SCHOOL, "nothing_to_change", "precondition_failed"),
)
async def describe_school(call: Call) -> Response:
    """The changed school; with If-Match only if it is still as it was seen."""
    if "if-match" in call.request.headers:
        seen = await _school(call, call["school"])
        require_match(call.request, seen.headers["ETag"])
    outcome = await call.gateway.describe_school(call.person, call["school"], call.body, key=call.key)
    return await _shown(call, outcome)


@operation(
    "POST",
    "/schools/{school}/rename",
    tag=TAG,
    summary="Give a school another name",
    body=schemas.NEW_NAME,
    returns={200: schemas.SCHOOL},
    command=True,
    refusals=(*OF_CENTER, "same_name"),
)
async def rename_school(call: Call) -> Response:
    """The school under its new name."""
    outcome = await call.gateway.rename_school(call.person, call["school"], call.body["name"], key=call.key)
    return await _shown(call, outcome)


@operation(
    "POST",
    "/schools/{school}/suspend",
    tag=TAG,
    summary="Let a school rest",
    body=schemas.REASON,
    returns={200: schemas.SCHOOL},
    command=True,
    refusals=(*OF_CENTER, "already_suspended"),
)
async def suspend_school(call: Call) -> Response:
    """The suspended school."""
    reason = call.body["reason"]
    outcome = await call.gateway.suspend_school(call.person, call["school"], reason, key=call.key)
    return await _shown(call, outcome)


@operation(
    "POST",
    "/schools/{school}/reinstate",
    tag=TAG,
    summary="Bring a suspended school back",
    returns={200: schemas.SCHOOL},
    command=True,
    refusals=(*OF_CENTER, "not_suspended"),
)
async def reinstate_school(call: Call) -> Response:
    """The school as it is again."""
    outcome = await call.gateway.reinstate_school(call.person, call["school"], key=call.key)
    return await _shown(call, outcome)


@operation(
    "POST",
    "/schools/{school}/merge",
    tag=TAG,
    summary="Make a school part of another",
    body=schemas.MERGE,
    returns={200: schemas.SCHOOL},
    command=True,
    refusals=(*OF_CENTER, "merge_into_itself", "unknown_target"),
)
async def merge_school(call: Call) -> Response:
    """The school that is no more."""
    into = call.body["into"]
    outcome = await call.gateway.merge_school(call.person, call["school"], into, key=call.key)
    return await _shown(call, outcome)


async def acting_for(call: Call) -> str:
    """The role in which the school of the address is acted for. Raises Problem: forbidden, unknown_school."""
    role = permissions.require(call.person, call.action, school=call["school"])
    if await call.queries.school(call["school"]) is None:
        raise Problem("unknown_school")
    return role


async def _shown(
    call: Call, outcome: Outcome, school: str | None = None, status: int = HTTPStatus.OK
) -> Response:
    accepted(outcome)
    return await _school(call, school or call["school"], status)


async def _school(call: Call, school: str, status: int = HTTPStatus.OK) -> Response:
    found = await call.queries.school(school)
    if found is None:
        raise Problem("unknown_school")
    headers = {"Location": f"{bodies.PREFIX}/schools/{school}"} if status == HTTPStatus.CREATED else None
    body, shown = bodies.school(found), call.query.get("shown")
    response = Json(sparse(body, shown) if shown else body, status, headers)
    response.headers["ETag"] = tag(bytes(response.body), bytes(Json(body).body))
    return response


OPERATIONS = (
    list_schools,
    read_school,
    admit_school,
    describe_school,
    rename_school,
    suspend_school,
    reinstate_school,
    merge_school,
)
