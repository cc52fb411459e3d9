"""Who is asking: a signed cookie, checked without a look into the store.

What it says is looked up anew every five minutes and when a day begins, as roles do; and at once when a notice says
that it may not be so any more.
"""

from __future__ import annotations

import logging
import time
from typing import Any

import pymongo
from pymongo.errors import PyMongoError
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.access import roles
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
    stale = door.notices.is_stale(session, person.id, held["at"])
    if stale or held["until"] <= now or _is_due(held, now):
        return await _look_up(scope, door, session, person, STALE_SECONDS if stale else PATIENCE_SECONDS)
    return person


def _is_due(held: dict[str, Any], now: float) -> bool:
    """Whether what was looked up is from another day, or too old; not as long as the store was away just now."""
    looked_up_at = held["at"]
    due = looked_up_at < now - LOOKED_UP_SECONDS or roles.another_day(looked_up_at, now)
    return due and held.get("again", 0.0) <= now


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
        held["again"] = round(begun) + AGAIN_SECONDS
        return person
    if expires is None or card is None:
        held.clear()
        return None
    sessions.remember(held, held["id"], card, expires, begun)
    return card.person
