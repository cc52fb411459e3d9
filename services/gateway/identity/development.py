"""The development sign-in, in which anyone may be anyone. It works only where nobody else can come, see `config`."""

from __future__ import annotations

import time

from starlette.requests import Request

from gateway.actions import Person
from gateway.identity.arriving import door_of, tell
from gateway.identity.looking_up import as_of_now
from gateway.identity.sessions import DEVELOPMENT, Way
from gateway.people import People
from gateway.problems import Problem
from gateway.read_model.queries import Queries


async def sign_in(request: Request, person: str) -> Person:
    """Be this person. Raises Problem: not_found where it is off, unknown_person."""
    if not request.app.state.settings.development_sign_in:
        raise Problem("not_found")
    asked_at = time.time()
    card = await as_of_now(request.app.state, person)
    if card is None:
        raise Problem("unknown_person")
    await door_of(request).sessions.begin(request, card, Way(DEVELOPMENT), asked_at)
    await tell(request, card)
    return card.person


async def people_to_be(request: Request) -> list[Person]:
    """Whom one may sign in as. Raises Problem not_found where the development sign-in is off."""
    if not request.app.state.settings.development_sign_in:
        raise Problem("not_found")
    people: People = request.app.state.people
    queries: Queries = request.app.state.queries
    return await queries.with_roles(await people.everyone())
