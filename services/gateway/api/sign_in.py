"""How the people of a school sign in, and how and where one is signed in oneself. For people, never for tokens."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from gateway.access import permissions
from gateway.api import sign_in_schemas as schemas
from gateway.api.bodies import plain
from gateway.api.operations import Call, operation
from gateway.identity.arriving import door_of
from gateway.identity.providers import Provider
from gateway.identity.settings_form import wanted
from gateway.problems import Problem
from gateway.serving.answering import Json
from gateway.web.choosing import school_named

TAG = "Signing in"
_OF_SCHOOL = ("unknown_school", "school_not_open")


@operation(
    "GET",
    "/me/sessions",
    tag=TAG,
    summary="Where one is signed in",
    returns={200: schemas.OWN_SESSIONS},
    by_token=False,
)
async def my_sessions(call: Call) -> Response:
    """The latest used first."""
    current = call.request.state.session_id
    found = await door_of(call.request).sessions.sessions_of(call.person.id)
    items = [
        {
            "id": one.id,
            "provider": one.way.provider,
            "agent": one.agent,
            "begun": one.begun,
            "seen": one.seen,
            "expires": one.expires,
            "here": one.id == current,
        }
        for one in found
    ]
    return Json({"items": plain(items)})


@operation(
    "DELETE",
    "/me/sessions/{session}",
    tag=TAG,
    summary="Sign out somewhere",
    returns={204: None},
    by_token=False,
    refusals=("not_found",),
)
async def end_session(call: Call) -> Response:
    """Nothing; within two seconds it has ended everywhere."""
    if not await door_of(call.request).sessions.revoke(call.person.id, call["session"]):
        raise Problem("not_found")
    return Response(status_code=HTTPStatus.NO_CONTENT)


@operation(
    "DELETE",
    "/me/sessions",
    tag=TAG,
    summary="Sign out everywhere else",
    returns={204: None},
    by_token=False,
)
async def end_other_sessions(call: Call) -> Response:
    """Nothing; the session that asks goes on."""
    await door_of(call.request).sessions.revoke_all(call.person.id, but=call.request.state.session_id)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@operation(
    "GET",
    "/me/ways-to-sign-in",
    tag=TAG,
    summary="How one signs in",
    returns={200: schemas.WAYS},
    by_token=False,
)
async def my_ways_to_sign_in(call: Call) -> Response:
    """The oldest first."""
    found = await door_of(call.request).identities.of(call.person.id)
    items = [
        {"id": one.id, "issuer": one.issuer, "subject": one.sub, "linked_at": one.linked_at} for one in found
    ]
    return Json({"items": plain(items)})


@operation(
    "DELETE",
    "/me/ways-to-sign-in/{way}",
    tag=TAG,
    summary="Sign in by this way no longer",
    returns={204: None},
    by_token=False,
    refusals=("not_found", "last_way"),
)
async def remove_way_to_sign_in(call: Call) -> Response:
    """Nothing. The last one stays."""
    await door_of(call.request).identities.remove(call.person.id, call["way"])
    return Response(status_code=HTTPStatus.NO_CONTENT)


@operation(
    "GET",
    "/schools/{school}/sign-in",
    tag=TAG,
    summary="How the people of a school sign in",
    returns={200: schemas.SIGN_IN_OF_SCHOOL},
    by_token=False,
    refusals=(*_OF_SCHOOL, "no_way_in"),
)
async def read_sign_in(call: Call) -> Response:
    """What is set; never the secret."""
    await _check(call)
    provider = await door_of(call.request).providers.of(call["school"])
    if provider is None:
        raise Problem("no_way_in")
    return _shown(call, provider)


@operation(
    "PUT",
    "/schools/{school}/sign-in",
    tag=TAG,
    summary="Set how the people of a school sign in; the provider is asked at once",
    body=schemas.NEW_SIGN_IN,
    returns={200: schemas.SIGN_IN_OF_SCHOOL},
    by_token=False,
    refusals=(*_OF_SCHOOL, "provider_unusable"),
)
async def change_sign_in(call: Call) -> Response:
    """What is set now."""
    await _check(call)
    asked = {**call.body, "mail_domains": " ".join(call.body["mail_domains"])}
    return _shown(
        call, await door_of(call.request).providers.keep(call["school"], wanted(asked), call.person.id)
    )


@operation(
    "DELETE",
    "/schools/{school}/sign-in",
    tag=TAG,
    summary="Let nobody of a school sign in any more",
    returns={204: None},
    by_token=False,
    refusals=(*_OF_SCHOOL, "no_way_in"),
)
async def remove_sign_in(call: Call) -> Response:
    """Nothing. Who is signed in stays so."""
    await _check(call)
    if not await door_of(call.request).providers.remove(call["school"]):
        raise Problem("no_way_in")
    return Response(status_code=HTTPStatus.NO_CONTENT)


async def _check(call: Call) -> None:
    """Raises Problem: forbidden, unknown_school, school_not_open."""
    permissions.require(call.person, call.action, school=call["school"])
    await school_named(call.request, call["school"])


def _shown(call: Call, provider: Provider) -> Response:
    body: dict[str, Any] = {
        "school": provider.school,
        "issuer": provider.issuer,
        "client_id": provider.client_id,
        "has_client_secret": provider.client_secret is not None,
        "name_claim": provider.name_claim,
        "email_claim": provider.email_claim,
        "mail_domains": list(provider.mail_domains),
        "mail_links": provider.mail_links,
        "checked_at": provider.checked_at,
        **door_of(call.request).providers.addresses(provider.school),
    }
    return Json(plain(body))


OPERATIONS = (
    my_sessions,
    end_session,
    end_other_sessions,
    my_ways_to_sign_in,
    remove_way_to_sign_in,
    read_sign_in,
    change_sign_in,
    remove_sign_in,
)
