"""The REST API below /api/v1, its description at /openapi.json and its reference at /api."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from gateway.api import (
    activities,
    bulk,
    commands,
    events,
    looking,
    operating,
    personal,
    registrations,
    roles,
    rosters,
    schools,
    session,
    sig_members,
    sig_work,
    sign_in,
    sigs,
    tokens,
)
from gateway.api.bodies import PREFIX
from gateway.api.openapi import description
from gateway.api.operations import Operation, Resource
from gateway.serving.answering import Json
from gateway.web.reference import page_of

OPERATIONS: tuple[Operation, ...] = (
    *registrations.OPERATIONS,
    *bulk.OPERATIONS,
    *rosters.OPERATIONS,
    *looking.OPERATIONS,
    *activities.OPERATIONS,
    *schools.OPERATIONS,
    *roles.OPERATIONS,
    *sigs.OPERATIONS,
    *sig_members.OPERATIONS,
    *sig_work.OPERATIONS,
    *session.OPERATIONS,
    *commands.OPERATIONS,
    *events.OPERATIONS,
    *tokens.OPERATIONS,
    *sign_in.OPERATIONS,
    *personal.OPERATIONS,
    *operating.OPERATIONS,
)


def routes(public_url: str) -> Iterator[BaseRoute]:
    """The API and its description."""
    by_path: dict[str, list[Operation]] = {}
    for one in OPERATIONS:
        by_path.setdefault(one.path, []).append(one)
    yield Mount(PREFIX, routes=[Route(path, Resource(found)) for path, found in by_path.items()])
    described = description(OPERATIONS, public_url)

    async def openapi(request: Request) -> Response:
        return Json(described)

    yield Route("/openapi.json", openapi)
    yield Route("/api", page_of(described))
