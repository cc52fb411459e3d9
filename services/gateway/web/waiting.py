"""The waiting room as a page: the place in line, until it is one's turn; then the form is sent, as it was filled in.

What was filled in and the ticket wait in the session, so that the page can be loaded again, by itself too.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from math import ceil

from starlette.requests import Request
from starlette.responses import Response

from gateway.actions import InLine
from gateway.rush.door import Wish, why_not
from gateway.web.activities import visible_activity
from gateway.web.asking import actions, frame, go, page, signed_in, speech
from gateway.web.forms import RegisterForm

WAITING = "waiting"
"""In the session: `Kept` of the activity that was asked for last."""
SOONEST_LOOK = 2
LATEST_LOOK = 20


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that waits for its turn."""

    activity: str
    ticket: str
    key: str
    pool: str
    name: str
    language: str
    waiting_list: bool


def to_waiting_room(request: Request, activity: str, form: RegisterForm, in_line: InLine) -> Response:
    """Keep the form and show the place in line."""
    kept = Kept(activity, in_line.ticket, form.key, form.pool, form.name, form.language, form.waiting_list)
    request.session[WAITING] = asdict(kept)
    return go(f"/activities/{activity}/waiting-room")


def ticket_of(request: Request, activity: str, key: str) -> str | None:
    """The ticket with which a form waited."""
    kept = _kept(request, activity)
    return kept.ticket if kept and kept.key == key else None


async def waiting_room(request: Request) -> Response:
    """GET /activities/{activity}/waiting-room"""
    activity = await visible_activity(request)
    address = f"/activities/{activity['id']}"
    person = signed_in(request, address)
    kept = _kept(request, activity["id"])
    if kept is None:
        return go(address)
    here, refresh = request.url.path, request.query_params.get("refresh") != "off"
    wish = Wish(kept.key, person.id, activity["id"], kept.pool, kept.waiting_list)
    in_line = actions(request).waits(person, activity["id"], kept.ticket)
    if why_not(activity, wish, datetime.now(UTC)):
        in_line = None  # there is nothing to wait for: let the form be sent, and be told so
    return page(
        request,
        "waiting_room.html",
        frame(request, "activities", address),
        address=address,
        here=here,
        stop_address=f"{here}?refresh=off" if in_line and refresh else None,
        title=speech(request).phrase(activity["title"]),
        kept=kept,
        place=in_line.place if in_line else None,
        seconds=in_line.retry_after if in_line else None,
        look_after=look_after(in_line.seconds) if in_line else None,
    )


def look_after(seconds: float) -> int:
    """How long until the page looks again: five times on the way, not later than one's turn, never in haste."""
    return max(
        SOONEST_LOOK if seconds > SOONEST_LOOK else 1, min(ceil(seconds), ceil(seconds / 5), LATEST_LOOK)
    )


def _kept(request: Request, activity: str) -> Kept | None:
    found = request.session.get(WAITING)
    return Kept(**found) if found and found["activity"] == activity else None
