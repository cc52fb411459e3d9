"""What became of something that was asked for on a console, as a page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from gateway.access import permissions
from gateway.actions import BusUnavailable, Outcome, Pending, Person, Refused
from gateway.problems import Problem, describe, kind
from gateway.web import toasts
from gateway.web.asking import frame, go, page, signed_in, speech
from gateway.web.console.form import Form, again

Show = Callable[[Form], Awaitable[Response]]


def acting(request: Request, action: str, *, school: str | None = None) -> tuple[Person, str]:
    """Who is signed in, and the role in which they may do this. Raises SignInFirst, Problem forbidden."""
    person = signed_in(request)
    return person, permissions.require(person, action, school=school)


def act_of(request: Request) -> str:
    """What the address asks for with its last word: publish, cancel, rename …"""
    return request.url.path.rpartition("/")[2]


async def settled(
    request: Request, form: Form, wish: Awaitable[Outcome], show: Show, *, to: str, toast: str = "saved"
) -> Response:
    """To the page `to` if it is done; the form again, with why, if it is not; or word that it takes longer."""
    try:
        outcome = await wish
    except BusUnavailable as unavailable:
        words = speech(request).gettext("This cannot be sent right now. Please send it again in a moment.")
        response = await show(again(form, words, same_wish=True))
        response.status_code = 503
        response.headers["retry-after"] = str(unavailable.retry_after)
        return response
    if isinstance(outcome, Refused):
        problem = Problem(outcome.code, outcome.details)
        response = await show(again(form, describe(problem, request.state.language).detail))
        response.status_code = kind(outcome.code).status
        return response
    if isinstance(outcome, Pending):
        around = frame(request, "console", to)
        response = page(request, "console/pending.html", around, to=to, parked=outcome.parked)
        response.status_code = 202
        return response
    return toasts.tell(request, go(to), toast)


async def wrong(form: Form, show: Show) -> Response:
    """The form again, because of what was typed."""
    response = await show(form)
    response.status_code = 422
    return response
