"""What a SIG does, and whether it goes on, over the API."""

from __future__ import annotations

from starlette.responses import Response

from gateway.api import schemas, sig_schemas
from gateway.api.operations import Call, operation
from gateway.api.sigs import OF_SIG, TAG, done


@operation(
    "POST",
    "/sigs/{sig}/meetings/{activity}",
    tag=TAG,
    summary="Call an activity a meeting of the SIG",
    returns={200: sig_schemas.SIG},
    command=True,
    refusals=(*OF_SIG, "not_chartered", "unknown_activity", "meeting_linked", "too_many_meetings"),
)
async def link_meeting(call: Call) -> Response:
    """The SIG after it."""
    return await done(call, {"activity": call["activity"]})


@operation(
    "POST",
    "/sigs/{sig}/meetings/{activity}/unlink",
    tag=TAG,
    summary="Call it that no longer",
    returns={200: sig_schemas.SIG},
    command=True,
    refusals=(*OF_SIG, "not_chartered", "unknown_meeting"),
)
async def unlink_meeting(call: Call) -> Response:
    """The SIG after it."""
    return await done(call, {"activity": call["activity"]})


@operation(
    "POST",
    "/sigs/{sig}/records",
    tag=TAG,
    summary="Put minutes or an output on record",
    body=sig_schemas.NEW_RECORD,
    returns={200: sig_schemas.SIG},
    command=True,
    refusals=(
        *OF_SIG,
        "not_chartered",
        "nothing_recorded",
        "not_held_yet",
        "unknown_meeting",
        "too_many_records",
        "records_too_long",
    ),
)
async def add_record(call: Call) -> Response:
    """The SIG after it."""
    return await done(call, {"record": call.body})


@operation(
    "POST",
    "/sigs/{sig}/records/{record}/remove",
    tag=TAG,
    summary="Take minutes or an output off the record",
    returns={200: sig_schemas.SIG},
    command=True,
    refusals=(*OF_SIG, "not_chartered", "unknown_record"),
)
async def remove_record(call: Call) -> Response:
    """The SIG after it."""
    return await done(call, {"record": call["record"]})


@operation(
    "POST",
    "/sigs/{sig}/renewal",
    tag=TAG,
    summary="Ask to go on, with what was done since",
    body=sig_schemas.NEW_RENEWAL,
    returns={200: sig_schemas.SIG},
    command=True,
    refusals=(*OF_SIG, "not_chartered", "renewal_pending"),
)
async def submit_renewal(call: Call) -> Response:
    """The SIG after it."""
    return await done(call, call.body)


@operation(
    "POST",
    "/sigs/{sig}/renewal/renew",
    tag=TAG,
    summary="Let a SIG go on",
    body=sig_schemas.SIG_TERM,
    returns={200: sig_schemas.SIG},
    command=True,
    refusals=(*OF_SIG, "not_chartered", "no_renewal_pending", "over_already", "term_too_long"),
)
async def renew_sig(call: Call) -> Response:
    """The SIG after it."""
    return await done(call, call.body)


@operation(
    "POST",
    "/sigs/{sig}/renewal/decline",
    tag=TAG,
    summary="Do not let it go on for now",
    body=schemas.REASON,
    returns={200: sig_schemas.SIG},
    command=True,
    refusals=(*OF_SIG, "not_chartered", "no_renewal_pending"),
)
async def decline_renewal(call: Call) -> Response:
    """The SIG after it."""
    return await done(call, call.body)


@operation(
    "POST",
    "/sigs/{sig}/close",
    tag=TAG,
    summary="End a SIG; it stays to be read",
    body=schemas.REASON,
    returns={200: sig_schemas.SIG},
    command=True,
    refusals=(*OF_SIG, "not_chartered"),
)
async def close_sig(call: Call) -> Response:
    """The SIG after it."""
    return await done(call, call.body)


@operation(
    "POST",
    "/sigs/{sig}/reopen",
    tag=TAG,
    summary="Let a closed SIG go on",
    body=sig_schemas.SIG_TERM,
    returns={200: sig_schemas.SIG},
    command=True,
    refusals=(*OF_SIG, "not_chartered", "not_closed", "over_already", "term_too_long"),
)
async def reopen_sig(call: Call) -> Response:
    """The SIG after it."""
    return await done(call, call.body)


OPERATIONS = (
    link_meeting,
    unlink_meeting,
    add_record,
    remove_record,
    submit_renewal,
    renew_sig,
    decline_renewal,
    close_sig,
    reopen_sig,
)
