"""The development sign-in, in which anyone may be anyone. It works only where nobody else can come, see `config`."""

from __future__ import annotations

import logging

from starlette.requests import Request

from gateway.actions import BusUnavailable, Person
from gateway.identity import sessions
from gateway.identity.looking_up import as_of_now
from gateway.people import People
from gateway.problems import Problem

_log = logging.getLogger(__name__)


async def sign_in(request: Request, person: str) -> Person:
    """Be this person. Raises Problem: not_found where it is off, unknown_person."""
    if not request.app.state.settings.development_sign_in:
        raise Problem("not_found")
    people: People = request.app.state.people
    card = await as_of_now(request.app.state, person)
    if card is None:
        raise Problem("unknown_person")
    sessions.remember(request.session, card)
    try:
        await people.tell(card)
    except BusUnavailable:
        _log.warning("the contact card of somebody who signs in is told later")
    return card.person


async def people_to_be(request: Request) -> list[Person]:
    """Whom one may sign in as. Raises Problem not_found where the development sign-in is off."""
    if not request.app.state.settings.development_sign_in:
        raise Problem("not_found")
    people: People = request.app.state.people
    return await people.everyone()
