"""Signing in at the provider of one's school: setting out, coming back, and signing out there as well."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.identity.arriving import arrive, door_of
from gateway.identity.attempts import browser_of, mark_browser
from gateway.identity.providers import Provider
from gateway.identity.sealing import fresh
from gateway.problems import Problem
from gateway.read_model.documents import School
from gateway.web.asking import fields, frame, go, page, speech
from gateway.web.by_mail import ask_for_address
from gateway.web.choosing import remember_school, school_named, wanted

LONGEST_PARAMETER = 4_000


async def set_out(request: Request) -> Response:
    """GET /sign-in/{school}: to the school's provider, or to the form that asks for a mail address."""
    school = await school_named(request, request.path_params["school"])
    provider = await way_in(request, school)
    by_provider = provider.issuer is not None and request.query_params.get("by") == "provider"
    if provider.takes_mail and not by_provider:
        return await ask_for_address(request, school, provider)
    door = door_of(request)
    provider = await door.providers.fresh(provider)
    browser = browser_of(request) or fresh()
    attempt, state = await door.attempts.begin(wanted(request, school, request.query_params), browser)
    address = door.relying_party.address(provider, attempt, state, request.state.language)
    response = RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)
    mark_browser(request, response, browser)
    return response


async def come_back(request: Request) -> Response:
    """GET /sign-in/{school}/back: with a code from the provider, which is worth something once."""
    school = request.path_params["school"]
    door = door_of(request)
    provider = await door.providers.of(school)
    if provider is None or provider.issuer is None:
        raise Problem("no_way_in")
    told = _told(request)
    attempt = await door.attempts.use(told.get("state", ""), school, browser_of(request))
    proven = await door.relying_party.prove(provider, door.providers, attempt, told)
    response = go(await arrive(request, provider, attempt, proven))
    remember_school(request, response, school)
    return response


async def ended_there(request: Request) -> Response:
    """POST /sign-in/{school}/back-channel-logout: a provider says that it has signed somebody out."""
    door = door_of(request)
    provider = await door.providers.of(request.path_params["school"])
    if provider is None or provider.issuer is None:
        raise Problem("bad_logout_token")
    sent = await fields(request)
    sub, sid = await door.relying_party.ended(provider, door.providers, sent.get("logout_token"))
    await door.sessions.revoke_from(provider.issuer, sub=sub, sid=sid)
    return Response(status_code=HTTPStatus.OK, headers={"Cache-Control": "no-store"})


async def signed_out(request: Request) -> Response:
    """GET /signed-out?school=…: what has ended, and what has not."""
    school, offered = request.query_params.get("school"), None
    provider = await door_of(request).providers.of(school) if school else None
    if provider and provider.issuer and door_of(request).relying_party.goodbye(provider):
        named = await school_named(request, provider.school)
        offered = {"address": f"/sign-out/{provider.school}", "name": speech(request).phrase(named["name"])}
    return page(request, "signed_out.html", frame(request, "sign-in", "/"), offered=offered)


async def sign_out_there(request: Request) -> Response:
    """GET /sign-out/{school}: to the provider, where one signs out as well."""
    provider = await door_of(request).providers.of(request.path_params["school"])
    address = door_of(request).relying_party.goodbye(provider) if provider and provider.issuer else None
    if address is None:
        raise Problem("not_found")
    return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)


async def way_in(request: Request, school: School) -> Provider:
    """How its people sign in. Raises Problem no_way_in."""
    provider = await door_of(request).providers.of(school["id"])
    if provider is None or (provider.issuer is None and not provider.takes_mail):
        raise Problem("no_way_in")
    return provider


def _told(request: Request) -> dict[str, str]:
    """The parameters that came back. Raises Problem sign_in_expired if one comes twice, or is endless."""
    told = request.query_params.multi_items()
    if len({name for name, _ in told}) != len(told) or any(
        len(value) > LONGEST_PARAMETER for _, value in told
    ):
        raise Problem("sign_in_expired")
    return dict(told)
