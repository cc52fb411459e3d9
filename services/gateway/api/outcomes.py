"""What became of an action, as a response."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from gateway.actions import Accepted, Outcome, Pending, Refused
from gateway.api import bodies
from gateway.problems import Problem
from gateway.serving.answering import Json

LOOK_AGAIN_SECONDS = 2


class Undecided(Exception):
    """The command is taken and not decided yet: the answer is 202 and where to look."""

    def __init__(self, pending: Pending) -> None:
        super().__init__(pending.command)
        self.pending = pending


def accepted(outcome: Outcome) -> Accepted:
    """The outcome if it is accepted. Raises Problem for a refusal, Undecided if there is no decision yet."""
    if isinstance(outcome, Accepted):
        return outcome
    if isinstance(outcome, Refused):
        raise Problem(outcome.code, outcome.details)
    raise Undecided(outcome)


async def on_undecided(request: Request, error: Exception) -> Response:
    """Handler of Undecided."""
    assert isinstance(error, Undecided)  # noqa: S101 - for the type checker: registered for this class only
    pending = error.pending
    body = bodies.command_status(pending.command, pending, request.scope["state"]["language"])
    headers = {"Location": f"{bodies.PREFIX}/commands/{pending.command}"}
    if not pending.parked:
        headers["Retry-After"] = str(LOOK_AGAIN_SECONDS)
    return Json(body, HTTPStatus.ACCEPTED, headers)
