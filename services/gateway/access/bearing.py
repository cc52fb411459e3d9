"""Who shows a token: on addresses of the API, `Authorization: Bearer gx_…` counts and the cookie does not."""

from __future__ import annotations

from pymongo.errors import PyMongoError
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.access.tokens import Tokens
from gateway.problems import Problem

_SCHEME = b"bearer "


class Bearing:
    """Sets `request.state.person` and `request.state.token`, or `request.state.refused`, the problem to answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["state"]["token"] = None
            secret = shown(scope)
            if secret is not None:
                await _admit(scope, secret)
        await self._app(scope, receive, send)


def shown(scope: Scope) -> str | None:
    """The token that a request for the API shows."""
    if not scope["path"].startswith("/api/"):
        return None
    for name, value in scope["headers"]:
        if name == b"authorization" and value[: len(_SCHEME)].lower() == _SCHEME:
            return str(value[len(_SCHEME) :].strip().decode("latin-1"))
    return None


async def _admit(scope: Scope, secret: str) -> None:
    tokens: Tokens = scope["app"].state.tokens
    state = scope["state"]
    state["person"] = None
    try:
        found = await tokens.bearer(secret)
    except PyMongoError:
        state["refused"] = Problem("unavailable", headers={"Retry-After": "2"})
        return
    if found is None:
        told = 'Bearer realm="gongxue", error="invalid_token"'
        state["refused"] = Problem("invalid_token", headers={"WWW-Authenticate": told})
        return
    state["token"], state["person"] = found.token, found.person
