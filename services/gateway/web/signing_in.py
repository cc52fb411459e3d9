"""Coming in, going out, and the language of the pages."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from gateway.identity import development
from gateway.identity.arriving import door_of
from gateway.problems import Problem, describe
from gateway.serving import cookies
from gateway.serving.languages import COOKIE
from gateway.web import toasts
from gateway.web.asking import fields, frame, go, page, queries, speech, within
from gateway.web.choosing import choose_school
from gateway.web.school_views import demo_schools
from gongxue_chassis.i18n import LANGUAGES

YEAR = 365 * 24 * 3600


async def begin(request: Request) -> Response:
    """GET /sign-in?return=…: choose your school. In development: choose whom to be, or `with=school`."""
    asked = request.query_params
    linking = asked.get("link") == "1"
    if request.app.state.settings.development_sign_in and asked.get("with") != "school" and not linking:
        return await _choice(request, within(asked.get("return")), None)
    return await choose_school(request, within(asked.get("return")), linking=linking)


async def sign_in(request: Request) -> Response:
    """POST /sign-in"""
    sent = await fields(request)
    back, person = within(sent.get("return")), sent.get("person")
    try:
        await development.sign_in(request, person if isinstance(person, str) else "")
    except Problem as problem:
        if problem.code != "unknown_person":
            raise
        response = await _choice(request, back, describe(problem, request.state.language).detail)
        response.status_code = problem.status
        return response
    return go(back)


async def sign_out(request: Request) -> Response:
    """POST /sign-out. Who came by a provider is still signed in there: the next page says so."""
    ended = await door_of(request).sessions.sign_out(request)
    if ended is None or not ended.way.issuer.startswith("http"):
        return toasts.tell(request, go("/"), "signed_out")
    return go(f"/signed-out?{urlencode({'school': ended.way.provider})}")


async def choose_language(request: Request) -> Response:
    """POST /language: the language of the pages from now on, in this browser."""
    sent = await fields(request)
    response = go(within(sent.get("return")))
    language = sent.get("language")
    if isinstance(language, str) and language in LANGUAGES:
        cookies.keep(request, response, COOKIE, language, YEAR)
    return response


async def _choice(request: Request, back: str, refusal: str | None) -> Response:
    people = await development.people_to_be(request)
    names = {school["id"]: school for school in await queries(request).schools()}
    schools = demo_schools(people, names, speech(request))
    around = frame(request, "sign-in", "/sign-in")
    return page(request, "sign_in.html", around, schools=schools, refusal=refusal, return_to=back)
