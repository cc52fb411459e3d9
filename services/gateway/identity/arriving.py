"""What comes after it is proven who somebody is: they are in, or are asked who they are, or whether to link."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from starlette.requests import Request

from gateway.actions import BusUnavailable, Person
from gateway.identity.attempts import Attempt
from gateway.identity.door import Door
from gateway.identity.linking import new_person
from gateway.identity.looking_up import as_of_now
from gateway.identity.proofs import Proven
from gateway.identity.providers import Provider
from gateway.identity.sessions import Way
from gateway.people import Card, People
from gateway.problems import Problem
from gateway.read_model.queries import Queries

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What somebody new says of themselves."""

    name: str
    email: str
    language: str


def door_of(request: Request) -> Door:
    """The parts of identity."""
    door: Door = request.app.state.door
    return door


async def arrive(request: Request, provider: Provider, attempt: Attempt, proven: Proven) -> str:
    """Let them in, or wait for their answer; the address to go on to. Raises Problem mail_not_of_school."""
    door, asked_at = door_of(request), time.time()
    if attempt.links:
        await door.attempts.wait(attempt, proven)
        return f"/me/sign-in/link?attempt={attempt.id}"
    person = await door.identities.person(proven)
    card = await as_of_now(request.app.state, person) if person else None
    if card is None:
        if proven.email and not provider.takes(proven.email):
            raise Problem("mail_not_of_school")
        await door.attempts.wait(attempt, proven)
        return f"/welcome?attempt={attempt.id}"
    await _let_in(request, card, attempt.school, proven, asked_at)
    return attempt.back


async def welcome(request: Request, attempt: Attempt, said: Newcomer) -> str:
    """Make them a person of the school and let them in; the address to go on to. Raises Problem sign_in_used."""
    door, proven = door_of(request), attempt.proven
    people: People = request.app.state.people
    if proven is None:
        raise Problem("sign_in_expired")
    await door.attempts.end(attempt)
    person = Person(new_person(), said.name, said.email, said.language, attempt.school)
    # The card first: an identity without one is somebody new, a card without an identity is nobody's.
    card = await people.keep(person)
    who = await door.identities.claim(proven, person.id)
    asked_at = time.time()
    known = await as_of_now(request.app.state, who)
    await _let_in(request, known or card, attempt.school, proven, asked_at)
    return attempt.back


@dataclass(frozen=True, slots=True)
class Linking:
    """Two accounts that may become one: who is signed in, and whose the other is (nobody's yet: None)."""

    proven: Proven
    person: Person
    other: Person | None


async def linking(request: Request, attempt: Attempt) -> Linking:
    """What is to be confirmed, by who is signed in to the one account and has just signed in to the other.

    Raises Problem: sign_in_expired, already_linked, account_in_use.
    """
    person, proven = request.state.person, attempt.proven
    mine = person and (person.id, request.state.session_id) == (attempt.person, attempt.session)
    if not mine or proven is None:
        raise Problem("sign_in_expired")
    whose = await door_of(request).identities.person(proven)
    if whose == person.id:
        raise Problem("already_linked")
    card = await as_of_now(request.app.state, whose) if whose else None
    other = replace(card.person) if card else None
    if other is not None and (other.roles - {"staff"} or await _has_seats(request, other)):
        raise Problem("account_in_use")
    return Linking(proven, person, other)


async def arrive_linked(request: Request, attempt: Attempt) -> None:
    """Let both lead to who is signed in. Raises Problem as `linking` does; sign_in_used, link_changed."""
    found = await linking(request, attempt)
    door = door_of(request)
    whose = await door.identities.person(found.proven)
    await door.attempts.end(attempt)
    await door.identities.link(found.proven, found.person.id, whose)
    if whose is not None:
        await door.sessions.revoke_from(found.proven.issuer, sub=found.proven.sub, sid=None)


async def tell(request: Request, card: Card) -> None:
    """Tell our other services of who signs in, or leave it to the worker."""
    people: People = request.app.state.people
    try:
        await people.tell(card)
    except BusUnavailable:
        _log.warning("the contact card of somebody who signs in is told later")


async def _let_in(request: Request, card: Card, school: str, proven: Proven, asked_at: float) -> None:
    way = Way(school, proven.issuer, proven.sub, proven.sid)
    await door_of(request).sessions.begin(request, card, way, asked_at)
    await tell(request, card)


async def _has_seats(request: Request, person: Person) -> bool:
    """Whether somebody has a seat, or a place in line, for what is still to come."""
    queries: Queries = request.app.state.queries
    now = datetime.now(UTC)
    for one in await queries.registrations_of(person.id):
        about = one.get("about")
        if one["status"] != "cancelled" and about and about["ends_at"] > now:
            return True
    return False
