"""Who belongs to a SIG and who convenes it, over the API."""

from __future__ import annotations

from starlette.responses import Response

from gateway.api import sig_schemas
from gateway.api.bodies import plain
from gateway.api.operations import Call, operation
from gateway.api.sigs import OF_SIG, TAG, done
from gateway.serving.answering import Json


@operation(
    "GET",
    "/me/sigs",
    tag=TAG,
    summary="The SIGs that one belongs to, is invited to or wants to join",
    returns={200: sig_schemas.OWN_SIGS},
)
async def my_sigs(call: Call) -> Response:
    """In the order of their ids."""
    items = []
    for held in await call.queries.sigs.of_person(call.person.id):
        sig = await call.queries.sigs.one(held["sig"])
        if sig and held["status"] != "ended":
            convenors = {one["person"] for one in sig["convenors"]}
            items.append(
                {
                    "sig": held["sig"],
                    "status": held["status"],
                    "how": held["how"],
                    "changed_at": held["changed_at"],
                    "convenes": call.person.id in convenors,
                }
            )
    return Json({"items": plain(items)})


@operation(
    "POST",
    "/sigs/{sig}/join",
    tag=TAG,
    summary="Become a member of a SIG, or ask for it where that is the way",
    returns={200: sig_schemas.SIG},
    command=True,
    refusals=(
        *OF_SIG,
        "school_not_open",
        "not_chartered",
        "already_member",
        "already_requested",
        "by_invitation",
        "too_many_members",
        "too_many_asking",
    ),
)
async def join_sig(call: Call) -> Response:
    """The SIG after it."""
    return await done(call, {})


@operation(
    "POST",
    "/sigs/{sig}/leave",
    tag=TAG,
    summary="End one’s own membership, request or invitation",
    returns={200: sig_schemas.SIG},
    command=True,
    refusals=(*OF_SIG, "not_a_member", "last_convenor"),
)
async def leave_sig(call: Call) -> Response:
    """The SIG after it."""
    return await done(call, {})


@operation(
    "POST",
    "/sigs/{sig}/schools/{school}",
    tag=TAG,
    summary="Let everybody of a school join without asking",
    returns={200: sig_schemas.SIG},
    command=True,
    refusals=(*OF_SIG, "wrong_school", "not_chartered", "school_joined_already", "by_invitation"),
)
async def enrol_school(call: Call) -> Response:
    """The SIG after it."""
    return await done(call, {"school": call["school"]})


@operation(
    "POST",
    "/sigs/{sig}/schools/{school}/withdraw",
    tag=TAG,
    summary="End that; who has joined stays",
    returns={200: sig_schemas.SIG},
    command=True,
    refusals=(*OF_SIG, "wrong_school", "not_chartered", "school_not_joined"),
)
async def withdraw_school(call: Call) -> Response:
    """The SIG after it."""
    return await done(call, {"school": call["school"]})


@operation(
    "POST",
    "/sigs/{sig}/members/{person}/invite",
    tag=TAG,
    summary="Let somebody join without asking",
    returns={200: sig_schemas.SIG},
    command=True,
    refusals=(
        *OF_SIG,
        "not_chartered",
        "unknown_invitee",
        "already_member",
        "already_requested",
        "already_invited",
        "too_many_invited",
    ),
)
async def invite_member(call: Call) -> Response:
    """The SIG after it."""
    return await done(call, {"person": call["person"]})


@operation(
    "POST",
    "/sigs/{sig}/members/{person}/admit",
    tag=TAG,
    summary="Grant somebody’s request to join",
    returns={200: sig_schemas.SIG},
    command=True,
    refusals=(*OF_SIG, "not_chartered", "not_requested", "already_member", "too_many_members"),
)
async def admit_member(call: Call) -> Response:
    """The SIG after it."""
    return await done(call, {"person": call["person"]})


@operation(
    "POST",
    "/sigs/{sig}/members/{person}/end",
    tag=TAG,
    summary="End somebody’s membership, request or invitation",
    returns={200: sig_schemas.SIG},
    command=True,
    refusals=(*OF_SIG, "not_chartered", "not_a_member", "last_convenor"),
)
async def end_membership(call: Call) -> Response:
    """The SIG after it."""
    return await done(call, {"person": call["person"]})


@operation(
    "PUT",
    "/sigs/{sig}/convenors/{person}",
    tag=TAG,
    summary="Let a member convene, in place of the term that they had",
    body=sig_schemas.CONVENOR_TERM,
    returns={200: sig_schemas.SIG},
    command=True,
    refusals=(
        *OF_SIG,
        "not_chartered",
        "not_a_member",
        "nothing_to_change",
        "too_many_convenors",
        "ends_before_it_starts",
        "over_already",
        "term_too_long",
    ),
)
async def name_convenor(call: Call) -> Response:
    """The SIG after it."""
    return await done(call, {"person": call["person"], **call.body})


@operation(
    "POST",
    "/sigs/{sig}/convenors/{person}/end",
    tag=TAG,
    summary="Let somebody convene no longer",
    returns={200: sig_schemas.SIG},
    command=True,
    refusals=(*OF_SIG, "not_chartered", "not_a_convenor", "last_convenor"),
)
async def end_convenor(call: Call) -> Response:
    """The SIG after it."""
    return await done(call, {"person": call["person"]})


@operation(
    "POST",
    "/sigs/{sig}/hand-over",
    tag=TAG,
    summary="Let another member convene in one’s own place",
    body=sig_schemas.HANDOVER,
    returns={200: sig_schemas.SIG},
    command=True,
    refusals=(
        *OF_SIG,
        "not_chartered",
        "hand_over_to_oneself",
        "not_a_member",
        "ends_before_it_starts",
        "over_already",
        "term_too_long",
    ),
)
async def hand_over(call: Call) -> Response:
    """The SIG after it."""
    return await done(call, call.body)


OPERATIONS = (
    my_sigs,
    join_sig,
    leave_sig,
    enrol_school,
    withdraw_school,
    invite_member,
    admit_member,
    end_membership,
    name_convenor,
    end_convenor,
    hand_over,
)
