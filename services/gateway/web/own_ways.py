"""How I sign in, and where I am signed in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from gateway.actions import Person
from gateway.identity.arriving import door_of
from gateway.identity.linking import Linked
from gateway.identity.proofs import mail_issuer
from gateway.identity.sessions import DEVELOPMENT, Session
from gateway.problems import Problem
from gateway.read_model.documents import Text
from gateway.web import dates
from gateway.web.asking import fields, frame, go, page, queries, signed_in, speech
from gateway.web.choosing import CENTER, CENTER_NAME
from gateway.web.speech import Speech

ADDRESS = "/me/sign-in"


async def show(request: Request) -> Response:
    """GET /me/sign-in"""
    person = signed_in(request)
    return page(request, "own_ways.html", frame(request, "me"), **await views(request, person))


async def views(request: Request, person: Person) -> dict[str, Any]:
    """What the page shows: `ways` to sign in and `sessions`, the latest used first."""
    door, say = door_of(request), speech(request)
    names: dict[str, Text] = {one["id"]: one["name"] for one in await queries(request).schools()}
    names[CENTER] = {"zh": CENTER_NAME["zh"], "en": CENTER_NAME["en"]}
    ways = await door.identities.of(person.id)
    issuers = await _issuers(request, person.school)
    current = request.state.session_id
    return {
        "ways": [_way(one, issuers, names, say, last=len(ways) == 1) for one in ways],
        "sessions": [
            _session(one, names, say, here=one.id == current)
            for one in await door.sessions.sessions_of(person.id)
        ],
    }


async def remove(request: Request) -> Response:
    """POST /me/sign-in/remove"""
    person = signed_in(request, ADDRESS)
    await door_of(request).identities.remove(person.id, _text((await fields(request)).get("way")))
    return go(ADDRESS)


async def end(request: Request) -> Response:
    """POST /me/sessions/end"""
    person = signed_in(request, ADDRESS)
    if not await door_of(request).sessions.revoke(person.id, _text((await fields(request)).get("session"))):
        raise Problem("not_found")
    return go(ADDRESS)


async def end_others(request: Request) -> Response:
    """POST /me/sessions/end-others"""
    person = signed_in(request, ADDRESS)
    await door_of(request).sessions.revoke_all(person.id, but=request.state.session_id)
    return go(ADDRESS)


async def _issuers(request: Request, school: str) -> dict[str, str]:
    """The schools whose ways these can be, by issuer."""
    found = await door_of(request).providers.issuers()
    return {**found, mail_issuer(school): school}


def _way(
    one: Linked, issuers: dict[str, str], names: dict[str, Text], say: Speech, *, last: bool
) -> dict[str, Any]:
    by_mail = one.issuer.startswith("mail:")
    school = one.issuer.removeprefix("mail:") if by_mail else issuers.get(one.issuer, "")
    return {
        "id": one.id,
        "name": say.phrase(names[school]) if school in names else one.issuer,
        "how": say.gettext("By a mailed link to %(address)s") % {"address": one.sub}
        if by_mail
        else say.gettext("By the school’s own sign-in"),
        "since": _moment(one.linked_at, say),
        "last": last,
    }


def _session(one: Session, names: dict[str, Text], say: Speech, *, here: bool) -> dict[str, Any]:
    school = one.way.provider
    if school == DEVELOPMENT:
        where: Any = say.gettext("Demonstration")
    else:
        where = say.phrase(names[school]) if school in names else school
    return {
        "id": one.id,
        "agent": one.agent or say.gettext("A browser or program"),
        "where": where,
        "begun": _moment(one.begun, say),
        "seen": _moment(one.seen, say),
        "here": here,
    }


def _moment(at: datetime, say: Speech) -> str:
    return dates.moment(at, say.language)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
