"""Pages of other sites that may call the API: those of the allow-list, with a token, never with cookies."""

from __future__ import annotations

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.api_settings import ApiSettings

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_REQUEST_HEADERS = (
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Last-Event-ID",
)
_ANSWER_HEADERS = (
    "ETag", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "WWW-Authenticate",
)  # fmt: skip


class Cors:
    """Lets the browser hand answers of the API to pages of these origins. All else passes as it is."""

    def __init__(self, app: ASGIApp, settings: ApiSettings) -> None:
        self._app = app
        self._origins = frozenset(origin.encode() for origin in settings.origins)
        self._open = CORSMiddleware(
            app,
            allow_origins=settings.origins,
            allow_methods=_METHODS,
            allow_headers=_REQUEST_HEADERS,
            expose_headers=_ANSWER_HEADERS,
            max_age=3600,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._origins and scope["path"].startswith(("/api/", "/openapi.json")):
            origin = next((value for name, value in scope["headers"] if name == b"origin"), b"")
            if origin in self._origins:
                await self._open(scope, receive, send)
                return
        await self._app(scope, receive, send)
