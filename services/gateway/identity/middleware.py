"""Who is asking: a signed cookie, checked without a look into the store.

What it says is looked up anew every five minutes, and at once when a notice says that it may not be so any more.
"""

from __future__ import annotations

import logging
import time
from typing import Any

import pymongo
from pymongo.errors import PyMongoError
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.actions import Person
from gateway.identity import sessions
from gateway.identity.door import Door
from gateway.identity.looking_up import as_of_now
from gateway.identity.sealing import fingerprint
from gateway.people import person_of

LOOKED_UP_SECONDS = 300
AGAIN_SECONDS = 10
"""After which who could not be looked up is looked up again."""
PATIENCE_SECONDS = 0.3
"""For a store that may be away: whoever waits goes on as who they were."""
STALE_SECONDS = 1.0
"""The same when something is known to have changed."""

_PARTS = frozenset({"id", "person", "at", "until"})
_log = logging.getLogger(__name__)


class Identity:
    """Sets `request.state.person` and `.session_id` from what `SessionMiddleware` has read before."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            state = scope["state"]
            state["person"] = state["session_id"] = None
            held = scope["session"]
            if held.keys() >= _PARTS:
                session = fingerprint(held["id"])
                person = await _person(scope, held, session)
                if person:
                    state["person"], state["session_id"] = person, session
            elif held:
                held.clear()  # of an earlier version
        await self._app(scope, receive, send)


async def _person(scope: Scope, held: dict[str, Any], session: str) -> Person | None:
    person = person_of(held["person"])
    door: Door = scope["app"].state.door
    now = time.time()
    looked_up_at = held["at"]
    stale = door.notices.is_stale(session, person.id, looked_up_at)
    if stale or looked_up_at < now - LOOKED_UP_SECONDS or held["until"] <= now:
        return await _look_up(scope, door, session, person, STALE_SECONDS if stale else PATIENCE_SECONDS)
    return person


async def _look_up(scope: Scope, door: Door, session: str, person: Person, patience: float) -> Person | None:
    """Who that is by now; nobody if they or their session are gone.

    While the store is away: who they were, unless there is a notice about this very session.
    """
    held = scope["session"]
    begun = time.time()
    try:
        with pymongo.timeout(patience):
            expires = await door.sessions.still(session)
            card = await as_of_now(scope["app"].state, person.id) if expires else None
    except PyMongoError as error:
        _log.warning("not looked up: %s", error)
        if held["until"] <= begun or door.notices.is_stale(session, "", held["at"]):
            return None
        held["at"] = round(begun, 3) - LOOKED_UP_SECONDS + AGAIN_SECONDS
        return person
    if expires is None or card is None:
        held.clear()
        return None
    sessions.remember(held, held["id"], card, expires, begun)
    return card.person
