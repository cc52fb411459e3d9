"""Special Interest Groups over the API: what there is, and how one comes to be."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from gateway.access import permissions
from gateway.access.rosters import OF_MEMBERS, Rosters
from gateway.api import bodies, schemas, sig_schemas
from gateway.api.listing import listed, part
from gateway.api.operations import Call, operation
from gateway.api.outcomes import LOOK_AGAIN_SECONDS, accepted
from gateway.commanding.commands import command_id
from gateway.commanding.sigs import owner
from gateway.problems import Problem
from gateway.read_model.sigs import Sig
from gateway.serving.answering import Json
from gateway.serving.etags import require_match, tag

TAG = "SIGs"
CHARTER = ("title", "theme", "goals", "scope", "joining")
"""What a PATCH can change."""
OF_SIG = (
    "forbidden",
    "unknown_sig",
    "sig_closed",
    "sig_declined",
    "not_a_convenor",
    "idempotency_key_reused",
)


@operation(
    "GET",
    "/sigs",
    tag=TAG,
    summary="Special Interest Groups and proposals of some, in the order of their ids",
    query=sig_schemas.LIST_SIGS,
    returns={200: sig_schemas.SIG_PAGE},
    refusals=("bad_cursor",),
)
async def list_sigs(call: Call) -> Response:
    """A page of them."""
    asked = call.query
    wanted = [
        one
        for one in sorted(await call.queries.sigs.all(), key=lambda one: one["id"])
        if one["status"] in asked.get("status", (one["status"],))
        and one["theme"] in asked.get("theme", (one["theme"],))
        and ("school" not in asked or {*asked["school"]} & {*one["supporters"], *one["schools"]})
    ]
    shown, following = part(call, wanted, lambda one: one["id"])
    return listed(call, [_body(one) for one in shown], following)


@operation(
    "GET",
    "/sigs/{sig}",
    tag=TAG,
    summary="One SIG, or a proposal of one",
    returns={200: sig_schemas.SIG},
    refusals=("unknown_sig",),
)
async def read_sig(call: Call) -> Response:
    """It."""
    return _shown(await _known(call, call["sig"]))


@operation(
    "GET",
    "/sigs/{sig}/members",
    tag=TAG,
    summary="The members of a SIG, for its members; who wants to join, for its convenors",
    query=sig_schemas.LIST_MEMBERS,
    returns={200: sig_schemas.SIG_MEMBER_PAGE},
    refusals=("forbidden", "unknown_sig", "bad_cursor"),
)
async def list_sig_members(call: Call) -> Response:
    """A page of them, by name."""
    found = await _known(call, call["sig"])
    mine = await call.queries.sigs.membership(found["id"], call.person.id)
    member = call.person.id if mine and mine["status"] == "member" else None
    permissions.require(call.person, call.action, owner=member)
    decides = permissions.allowed(call.person, "admit_member", owner=owner(call.person, found))
    standings = call.query.get("status", sig_schemas.STANDINGS) if decides else ("member",)
    people = await call.queries.sigs.members(found["id"], *standings)
    rosters: Rosters = call.request.app.state.rosters
    if decides:
        await rosters.note(call.person, decides, f"{OF_MEMBERS}{found['id']}", "api")
    names = await rosters.names_of(one["person"] for one in people)
    bodied = [
        {
            "person": one["person"],
            "name": names.get(one["person"], ""),
            "school": one["school"],
            "status": one["status"],
            "how": one["how"],
            "changed_at": one["changed_at"],
        }
        for one in people
    ]
    bodied.sort(key=_order)
    shown, following = part(call, bodied, _order)
    return listed(call, [bodies.plain(one) for one in shown], following)


@operation(
    "POST",
    "/sigs",
    tag=TAG,
    summary="Propose a SIG, for schools to support",
    body=sig_schemas.NEW_SIG,
    returns={201: sig_schemas.SIG},
    command=True,
    refusals=("school_not_open", "sig_exists", "too_many_proposals", "idempotency_key_reused"),
)
async def propose_sig(call: Call) -> Response:
    """The proposal."""
    charter = dict(call.body)
    sig = charter.pop("id", None) or new_id(call.person.id, call.key)
    accepted(await call.gateway.ask_of_sig(call.action, call.person, sig, {"charter": charter}, key=call.key))
    return _shown(await _known(call, sig), HTTPStatus.CREATED)


@operation(
    "PATCH",
    "/sigs/{sig}",
    tag=TAG,
    summary="Change the charter of a proposal, or of a SIG",
    body=sig_schemas.SIG_CHANGES,
    returns={200: sig_schemas.SIG},
    command=True,
    refusals=(*OF_SIG, "not_the_proposer", "nothing_to_change", "precondition_failed"),
)
async def revise_sig(call: Call) -> Response:
    """The changed one; with If-Match only if it is still as it was seen."""
    if "if-match" in call.request.headers:
        require_match(call.request, _shown(await _known(call, call["sig"])).headers["ETag"])
    return await done(call, {"changes": call.body})


@operation(
    "POST",
    "/sigs/{sig}/supporters/{school}",
    tag=TAG,
    summary="Let a school support a proposal",
    returns={200: sig_schemas.SIG},
    command=True,
    refusals=(*OF_SIG, "wrong_school", "sig_chartered", "already_supporting"),
)
async def support_sig(call: Call) -> Response:
    """The SIG after it."""
    return await done(call, {"school": call["school"]})


@operation(
    "POST",
    "/sigs/{sig}/supporters/{school}/withdraw",
    tag=TAG,
    summary="Let a school support a proposal no longer",
    returns={200: sig_schemas.SIG},
    command=True,
    refusals=(*OF_SIG, "wrong_school", "sig_chartered", "not_supporting"),
)
async def withdraw_support(call: Call) -> Response:
    """The SIG after it."""
    return await done(call, {"school": call["school"]})


@operation(
    "POST",
    "/sigs/{sig}/charter",
    tag=TAG,
    summary="Let a proposal that three schools support be a SIG",
    body=sig_schemas.SIG_TERM,
    returns={200: sig_schemas.SIG},
    command=True,
    refusals=(
        *OF_SIG,
        "sig_chartered",
        "already_sent_back",
        "too_few_supporters",
        "over_already",
        "term_too_long",
    ),
)
async def charter_sig(call: Call) -> Response:
    """The SIG after it."""
    return await done(call, call.body)


@operation(
    "POST",
    "/sigs/{sig}/send-back",
    tag=TAG,
    summary="Ask who proposed it to revise it",
    body=schemas.REASON,
    returns={200: sig_schemas.SIG},
    command=True,
    refusals=(*OF_SIG, "sig_chartered", "already_sent_back"),
)
async def send_back_sig(call: Call) -> Response:
    """The SIG after it."""
    return await done(call, call.body)


@operation(
    "POST",
    "/sigs/{sig}/decline",
    tag=TAG,
    summary="Say no to a proposal, for good",
    body=schemas.REASON,
    returns={200: sig_schemas.SIG},
    command=True,
    refusals=(*OF_SIG, "sig_chartered"),
)
async def decline_sig(call: Call) -> Response:
    """The SIG after it."""
    return await done(call, call.body)


def new_id(person: str, key: str) -> str:
    """The id of a SIG whose proposer gave it none: the same for the same wish."""
    return f"sig-{uuid.UUID(command_id(person, 'sigs', key)).hex[:12]}"


async def done(call: Call, data: Mapping[str, Any]) -> Response:
    """Ask for what the operation is called, and show the SIG after it."""
    known = await call.queries.sigs.one(call["sig"])
    if known is None:
        raise Problem("unknown_sig")
    accepted(await call.gateway.ask_of_sig(call.action, call.person, call["sig"], data, key=call.key))
    return _shown(await _known(call, call["sig"]))


async def _known(call: Call, sig: str) -> Sig:
    found = await call.queries.sigs.one(sig)
    if found is None and call.key:
        # Decided, but the read model could not be written: who asks again, with the same key, is shown it.
        raise Problem("unavailable", headers={"Retry-After": str(LOOK_AGAIN_SECONDS)})
    if found is None:
        raise Problem("unknown_sig")
    return found


def _shown(found: Sig, status: int = HTTPStatus.OK) -> Response:
    headers = {"Location": f"{bodies.PREFIX}/sigs/{found['id']}"} if status == HTTPStatus.CREATED else None
    response = Json(_body(found), status, headers)
    charter: dict[str, Any] = {name: value for name, value in found.items() if name in CHARTER}
    response.headers["ETag"] = tag(bytes(response.body), bytes(Json(charter).body))
    return response


def _body(found: Sig) -> dict[str, Any]:
    body: dict[str, Any] = bodies.plain(found)
    proposer = {name: found["proposer"][name] for name in ("person", "school")}
    return {**body, "proposer": proposer}


def _order(one: Mapping[str, Any]) -> str:
    return f"{one['name']}~{one['person']}"


OPERATIONS = (
    list_sigs,
    read_sig,
    list_sig_members,
    propose_sig,
    revise_sig,
    support_sig,
    withdraw_support,
    charter_sig,
    send_back_sig,
    decline_sig,
)
