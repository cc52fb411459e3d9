"""Roles: who holds which one at a school or in the network, who gave it to them, and until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response

from gateway.access import permissions, roles
from gateway.access.rosters import Rosters
from gateway.actions import Outcome
from gateway.api import bodies, role_schemas, schemas
from gateway.api.listing import listed, part
from gateway.api.operations import Call, operation
from gateway.api.outcomes import LOOK_AGAIN_SECONDS, accepted
from gateway.problems import Problem
from gateway.read_model.documents import HeldRole
from gateway.serving.answering import Json

TAG = "Roles"
OF_GRANTER = (
    "forbidden",
    "unknown_school",
    "wrong_scope",
    "wrong_school",
    "not_yours_to_grant",
    "idempotency_key_reused",
)


@operation(
    "GET",
    "/roles/{scope}",
    tag=TAG,
    summary="The roles of a school, or with `center` those of the network, with all that was done about them",
    query=role_schemas.LIST_ROLES,
    returns={200: role_schemas.ROLE_PAGE},
    refusals=("forbidden", "unknown_school", "bad_cursor"),
)
async def list_roles(call: Call) -> Response:
    """A page of them, over and revoked ones too: who granted what to whom, when and why it ended."""
    scope, asked = call["scope"], call.query
    permissions.require(call.person, call.action, school=scope)
    if scope != roles.NETWORK and await call.queries.school(scope) is None:
        raise Problem("unknown_school")
    found = await _bodies(call, await call.queries.roles_at(scope))
    wanted = [
        one
        for one in found
        if one["person"] == asked.get("person", one["person"])
        and one["role"] in asked.get("role", (one["role"],))
        and one["valid"] == asked.get("valid", one["valid"])
    ]
    shown, following = part(call, wanted, lambda one: f"{one['person']}/{one['role']}")
    return listed(call, shown, following)


@operation(
    "PUT",
    "/roles/{scope}/{person}/{role}",
    tag=TAG,
    summary="Let a person hold a role, in place of the term that they held it for",
    body=role_schemas.TERM,
    returns={200: role_schemas.HELD_ROLE},
    command=True,
    refusals=(*OF_GRANTER, "unknown_grantee", "ends_before_it_starts", "over_already", "role_held"),
)
async def grant_role(call: Call) -> Response:
    """The role as it is held."""
    outcome = await call.gateway.grant_role(
        call.person, call["scope"], call["person"], call["role"], **call.body, key=call.key
    )
    return await _shown(call, outcome)


@operation(
    "POST",
    "/roles/{scope}/{person}/{role}/revoke",
    tag=TAG,
    summary="Let a person hold a role no longer",
    body=schemas.REASON,
    returns={200: role_schemas.HELD_ROLE},
    command=True,
    refusals=(*OF_GRANTER, "role_not_held"),
)
async def revoke_role(call: Call) -> Response:
    """The role that is held no longer."""
    outcome = await call.gateway.revoke_role(
        call.person, call["scope"], call["person"], call["role"], call.body["reason"], key=call.key
    )
    return await _shown(call, outcome)


async def _shown(call: Call, outcome: Outcome) -> Response:
    accepted(outcome)
    found = await call.queries.role(call["scope"], call["person"], call["role"])
    if found is None:
        # Decided, but the read model could not be written: who asks again, with the same key, is shown it.
        raise Problem("unavailable", headers={"Retry-After": str(LOOK_AGAIN_SECONDS)})
    [body] = await _bodies(call, [found])
    return Json(body)


async def _bodies(call: Call, found: Sequence[HeldRole]) -> list[dict[str, Any]]:
    """With names: all who may read or change the roles of a scope are shown them on the pages too."""
    rosters: Rosters = call.request.app.state.rosters
    people = {one["person"] for one in found}
    people |= {act["by"]["person"] for one in found for act in one["history"]}
    names = await rosters.names_of(people)
    return [_body(one, names) for one in found]


def _body(found: HeldRole, names: Mapping[str, str]) -> dict[str, Any]:
    body: dict[str, Any] = bodies.plain(found)
    return {
        **body,
        "name": names.get(found["person"], ""),
        "valid": roles.is_valid(found, roles.day(datetime.now(UTC))),
        "history": [{**act, "by_name": names.get(act["by"]["person"], "")} for act in body["history"]],
    }


OPERATIONS = (list_roles, grant_role, revoke_role)
