"""Problems as responses: JSON for programs, a page for people."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from pymongo.errors import PyMongoError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from gateway.actions import BusUnavailable, InLine
from gateway.finding.search import BadCursor
from gateway.problems import MEDIA_TYPE, Described, Problem, describe
from gongxue_contracts.catalogue import WrongSchema
from gongxue_contracts.envelope import MalformedEvent

ProblemPage = Callable[[Request, Described], Response]
"""Makes the page that tells a person of a problem; its status is set here."""

RETRY_SECONDS = 2
_NOTED = frozenset(
    {
        "cross_site",
        "forbidden",
        "insufficient_scope",
        "invalid_token",
        "misdirected",
        "not_by_token",
        "rate_limited",
        "too_many_attempts",
        "wrong_school",
    }
)
"""What whoever looks after a site may want to see: somebody tried what they may not. Addresses may hold secrets."""

_log = logging.getLogger(__name__)
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Json(Response):
    """Plain values as compact JSON."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """UTF-8."""
        return _encode(content).encode()


def respond(request: Request, problem: Problem) -> Response:
    """The problem in the language of the request, in the form that its sender reads."""
    if problem.code in _NOTED:
        person = request.scope["state"].get("person")
        _log.info("%s: %s by %s", problem.code, request.method, person.id if person else "nobody")
    described = describe(problem, request.scope["state"]["language"])
    page: ProblemPage = request.app.state.problem_page
    if wants_page(request):
        response = page(request, described)
        response.status_code = described.status
    else:
        response = Json(described.as_json(), described.status, media_type=MEDIA_TYPE)
        if described.status == HTTPStatus.UNAUTHORIZED:
            response.headers["WWW-Authenticate"] = 'Bearer realm="gongxue"'
    response.headers.update(problem.headers)
    return response


def wants_page(request: Request) -> bool:
    """Whether a browser shows the answer to a person."""
    path: str = request.scope["path"]
    if path.startswith(("/api/", "/health/", "/openapi.json")):
        return False
    return "text/html" in request.headers.get("accept", "")


async def on_problem(request: Request, error: Exception) -> Response:
    """Handler of Problem."""
    assert isinstance(error, Problem)  # noqa: S101 - for the type checker: registered for this class only
    return respond(request, error)


async def on_http_exception(request: Request, error: Exception) -> Response:
    """Handler of what Starlette itself refuses: no such route, a method that a route does not have."""
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    code = _CODES.get(error.status_code, "invalid_request")
    return respond(request, Problem(code, headers=error.headers))


async def on_unavailable(request: Request, error: Exception) -> Response:
    """Handler of a broker or a store that is away: it may be asked again, nothing has happened."""
    after = error.retry_after if isinstance(error, BusUnavailable) else RETRY_SECONDS
    if not isinstance(error, BusUnavailable):
        _log.warning("the store is away: %s", error)
    return respond(request, Problem("unavailable", headers={"Retry-After": str(after)}))


async def on_in_line(request: Request, error: Exception) -> Response:
    """Handler of a rush: where one stands in line, and when to come again."""
    assert isinstance(error, InLine)  # noqa: S101 - as above
    told = {"place": error.place, "ticket": error.ticket}
    return respond(request, Problem("waiting_room", told, headers={"Retry-After": str(error.retry_after)}))


async def on_bad_cursor(request: Request, error: Exception) -> Response:
    """Handler of a cursor that is none."""
    return respond(request, Problem("bad_cursor"))


async def on_wrong_schema(request: Request, error: Exception) -> Response:
    """Handler of a command that a page or a program filled with what no contract allows."""
    assert isinstance(error, WrongSchema)  # noqa: S101 - as above
    errors = tuple(
        ("/" + path.replace(".", "/"), words)
        for path, all_words in error.errors.items()
        for words in all_words
    )
    return respond(request, Problem("invalid_request", errors=errors))


async def on_malformed_event(request: Request, error: Exception) -> Response:
    """Handler of a command that cannot travel: together its fields are too large."""
    return respond(request, Problem("too_large"))


async def on_bug(request: Request, error: Exception) -> Response:
    """Handler of what nobody thought of. The server logs it."""
    return respond(request, Problem("internal"))


_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}

HANDLERS: Mapping[Any, Any] = {
    Problem: on_problem,
    HTTPException: on_http_exception,
    BusUnavailable: on_unavailable,
    InLine: on_in_line,
    PyMongoError: on_unavailable,
    BadCursor: on_bad_cursor,
    WrongSchema: on_wrong_schema,
    MalformedEvent: on_malformed_event,
    Exception: on_bug,
}
