"""Activities: reading them, and what their host does with them."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from gateway.access import permissions
from gateway.actions import Outcome
from gateway.api import bodies, query_schemas, schemas
from gateway.api.listing import listed, sparse
from gateway.api.operations import Call, operation
from gateway.api.outcomes import accepted
from gateway.finding.search import Wanted
from gateway.problems import Problem
from gateway.read_model.documents import Activity
from gateway.serving.answering import Json
from gateway.serving.etags import require_match, tag

TAG = "Activities"
OF_HOST = ("unknown_activity", "wrong_school", "not_a_host", "idempotency_key_reused")


@operation(
    "GET",
    "/activities",
    tag=TAG,
    summary="Published, closed and cancelled activities, a page at a time",
    query=query_schemas.LIST_ACTIVITIES,
    returns={200: schemas.ACTIVITY_PAGE},
    refusals=("bad_cursor",),
)
async def list_activities(call: Call) -> Response:
    """A page of them."""
    page = await call.queries.activities(_wanted(call.query), call.query.get("cursor"), call.query["limit"])
    return listed(call, [bodies.plain(one) for one in page.items], page.next, total=page.total)


def _wanted(asked: dict[str, Any]) -> Wanted:
    return Wanted(
        words=asked.get("q", ""),
        kinds=frozenset(asked.get("kind", ())),
        counties=frozenset(asked.get("county", ())),
        schools=frozenset(asked.get("school", ())),
        themes=frozenset(asked.get("theme", ())),
        sdgs=frozenset(asked.get("sdg", ())),
        since=asked.get("since"),
        until=asked.get("until"),
        seats_left=asked.get("seats_left", False),
        online=asked.get("online", False),
        when=asked.get("when"),
    )


@operation(
    "GET",
    "/activities/{activity}",
    tag=TAG,
    summary="One activity with the standing of its seats",
    query=query_schemas.READ_ACTIVITY,
    returns={200: schemas.ACTIVITY},
    refusals=("unknown_activity",),
)
async def read_activity(call: Call) -> Response:
    """It, unless it is a draft and somebody else's."""
    return _tagged(await visible(call, call["activity"]), call.query.get("shown"))


@operation(
    "POST",
    "/activities",
    tag=TAG,
    summary="Draft an activity",
    body=schemas.NEW_ACTIVITY,
    returns={201: schemas.ACTIVITY},
    command=True,
    refusals=(
        "activity_exists",
        "unknown_school",
        "wrong_school",
        "not_a_host",
        "invalid_details",
        "idempotency_key_reused",
    ),
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
        "precondition_failed",
    ),
)
async def change_activity(call: Call) -> Response:
    """The changed activity; with If-Match only if it is still as it was seen."""
    activity = call["activity"]
    if "if-match" in call.request.headers:
        require_match(call.request, _tagged(await visible(call, activity)).headers["ETag"])
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
    response = _tagged(await visible(call, activity))
    response.status_code = status
    if status == HTTPStatus.CREATED:
        response.headers["Location"] = f"{bodies.PREFIX}/activities/{activity}"
    return response


def _tagged(found: Activity, shown: list[str] | None = None) -> Response:
    """Of seats taken, its revision knows nothing: whoever changes an activity need not have seen the last of them."""
    body = bodies.plain(found)
    limits = {pool: seats["limit"] for pool, seats in found["seats"].items()}
    revision = Json({**body, "seats": limits}).body
    response = Json(sparse(body, shown) if shown else body)
    response.headers["ETag"] = tag(bytes(response.body), bytes(revision))
    return response


async def visible(call: Call, activity: str) -> Activity:
    """The activity, if whoever asks may see it. Raises Problem unknown_activity."""
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
