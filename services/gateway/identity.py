"""Who is asking: a signed cookie, checked without a look into the store, looked up anew every five minutes.

For now the only way in is the development sign-in, in which anyone may be anyone. It works only where
nobody else can come, see `config`.
"""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from typing import Any

from pymongo.errors import PyMongoError
from starlette.datastructures import State
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.actions import BusUnavailable, Person
from gateway.people import Card, People, document_of, person_of
from gateway.problems import Problem
from gateway.queries import Queries

COOKIE = "session"
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
    state = scope["app"].state
    try:
        card = await _as_of_now(state, person.id)
    except PyMongoError as error:
        _log.warning("not looked up: %s", error)
        scope["session"]["at"] = int(time.time()) - LOOKED_UP_SECONDS + AGAIN_SECONDS
        return person
    _remember(scope["session"], card)
    return card.person if card else None


async def _as_of_now(state: State, person: str) -> Card | None:
    """The person's card; whether they are a window of their school is what the directory says."""
    people: People = state.people
    queries: Queries = state.queries
    card = await people.card(person)
    if card is None:
        return None
    school = await queries.school(card.person.school)
    roles = card.person.roles - {"window"}
    if school and person in school["windows"]:
        roles |= {"window"}
    return replace(card, person=replace(card.person, roles=roles))


def _remember(session: dict[str, Any], card: Card | None) -> None:
    session.clear()
    if card:
        session["person"] = document_of(card)
        session["at"] = int(time.time())


async def sign_in(request: Request, person: str) -> Person:
    """The development sign-in: be this person. Raises Problem: not_found where it is off, unknown_person."""
    if not request.app.state.settings.development_sign_in:
        raise Problem("not_found")
    people: People = request.app.state.people
    card = await _as_of_now(request.app.state, person)
    if card is None:
        raise Problem("unknown_person")
    _remember(request.session, card)
    try:
        await people.tell(card)
    except BusUnavailable:
        _log.warning("the contact card of somebody who signs in is told later")
    return card.person


def sign_out(request: Request) -> None:
    """Be nobody again."""
    request.session.clear()


async def people_to_be(request: Request) -> list[Person]:
    """Whom one may sign in as. Raises Problem not_found where the development sign-in is off."""
    if not request.app.state.settings.development_sign_in:
        raise Problem("not_found")
    people: People = request.app.state.people
    return await people.everyone()
