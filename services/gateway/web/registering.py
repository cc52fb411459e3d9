"""The pages of registering: the sent form, what became of it, and giving a seat back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from gateway.actions import Accepted, BusUnavailable, InLine, Pending, Person, Refused
from gateway.actions import Outcome as Answer
from gateway.problems import Problem, describe
from gateway.read_model.documents import Activity, Registration
from gateway.web import forms, outcomes, qr, toasts, waiting
from gateway.web.activities import activity_page, visible_activity
from gateway.web.asking import (
    actions,
    fields,
    frame,
    go,
    page,
    queries,
    signed_in,
    speech,
    visitor,
)
from gateway.web.my_sigs import my_sigs
from gateway.web.outcomes import Outcome
from gateway.web.speech import Speech
from gateway.web.views import RegistrationView, activity_view, registration_view

AWAITED = "awaited"
"""In the session: the registration that was asked for last. It is known to be there before the read model has it."""


@dataclass(frozen=True, slots=True)
class Group:
    """Some of one's own registrations under a heading."""

    title: str
    registrations: tuple[RegistrationView, ...]


async def back_to_activity(request: Request) -> Response:
    """GET /activities/{activity}/register: somebody loads the address of an answer again."""
    return go(f"/activities/{quote(request.path_params['activity'])}")


async def register(request: Request) -> Response:
    """POST /activities/{activity}/register"""
    activity = await visible_activity(request)
    person = signed_in(request, f"/activities/{activity['id']}")
    form = forms.sent(await fields(request), activity, speech(request))
    if form.errors:
        return await _again(request, activity, form, 422)
    given = activity["id"]
    try:
        answer = await actions(request).register(
            person,
            given,
            pool=form.pool,
            waiting_list=form.waiting_list,
            key=form.key,
            name=form.name,
            language=form.language,
            ticket=waiting.ticket_of(request, given, form.key),
        )
    except InLine as in_line:
        return waiting.to_waiting_room(request, given, form, in_line)
    except BusUnavailable as unavailable:
        # With the key it was sent with: the broker may have it all the same.
        words = speech(request).gettext("This cannot be sent right now. Please send it again in a moment.")
        response = await _again(request, activity, forms.unsent(form, words), 503)
        response.headers["retry-after"] = str(unavailable.retry_after)
        return response
    request.session.pop(waiting.WAITING, None)
    return await _answered(request, activity, form, answer)


async def show_registration(request: Request) -> Response:
    """GET /registrations/{registration}, also while it is not decided; ?command=… names a sent cancellation."""
    person = signed_in(request)
    given = request.path_params["registration"]
    registration = await _own(request, person, given)
    command = request.query_params.get("command", given)
    if registration and (command == given or registration["status"] == "cancelled"):
        return await _standing(request, registration)
    answer = await actions(request).outcome(person, command)
    if isinstance(answer, Refused):
        standing = answer.details.get("registration")
        if answer.code == "already_registered" and isinstance(standing, str):
            return go(
                f"/registrations/{standing}"
            )  # decided late, of two wishes of the same person the first
        return _refused(request, answer, is_cancellation=command != given)
    if answer is None and registration:
        return await _standing(request, registration)
    if answer is None and request.session.get(AWAITED) != given:
        raise Problem("unknown_registration")
    # Not decided, or decided and the read model has not heard of it yet.
    return _pending(request, answer)


async def ask_to_cancel(request: Request) -> Response:
    """GET /registrations/{registration}/cancel: are you sure?"""
    person = signed_in(request)
    registration = await _own(request, person, request.path_params["registration"])
    if registration is None:
        raise Problem("unknown_registration")
    view = await _view(request, registration)
    if not view.can_cancel:
        return go(view.address)
    return page(request, "cancel.html", frame(request, "me"), registration=view, key=forms.fresh_key())


async def cancel(request: Request) -> Response:
    """POST /registrations/{registration}/cancel"""
    given = request.path_params["registration"]
    address = f"/registrations/{given}"
    person = signed_in(request, address)
    key = (await fields(request)).get("key")
    answer = await actions(request).cancel_registration(
        person, given, key=key if isinstance(key, str) and key else forms.fresh_key()
    )
    if isinstance(answer, Pending):
        return go(f"{address}?command={answer.command}")
    if isinstance(answer, Refused) and answer.code != "already_cancelled":
        raise Problem(answer.code, answer.details)
    return toasts.tell(request, go(address), "cancelled")


async def mine(request: Request) -> Response:
    """GET /me"""
    person = signed_in(request)
    found = await queries(request).registrations_of(person.id)
    schools = {school["id"]: school for school in await queries(request).schools()}
    say, now = speech(request), datetime.now(UTC)
    to_come: list[tuple[datetime, RegistrationView]] = []
    past: list[RegistrationView] = []
    for registration in found:
        about = registration.get("about")
        if about is None:
            continue
        activity = activity_view(about, schools.get(about["host"]), say, now)
        view = registration_view(registration, activity, say)
        if view.can_cancel:
            to_come.append((about["starts_at"], view))
        else:
            past.append(view)
    soonest_first = tuple(view for _, view in sorted(to_come, key=lambda one: one[0]))
    groups = [
        Group(say.gettext("To come"), soonest_first),
        Group(say.gettext("Over or cancelled"), tuple(past)),
    ]
    shown = [group for group in groups if group.registrations]
    sigs = await my_sigs(queries(request), person, say)
    return page(request, "mine.html", frame(request, "me"), groups=shown, sigs=sigs)


async def _answered(
    request: Request, activity: Activity, form: forms.RegisterForm, answer: Answer
) -> Response:
    if isinstance(answer, Accepted | Pending):
        request.session[AWAITED] = answer.command
        return go(f"/registrations/{answer.command}")
    standing = answer.details.get("registration")
    if answer.code == "already_registered" and isinstance(standing, str):
        return go(f"/registrations/{standing}")
    problem = describe(Problem(answer.code, answer.details), request.state.language)
    return await _again(request, activity, forms.refused(form, problem.detail), problem.status)


async def _again(request: Request, activity: Activity, form: forms.RegisterForm, status: int) -> Response:
    # Read again: a refusal may be news about the seats.
    now = await queries(request).activity(activity["id"]) or activity
    response = await activity_page(request, now, form)
    response.status_code = status
    return response


async def _own(request: Request, person: Person, registration: str) -> Registration | None:
    """Raises Problem not_yours."""
    found = await queries(request).registration(registration)
    if found and found["person"] != person.id:
        raise Problem("not_yours")
    return found


async def _view(request: Request, registration: Registration) -> RegistrationView:
    activity = await queries(request).activity(registration["activity"])
    if activity is None:
        raise Problem("unknown_activity")
    host = await queries(request).school(activity["host"])
    say: Speech = speech(request)
    return registration_view(registration, activity_view(activity, host, say, datetime.now(UTC)), say)


async def _standing(request: Request, registration: Registration) -> Response:
    view = await _view(request, registration)
    outcome = outcomes.standing(registration, view, speech(request))
    return _page(request, outcome, view, _again_as_before(request, registration, view))


def _again_as_before(
    request: Request, registration: Registration, view: RegistrationView
) -> forms.RegisterForm | None:
    """What undoes a cancellation, as far as it can be undone: the same wish anew."""
    person = visitor(request)
    if person is None or view.status != "cancelled" or view.activity.status not in ("open", "waiting"):
        return None
    return forms.RegisterForm(
        key=forms.fresh_key(),
        pool=registration["pool"],
        name=person.name,
        language=person.language,
        waiting_list=True,
    )


def _pending(request: Request, answer: Answer | None) -> Response:
    address, parameters = request.url.path, request.query_params
    if isinstance(answer, Pending) and answer.parked:
        return _page(request, outcomes.parked(address, speech(request)), None)
    asked = {"command": parameters["command"]} if "command" in parameters else {}
    look_at = f"{address}?{urlencode(asked)}" if asked else address
    stop_at = f"{address}?{urlencode(asked | {'refresh': 'off'})}"
    refresh = parameters.get("refresh") != "off"
    return _page(request, outcomes.pending(look_at, stop_at if refresh else None, speech(request)), None)


def _refused(request: Request, answer: Refused, *, is_cancellation: bool) -> Response:
    problem = Problem(answer.code, answer.details)
    if is_cancellation:
        raise problem
    why = describe(problem, request.state.language).detail
    return _page(request, outcomes.refused(why, request.url.path, speech(request)), None)


def _page(
    request: Request,
    outcome: Outcome,
    registration: RegistrationView | None,
    again: forms.RegisterForm | None = None,
) -> Response:
    shown = registration and registration.status == "confirmed" and registration.can_cancel
    code = qr.code(registration.id, request.app.state.settings.public_url) if registration and shown else None
    view = {"outcome": outcome, "registration": registration, "again": again, "code": code}
    return page(request, "registration.html", frame(request, "me"), **view)
