"""Activities: reading them, and what their host does with them."""

from __future__ import annotations

import uuid
from http import HTTPStatus

from starlette.responses import Response

from gateway import permissions
from gateway.actions import Outcome
from gateway.answering import Json
from gateway.api import bodies, schemas
from gateway.api.operations import Call, operation
from gateway.api.outcomes import accepted
from gateway.documents import Activity
from gateway.problems import Problem
from gateway.search import Wanted

TAG = "Activities"
OF_HOST = ("unknown_activity", "wrong_school", "not_a_host", "idempotency_key_reused")


@operation(
    "GET",
    "/activities",
    tag=TAG,
    summary="Published, closed and cancelled activities, a page at a time",
    query=schemas.LIST_ACTIVITIES,
    returns={200: schemas.ACTIVITY_PAGE},
    refusals=("bad_cursor",),
)
async def list_activities(call: Call) -> Response:
    """A page of them."""
    asked = call.query
    wanted = Wanted(
        kinds=frozenset({asked["kind"]} if "kind" in asked else ()),
        schools=frozenset({asked["school"]} if "school" in asked else ()),
        when=asked.get("when"),
    )
    page = await call.queries.activities(wanted, asked.get("cursor"), asked["limit"])
    return Json(bodies.plain({"items": page.items, "next": page.next}))


@operation(
    "GET",
    "/activities/{activity}",
    tag=TAG,
    summary="One activity with the standing of its seats",
    returns={200: schemas.ACTIVITY},
    refusals=("unknown_activity",),
)
async def read_activity(call: Call) -> Response:
    """It, unless it is a draft and somebody else's."""
    return Json(bodies.plain(await _visible(call, call["activity"])))


@operation(
    "POST",
    "/activities",
    tag=TAG,
    summary="Draft an activity",
    body=schemas.NEW_ACTIVITY,
    returns={201: schemas.ACTIVITY},
    command=True,
    refusals=("activity_exists", "wrong_school", "not_a_host", "invalid_details", "idempotency_key_reused"),
)
async def draft_activity(call: Call) -> Response:
    """The draft. An id that is not given follows from the key, so that a repeated request means the same one."""
    details = dict(call.body)
    made = uuid.uuid5(uuid.NAMESPACE_URL, f"{call.person.id}\n{call.key}").hex[:12]
    activity = details.pop("id", f"a{made}")
    outcome = await call.gateway.draft_activity(call.person, activity, details, key=call.key)
    return await _shown(call, activity, outcome, HTTPStatus.CREATED)


@operation(
    "PATCH",
    "/activities/{activity}",
    tag=TAG,
    summary="Change an activity; of the pools only those named",
    body=schemas.ACTIVITY_CHANGES,
    returns={200: schemas.ACTIVITY},
    command=True,
    refusals=(
        *OF_HOST,
        "activity_cancelled",
        "activity_over",
        "invalid_details",
        "limit_below_taken",
        "nothing_to_change",
    ),
)
async def change_activity(call: Call) -> Response:
    """The changed activity."""
    activity = call["activity"]
    return await _shown(
        call, activity, await call.gateway.change_activity(call.person, activity, call.body, key=call.key)
    )


@operation(
    "POST",
    "/activities/{activity}/publish",
    tag=TAG,
    summary="Show a draft to everybody and let people register",
    returns={200: schemas.ACTIVITY},
    command=True,
    refusals=(*OF_HOST, "nothing_to_change", "closed", "activity_cancelled"),
)
async def publish_activity(call: Call) -> Response:
    """The published activity."""
    activity = call["activity"]
    return await _shown(
        call, activity, await call.gateway.publish_activity(call.person, activity, key=call.key)
    )


@operation(
    "POST",
    "/activities/{activity}/close",
    tag=TAG,
    summary="Take no more registrations; those in stay",
    returns={200: schemas.ACTIVITY},
    command=True,
    refusals=(*OF_HOST, "not_published", "closed", "activity_cancelled"),
)
async def close_activity(call: Call) -> Response:
    """The closed activity."""
    activity = call["activity"]
    return await _shown(
        call, activity, await call.gateway.close_activity(call.person, activity, key=call.key)
    )


@operation(
    "POST",
    "/activities/{activity}/cancel",
    tag=TAG,
    summary="Call an activity off, and with it every registration",
    body=schemas.REASON,
    returns={200: schemas.ACTIVITY},
    command=True,
    refusals=(*OF_HOST, "not_published", "activity_cancelled"),
)
async def cancel_activity(call: Call) -> Response:
    """The cancelled activity."""
    activity = call["activity"]
    return await _shown(
        call,
        activity,
        await call.gateway.cancel_activity(call.person, activity, call.body["reason"], key=call.key),
    )


async def _shown(call: Call, activity: str, outcome: Outcome, status: int = HTTPStatus.OK) -> Response:
    accepted(outcome)
    headers = {"Location": f"{bodies.PREFIX}/activities/{activity}"} if status == HTTPStatus.CREATED else None
    return Json(bodies.plain(await _visible(call, activity)), status, headers)


async def _visible(call: Call, activity: str) -> Activity:
    found = await call.queries.activity(activity)
    if found is None or (found["status"] == "draft" and not _may_see_draft(call, found)):
        raise Problem("unknown_activity")
    return found


def _may_see_draft(call: Call, draft: Activity) -> bool:
    return permissions.allowed(call.visitor, "read_draft", school=draft["host"]) is not None


OPERATIONS = (
    list_activities,
    read_activity,
    draft_activity,
    change_activity,
    publish_activity,
    close_activity,
    cancel_activity,
)
