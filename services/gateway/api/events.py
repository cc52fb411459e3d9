"""Server-sent events: the seats of an activity, and one's own registrations."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import AbstractContextManager
from typing import Any

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from gateway.access.bearing import shown
from gateway.api import bodies
from gateway.api.activities import visible
from gateway.api.operations import Call, operation
from gateway.serving.limits import client_address
from gateway.serving.live import Read, Still, Streams

TAG = "Events"
MEDIA_TYPE = "text/event-stream"
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@operation(
    "GET",
    "/activities/{activity}/events",
    tag=TAG,
    summary="The seats of an activity, whenever they change (server-sent events)",
    returns={200: None},
    stream=True,
    refusals=("unknown_activity", "too_many_streams"),
)
async def activity_events(call: Call) -> Response:
    """`event: seats` with `{"activity", "status", "seats"}`: first as they are, then each second that changes them."""
    activity, queries = call["activity"], call.queries
    found = await visible(call, activity)
    draft = found["status"] == "draft"

    async def read() -> Mapping[str, Any] | None:
        now = await queries.activity(activity)
        if now is None or (now["status"] == "draft") is not draft:
            return None
        return {"seats": {"activity": activity, "status": now["status"], "seats": now["seats"]}}

    return _stream(call, f"activity:{activity}:{draft}", "seats", read, _still(call) if draft else None)


@operation(
    "GET",
    "/me/events",
    tag=TAG,
    summary="One's own registrations, whenever one of them changes (server-sent events)",
    returns={200: None},
    stream=True,
    refusals=("too_many_streams",),
)
async def my_events(call: Call) -> Response:
    """`event: registration` with a registration: first all of them, then those that change."""
    person, queries = call.person.id, call.queries

    async def read() -> Mapping[str, Any]:
        found = await queries.registrations_of(person)
        return {one["id"]: bodies.plain({**one, "about": None}) for one in found}

    return _stream(call, f"person:{person}", "registration", read, _still(call))


class EventStream(StreamingResponse):
    """Holds a place for as long as it lasts. Raises Problem too_many_streams before anything is sent."""

    def __init__(self, body: AsyncGenerator[bytes], place: AbstractContextManager[None]) -> None:
        super().__init__(body, headers=_HEADERS, media_type=MEDIA_TYPE)
        self._events, self._place = body, place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._place:
            try:
                await super().__call__(scope, receive, send)
            finally:
                await self._events.aclose()


def _stream(call: Call, key: str, name: str, read: Read, still: Still | None = None) -> Response:
    if call.request.method == "HEAD":
        return Response(headers=_HEADERS, media_type=MEDIA_TYPE)
    streams: Streams = call.request.app.state.streams
    last = call.request.headers.get("last-event-id")
    return EventStream(streams.events(key, name, read, last=last, still=still), streams.place(_client(call)))


def _client(call: Call) -> str:
    if call.visitor is not None:
        return call.visitor.id
    return client_address(call.request.scope, call.request.app.state.settings.api.proxies)


def _still(call: Call) -> Still:
    """A stream of what is one's own ends with the token, or when the session is to be looked up anew."""
    secret, state, person = shown(call.request.scope), call.request.app.state, call.person.id
    session, began = getattr(call.request.state, "session_id", None), time.time()

    async def good() -> bool:
        if secret is not None:
            return await state.tokens.bearer(secret) is not None
        return session is None or not state.door.notices.is_stale(session, person, began)

    return good


OPERATIONS = (activity_events, my_events)
