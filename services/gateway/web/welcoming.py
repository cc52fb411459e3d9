"""After the first sign-in: who are you? And after signing in to a second account: shall both be one?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from gateway.identity.arriving import Newcomer, arrive_linked, door_of, linking, welcome
from gateway.identity.attempts import Attempt, browser_of
from gateway.identity.mail_links import normalised
from gateway.identity.providers import Provider
from gateway.problems import Problem
from gateway.web import forms
from gateway.web.asking import fields, frame, go, page, signed_in, speech
from gateway.web.choosing import school_named
from gateway.web.speech import Speech


@dataclass(frozen=True, slots=True)
class WelcomeForm:
    """What somebody new says of themselves. `told`: the address comes from the school and is not asked for."""

    name: str
    email: str
    language: str
    told: bool
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def first_error(self) -> str | None:
        """The field to begin mending with."""
        return next(iter(self.errors), None)


async def ask_who(request: Request) -> Response:
    """GET /welcome?attempt=…"""
    attempt = await _waiting(request, request.query_params.get("attempt"))
    proven = attempt.proven
    if proven is None or attempt.links:
        raise Problem("sign_in_expired")
    form = WelcomeForm(proven.name, proven.email, request.state.language, told=bool(proven.email))
    return await _form(request, attempt, form)


async def answer_who(request: Request) -> Response:
    """POST /welcome"""
    sent = await fields(request)
    attempt = await _waiting(request, sent.get("attempt"))
    provider = await door_of(request).providers.of(attempt.school)
    if attempt.proven is None or attempt.links or provider is None:
        raise Problem("sign_in_expired")
    form = _sent(sent, attempt.proven.email, provider, speech(request))
    if form.errors:
        response = await _form(request, attempt, form)
        response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return response
    return go(await welcome(request, attempt, Newcomer(form.name, form.email, form.language)))


async def ask_to_link(request: Request) -> Response:
    """GET /me/sign-in/link?attempt=…: nothing is linked until both have agreed."""
    signed_in(request, "/me")
    attempt = await _waiting(request, request.query_params.get("attempt"))
    found = await linking(request, attempt)
    say = speech(request)
    school = await school_named(request, attempt.school)
    return page(
        request,
        "link_accounts.html",
        frame(request, "me", "/me"),
        attempt=attempt.id,
        person=say.written(found.person.name),
        other=say.written(found.other.name) if found.other else None,
        school=say.phrase(school["name"]),
        told=found.proven.email or found.proven.name,
    )


async def link_accounts(request: Request) -> Response:
    """POST /me/sign-in/link"""
    signed_in(request, "/me")
    attempt = await _waiting(request, (await fields(request)).get("attempt"))
    await arrive_linked(request, attempt)
    return go("/me/sign-in")


async def _waiting(request: Request, id: object) -> Attempt:
    return await door_of(request).attempts.waiting(id if isinstance(id, str) else "", browser_of(request))


async def _form(request: Request, attempt: Attempt, form: WelcomeForm) -> Response:
    school = await school_named(request, attempt.school)
    return page(
        request,
        "welcome.html",
        frame(request, "sign-in", "/"),
        school=speech(request).phrase(school["name"]),
        attempt=attempt.id,
        form=form,
    )


def _sent(sent: Mapping[str, object], told: str, provider: Provider, say: Speech) -> WelcomeForm:
    typed = told or str(sent.get("email", "")).strip()
    email = normalised(typed)
    name, language = forms.line(sent.get("name")), forms.line(sent.get("language"))
    is_of_school = bool(told) or (email is not None and provider.takes(email))
    errors = {
        "name": forms.wrong_name(name, say),
        "email": "" if is_of_school else say.gettext("Enter a mail address of your school."),
        "language": forms.wrong_language(language, say),
    }
    wrong = {field: words for field, words in errors.items() if words}
    return WelcomeForm(name, told or email or typed, language, bool(told), wrong)
