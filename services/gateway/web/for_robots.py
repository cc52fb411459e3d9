"""What programs look for at well-known addresses: whom to tell of a weakness (RFC 9116), and where not to look."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from gateway.problems import Problem

VALID_FOR = timedelta(days=180)
_DAY = "public, max-age=86400"
_NOT_FOR_ROBOTS = (
    "/api/",
    "/console",
    "/me",
    "/registrations/",
    "/sign-in",
    "/sign-out",
    "/calendars/people/",
)


async def security_txt(request: Request) -> Response:
    """GET /.well-known/security.txt, where the operator has said whom to tell."""
    settings = request.app.state.settings
    if not settings.security_contact:
        raise Problem("not_found")
    expires = (datetime.now(UTC) + VALID_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: {settings.security_contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: zh-Hant, en",
        f"Canonical: {settings.public_url}/.well-known/security.txt",
    )
    return _text(lines)


async def robots_txt(request: Request) -> Response:
    """GET /robots.txt"""
    return _text(("User-agent: *", *(f"Disallow: {path}" for path in _NOT_FOR_ROBOTS)))


def _text(lines: tuple[str, ...]) -> Response:
    return PlainTextResponse("\n".join(lines) + "\n", headers={"cache-control": _DAY})
