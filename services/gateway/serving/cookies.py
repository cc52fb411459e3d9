"""Cookies besides the session's: for this site alone, and never for its scripts."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response


def keep(request: Request, response: Response, name: str, value: str, seconds: int) -> None:
    """Have the browser keep it for so long; over TLS alone, where browsers reach us by TLS."""
    secure = request.app.state.settings.secure
    response.set_cookie(name, value, max_age=seconds, secure=secure, httponly=True, samesite="lax")
