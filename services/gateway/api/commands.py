"""What became of a command that was answered with 202."""

from __future__ import annotations

from starlette.responses import Response

from gateway.api import bodies, schemas
from gateway.api.operations import Call, operation
from gateway.problems import Problem
from gateway.serving.answering import Json


@operation(
    "GET",
    "/commands/{command}",
    tag="Commands",
    summary="Whether a command is decided by now, and how",
    returns={200: schemas.COMMAND_STATUS},
    refusals=("unknown_command",),
)
async def read_command(call: Call) -> Response:
    """Its status, for whoever gave it."""
    outcome = await call.gateway.outcome(call.person, call["command"])
    if outcome is None:
        raise Problem("unknown_command")
    language = call.request.scope["state"]["language"]
    return Json(bodies.command_status(call["command"], outcome, language))


OPERATIONS = (read_command,)
