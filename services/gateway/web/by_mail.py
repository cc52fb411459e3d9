"""Signing in by a link that is mailed: asking for it, and pressing the button behind it."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from gateway.actions import BusUnavailable
from gateway.identity import agents
from gateway.identity.arriving import arrive, door_of
from gateway.identity.attempts import browser_of, mark_browser
from gateway.identity.mail_links import normalised
from gateway.identity.providers import Provider
from gateway.identity.sealing import fresh
from gateway.problems import Problem
from gateway.read_model.documents import School
from gateway.web.asking import fields, frame, go, page, speech, within
from gateway.web.choosing import remember_school, school_named, wanted


async def ask_for_address(
    request: Request, school: School, provider: Provider, *, email: str = "", error: str = ""
) -> Response:
    """The form, with the school's own way beside it if it has one; what was typed stays."""
    asked = request.query_params
    return page(
        request,
        "sign_in_by_mail.html",
        frame(request, "sign-in", "/sign-in"),
        school=speech(request).phrase(school["name"]),
        address=f"/sign-in/{school['id']}",
        domains=provider.mail_domains,
        return_to=within(asked.get("return")),
        linking=asked.get("link") == "1",
        by_provider=_by_provider(request, school) if provider.issuer else None,
        email=email,
        error=error,
    )


async def ask(request: Request) -> Response:
    """POST /sign-in/{school}: have a link mailed. Every address of the school's is answered alike."""
    school = await school_named(request, request.path_params["school"])
    door = door_of(request)
    provider = await door.providers.of(school["id"])
    if provider is None or not provider.takes_mail:
        raise Problem("no_way_in")
    sent = await fields(request)
    email = normalised(sent.get("email"))
    if email is None or not provider.takes(email):
        return await _wrong(request, school, provider, sent.get("email"), email)
    start = wanted(request, school, sent)
    await door.links.check(email, start.client)
    browser = browser_of(request) or fresh()
    attempt, _ = await door.attempts.begin(start, browser)
    agent = agents.named(request.headers.get("user-agent", ""))
    try:
        await door.links.send(attempt, email, start.client, request.state.language, agent)
    except BusUnavailable as error:
        raise Problem("unavailable", headers={"Retry-After": str(error.retry_after)}) from error
    response = go(f"/sign-in/{school['id']}/sent")
    mark_browser(request, response, browser)
    return response


async def sent(request: Request) -> Response:
    """GET /sign-in/{school}/sent: look into your mail."""
    school = await school_named(request, request.path_params["school"])
    return page(
        request,
        "link_sent.html",
        frame(request, "sign-in", "/"),
        school=speech(request).phrase(school["name"]),
        address=f"/sign-in/{school['id']}?by=mail",
    )


async def look_at_link(request: Request) -> Response:
    """GET /sign-in/{school}/link?secret=…: a button. Programs that look at mails do not press it."""
    secret = request.query_params.get("secret", "")
    school, email = await _checked(request, secret)
    return page(
        request,
        "open_link.html",
        frame(request, "sign-in", "/"),
        address=f"/sign-in/{school['id']}/link",
        secret=secret,
        email=email,
        school=speech(request).phrase(school["name"]),
    )


async def use_link(request: Request) -> Response:
    """POST /sign-in/{school}/link: in."""
    secret = (await fields(request)).get("secret")
    secret = secret if isinstance(secret, str) else ""
    school, _ = await _checked(request, secret)
    door = door_of(request)
    provider = await door.providers.of(school["id"])
    if provider is None or not provider.takes_mail:
        raise Problem("no_way_in")
    attempt_id, _ = await door.links.look(secret, school["id"])
    attempt = await door.attempts.use_by_id(attempt_id, school["id"], browser_of(request))
    proven = await door.links.use(secret, school["id"])
    response = go(await arrive(request, provider, attempt, proven))
    remember_school(request, response, school["id"])
    return response


async def _checked(request: Request, secret: str) -> tuple[School, str]:
    """The school and the address of a link that works in this browser; it stays unused.

    Raises Problem: link_expired, link_used, sign_in_other_browser.
    """
    school = await school_named(request, request.path_params["school"])
    door = door_of(request)
    attempt, email = await door.links.look(secret, school["id"])
    await door.attempts.check(attempt, browser_of(request))
    return school, email


async def _wrong(
    request: Request, school: School, provider: Provider, typed: object, email: str | None
) -> Response:
    say = speech(request)
    error = (
        say.gettext("Enter a mail address like name@%(domain)s.") % {"domain": provider.mail_domains[0]}
        if email is None
        else say.gettext("Enter an address of the school: one that ends in %(domains)s.")
        % {"domains": ", ".join(f"@{one}" for one in provider.mail_domains)}
    )
    shown = typed[:300] if isinstance(typed, str) and typed.isprintable() else ""
    response = await ask_for_address(request, school, provider, email=shown, error=error)
    response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return response


def _by_provider(request: Request, school: School) -> str:
    asked = {"by": "provider", "return": within(request.query_params.get("return"))}
    if request.query_params.get("link") == "1":
        asked["link"] = "1"
    return f"/sign-in/{school['id']}?{urlencode(asked)}"
