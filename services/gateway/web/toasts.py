"""What was just done, said on the page that one comes to: a cookie that lives for seconds names one of these words.

The cookie holds a name out of this table and nothing else: it tells nobody anything, and a forged one says nothing
that could mislead. The page that says it takes it away.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from gateway.serving import cookies
from gateway.web.speech import mark

COOKIE: Final = "toast"
SECONDS = 30

WORDS: Final = {
    "cancelled": mark("Done: the registration is cancelled."),
    "signed_out": mark("You are signed out."),
    "saved": mark("Saved."),
    "drafted": mark("Done: the draft is kept. Nobody else sees it yet."),
    "published": mark("Done: everybody can see it and register."),
    "closed": mark("Done: no more registrations are taken."),
    "called_off": mark("Done: it is called off, and everybody who registered is told."),
    "sig_proposed": mark(
        "Done: everybody can see the proposal. Ask the windows of three schools for support."
    ),
    "joined": mark("Done. If a convenor has to decide, you will be told by mail."),
    "supported": mark("Done: your school supports the proposal."),
    "chartered": mark("Done: the SIG is chartered, and whoever proposed it is told."),
    "granted": mark("Done: the role is granted."),
    "revoked": mark("Done: the role is revoked."),
    "calendar_made": mark("Done: the calendar has a new address."),
    "calendar_gone": mark("Done: the calendar's address is good for nothing any more."),
    "token_gone": mark("Done: the token is good for nothing any more."),
}


def tell(request: Request, response: Response, name: str) -> Response:
    """Let the next page of this browser say the words of this name. Raises KeyError for a name without words."""
    if name not in WORDS:
        raise KeyError(name)
    cookies.keep(request, response, COOKIE, name, SECONDS)
    return response


def told(request: Request) -> str | None:
    """The words to say on this page, in English as the catalogue has them."""
    return WORDS.get(request.cookies.get(COOKIE, ""))


def forget(request: Request, response: Response) -> None:
    """They have been said."""
    if COOKIE in request.cookies:
        response.delete_cookie(COOKIE, httponly=True, samesite="lax")
