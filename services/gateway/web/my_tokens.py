"""My page: tokens for programs that act for oneself. A token's secret is shown once, when it is made."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from gateway.access.tokens import SCOPES, Token, Tokens, Wish
from gateway.problems import Problem, describe
from gateway.web import dates, forms, toasts
from gateway.web.asking import fields, frame, go, page, signed_in, speech
from gateway.web.speech import Speech, mark

DAYS = (30, 90, 365)
LONGEST_NAME = 80
SCOPE_WORDS = {
    "read": mark("Read what I may read"),
    "register": mark("Register me and cancel my registrations"),
    "host": mark("Act as a host of my school"),
    "window": mark("Act as the window of my school"),
    "center": mark("Act as the Promotion Center"),
    "operator": mark("Act as an operator of this installation"),
}


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token that is good. `used` is None if it never was."""

    id: str
    name: Markup
    scopes: tuple[str, ...]
    created: str
    expires: str
    used: str | None


@dataclass(frozen=True, slots=True)
class TokenForm:
    """What was typed, and what is wrong with it."""

    name: str
    scopes: frozenset[str]
    days: int
    key: str
    errors: dict[str, str]


async def show(request: Request) -> Response:
    """GET /me/tokens"""
    signed_in(request)
    return await _page(request, _empty())


async def make(request: Request) -> Response:
    """POST /me/tokens: the page with the secret of the new token, this once."""
    person = signed_in(request, "/me/tokens")
    form = await _sent(request, speech(request))
    if form.errors:
        return await _page(request, form, status=422)
    tokens: Tokens = request.app.state.tokens
    wish = Wish(form.name, tuple(scope for scope in SCOPES if scope in form.scopes), form.days)
    try:
        _, secret = await tokens.make(person, wish, form.key)
    except Problem as problem:
        words = describe(problem, request.state.language)
        again = TokenForm(form.name, form.scopes, form.days, forms.fresh_key(), {"name": words.detail})
        return await _page(request, again, status=words.status)
    response = await _page(request, _empty(), secret=secret)
    response.headers["cache-control"] = "no-store"
    return response


async def revoke(request: Request) -> Response:
    """POST /me/tokens/{token}/revoke"""
    person = signed_in(request, "/me/tokens")
    tokens: Tokens = request.app.state.tokens
    await tokens.revoke(request.path_params["token"], person=person.id)
    return toasts.tell(request, go("/me/tokens"), "token_gone")


async def _page(
    request: Request, form: TokenForm, *, status: int = 200, secret: str | None = None
) -> Response:
    person, say = signed_in(request), speech(request)
    tokens: Tokens = request.app.state.tokens
    mine = [_view(token, say) for token in await tokens.of(person.id)]
    offered = [
        (scope, say.say(SCOPE_WORDS[scope]))
        for scope in SCOPES
        if scope in ("read", "register") or scope in person.roles
    ]
    around = frame(request, "me", "/me/tokens")
    response = page(
        request, "my_tokens.html", around, tokens=mine, form=form, scopes=offered, days=DAYS, secret=secret
    )
    response.status_code = status
    return response


async def _sent(request: Request, say: Speech) -> TokenForm:
    sent = await fields(request)
    name = str(sent.get("name", "")).strip()
    scopes = frozenset(str(one) for one in sent.getlist("scope")) & frozenset(SCOPES)
    days, key = str(sent.get("days", "")), str(sent.get("key", ""))
    errors: dict[str, str] = {}
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        errors["name"] = say.gettext("Give it a name of 1 to 80 characters.")
    if not scopes:
        errors["scope"] = say.gettext("Choose at least one thing that it may do.")
    if days not in {str(one) for one in DAYS}:
        errors["days"] = say.gettext("Choose for how long it is good.")
    return TokenForm(
        name, scopes, int(days) if "days" not in errors else DAYS[1], key or forms.fresh_key(), errors
    )


def _empty() -> TokenForm:
    return TokenForm("", frozenset({"read"}), DAYS[1], forms.fresh_key(), {})


def _view(token: Token, say: Speech) -> TokenView:
    return TokenView(
        token.id,
        say.written(token.name),
        tuple(say.say(SCOPE_WORDS[scope]) for scope in token.scopes),
        dates.moment(token.created, say.language),
        dates.moment(token.expires, say.language),
        dates.moment(token.used, say.language) if token.used else None,
    )
