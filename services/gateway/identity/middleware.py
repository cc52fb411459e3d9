"""Who is asking: a signed cookie, checked without a look into the store, looked up anew every five minutes."""

from __future__ import annotations

import logging
import time

from pymongo.errors import PyMongoError
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.actions import Person
from gateway.identity import sessions
from gateway.identity.looking_up import as_of_now
from gateway.people import person_of

LOOKED_UP_SECONDS = 300
AGAIN_SECONDS = 10
"""After which who could not be looked up is looked up again."""

_log = logging.getLogger(__name__)


class Identity:
    """Sets `request.state.person` from the session that `SessionMiddleware` has read before."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            session = scope["session"]
            person = person_of(session["person"]) if "person" in session else None
            if person and session["at"] < time.time() - LOOKED_UP_SECONDS:
                person = await _look_up(scope, person)
            scope["state"]["person"] = person
        await self._app(scope, receive, send)


async def _look_up(scope: Scope, person: Person) -> Person | None:
    """Who that is by now; nobody if they are gone. While the store is away, who they were."""
    try:
        card = await as_of_now(scope["app"].state, person.id)
    except PyMongoError as error:
        _log.warning("not looked up: %s", error)
        scope["session"]["at"] = int(time.time()) - LOOKED_UP_SECONDS + AGAIN_SECONDS
        return person
    sessions.remember(scope["session"], card)
    return card.person if card else None
