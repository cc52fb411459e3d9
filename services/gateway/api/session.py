"""Who one is. Signing in is for development only, see `gateway.identity.development`."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from starlette.responses import Response

from gateway.api import bodies, query_schemas, schemas
from gateway.api.listing import listed, part
from gateway.api.operations import Call, operation
from gateway.identity import development
from gateway.identity.arriving import door_of
from gateway.people import People
from gateway.serving.answering import Json

TAG = "Session"


@operation("GET", "/me", tag=TAG, summary="Who is signed in", returns={200: schemas.PERSON})
async def me(call: Call) -> Response:
    """Oneself."""
    return Json(bodies.person(call.person))


@operation(
    "PATCH",
    "/me",
    tag=TAG,
    summary="Change the language of one's notices",
    body=schemas.PERSON_CHANGES,
    returns={200: schemas.PERSON},
    keyed=True,
    by_token=False,
    refusals=("person_erased",),
)
async def change_me(call: Call) -> Response:
    """Oneself, as changed."""
    people: People = call.request.app.state.people
    await people.keep_words(call.person, None, call.body["language"])
    return Json(bodies.person(replace(call.person, **call.body)))


@operation("GET", "/session", tag=TAG, summary="The session", returns={200: schemas.SESSION})
async def read_session(call: Call) -> Response:
    """The person, or null."""
    return Json({"person": bodies.person(call.visitor) if call.visitor else None})


@operation(
    "POST",
    "/session",
    tag=TAG,
    summary="Sign in as somebody (development only)",
    body=schemas.SIGN_IN,
    returns={200: schemas.SESSION},
    refusals=("not_found", "unknown_person"),
)
async def sign_in(call: Call) -> Response:
    """The person one is now."""
    person = await development.sign_in(call.request, call.body["person"])
    return Json({"person": bodies.person(person)})


@operation("DELETE", "/session", tag=TAG, summary="Sign out", returns={204: None})
async def sign_out(call: Call) -> Response:
    """Nothing."""
    await door_of(call.request).sessions.sign_out(call.request)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@operation(
    "GET",
    "/people",
    tag=TAG,
    summary="Whom one may sign in as (development only)",
    query=query_schemas.LIST_PEOPLE,
    returns={200: schemas.PEOPLE},
    refusals=("not_found", "bad_cursor"),
)
async def list_people(call: Call) -> Response:
    """A page of them, in the order of their ids."""
    people = sorted(await development.people_to_be(call.request), key=lambda one: one.id)
    shown, following = part(call, people, lambda one: one.id)
    return listed(call, [bodies.person(one) for one in shown], following)


OPERATIONS = (me, change_me, read_session, sign_in, sign_out, list_people)
