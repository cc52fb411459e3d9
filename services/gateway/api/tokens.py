"""Tokens for programs: one's own, and those of a school. Only people who are signed in make and revoke them."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from gateway.access.tokens import Token, Tokens, Wish
from gateway.api import bodies, query_schemas, token_schemas
from gateway.api.listing import listed, part
from gateway.api.operations import Call, operation
from gateway.api.schools import acting_for
from gateway.serving.answering import Json

TAG = "Tokens"
_NEVER_SHOWN = "private, no-store"


@operation(
    "GET",
    "/me/tokens",
    tag=TAG,
    summary="One's own tokens, the latest first",
    query=query_schemas.PAGED,
    returns={200: token_schemas.TOKEN_PAGE},
    by_token=False,
    refusals=("bad_cursor",),
)
async def my_tokens(call: Call) -> Response:
    """Those that are good, without their secrets."""
    return _page(call, await _tokens(call).of(call.person.id))


@operation(
    "POST",
    "/me/tokens",
    tag=TAG,
    summary="Make a token that acts for oneself; its secret is told this once",
    body=token_schemas.NEW_TOKEN,
    returns={201: token_schemas.MADE_TOKEN},
    keyed=True,
    by_token=False,
    refusals=("too_many_tokens", "idempotency_key_reused"),
)
async def make_token(call: Call) -> Response:
    """The token with its secret."""
    return _made(*await _tokens(call).make(call.person, _wish(call), call.key))


@operation(
    "DELETE",
    "/me/tokens/{token}",
    tag=TAG,
    summary="Revoke one of one's own tokens",
    returns={204: None},
    by_token=False,
    refusals=("unknown_token",),
)
async def revoke_token(call: Call) -> Response:
    """Nothing; within two seconds it is refused everywhere."""
    await _tokens(call).revoke(call["token"], person=call.person.id)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@operation(
    "GET",
    "/schools/{school}/tokens",
    tag=TAG,
    summary="The tokens of a school, the latest first",
    query=query_schemas.PAGED,
    returns={200: token_schemas.TOKEN_PAGE},
    by_token=False,
    refusals=("bad_cursor", "unknown_school"),
)
async def school_tokens(call: Call) -> Response:
    """Those that are good, whoever has made them."""
    await acting_for(call)
    return _page(call, await _tokens(call).of(call.person.id, call["school"]))


@operation(
    "POST",
    "/schools/{school}/tokens",
    tag=TAG,
    summary="Make a token for a program of a school; its secret is told this once",
    body=token_schemas.NEW_SCHOOL_TOKEN,
    returns={201: token_schemas.MADE_TOKEN},
    keyed=True,
    by_token=False,
    refusals=("too_many_tokens", "idempotency_key_reused", "unknown_school"),
)
async def make_school_token(call: Call) -> Response:
    """The token with its secret. It acts as whoever makes it, as long as they may."""
    await acting_for(call)
    return _made(*await _tokens(call).make(call.person, _wish(call), call.key, call["school"]))


@operation(
    "DELETE",
    "/schools/{school}/tokens/{token}",
    tag=TAG,
    summary="Revoke a token of a school",
    returns={204: None},
    by_token=False,
    refusals=("unknown_token", "unknown_school"),
)
async def revoke_school_token(call: Call) -> Response:
    """Nothing; within two seconds it is refused everywhere."""
    await acting_for(call)
    await _tokens(call).revoke(call["token"], person=call.person.id, school=call["school"])
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _tokens(call: Call) -> Tokens:
    found: Tokens = call.request.app.state.tokens
    return found


def _wish(call: Call) -> Wish:
    return Wish(call.body["name"], call.body["scopes"], call.body["days"])


def _made(token: Token, secret: str) -> Response:
    body = {**_body(token), "secret": secret}
    return Json(body, HTTPStatus.CREATED, {"Cache-Control": _NEVER_SHOWN})


def _page(call: Call, found: Sequence[Token]) -> Response:
    shown, following = part(call, found, lambda token: f"{token.created:%Y%m%d%H%M%S}{token.id}", down=True)
    return listed(call, [_body(token) for token in shown], following)


def _body(token: Token) -> dict[str, Any]:
    return {
        "id": token.id,
        "kind": token.kind,
        "name": token.name,
        "person": token.person,
        "school": token.school,
        "scopes": list(token.scopes),
        "created": bodies.plain(token.created),
        "expires": bodies.plain(token.expires),
        "used": bodies.plain(token.used),
    }


OPERATIONS = (my_tokens, make_token, revoke_token, school_tokens, make_school_token, revoke_school_token)
