"""Being signed in: what the signed cookie holds."""

from __future__ import annotations

import time
from typing import Any

from starlette.requests import Request

from gateway.people import Card, document_of

COOKIE = "session"


def remember(session: dict[str, Any], card: Card | None) -> None:
    """Be this person from now on; None: nobody."""
    session.clear()
    if card:
        session["person"] = document_of(card)
        session["at"] = int(time.time())


def sign_out(request: Request) -> None:
    """Be nobody again."""
    request.session.clear()
