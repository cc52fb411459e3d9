"""How the people of a school sign in, set by its window or by the operator. The console leads here."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from gateway.access import permissions
from gateway.identity.arriving import door_of
from gateway.identity.settings_form import fields_of, wanted
from gateway.problems import Problem, describe
from gateway.web.asking import fields, frame, go, page, signed_in, speech
from gateway.web.choosing import school_named

_SHOWN = ("issuer", "client_id", "name_claim", "email_claim", "mail_domains")


async def show(request: Request) -> Response:
    """GET /schools/{school}/sign-in"""
    school = request.path_params["school"]
    permissions.require(signed_in(request), "read_sign_in", school=school)
    provider = await door_of(request).providers.of(school)
    return await _form(request, fields_of(provider), {}, saved=request.query_params.get("saved") == "1")


async def save(request: Request) -> Response:
    """POST /schools/{school}/sign-in: the provider is asked before anything is kept."""
    school = request.path_params["school"]
    person = signed_in(request, f"/schools/{school}/sign-in")
    permissions.require(person, "change_sign_in", school=school)
    await school_named(request, school)
    sent = await fields(request)
    try:
        await door_of(request).providers.keep(school, wanted(sent), person.id)
    except Problem as problem:
        if problem.code != "provider_unusable":
            raise
        found = describe(problem, request.state.language).errors
        errors = {pointer.removeprefix("/"): words for pointer, words in found}
        typed = {name: value if isinstance(value := sent.get(name), str) else "" for name in _SHOWN}
        typed["mail_links"] = sent.get("mail_links") == "yes"  # type: ignore[assignment]
        response = await _form(request, typed, errors)
        response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return response
    return go(f"/schools/{school}/sign-in?saved=1")


async def _form(
    request: Request, shown: Mapping[str, Any], errors: Mapping[str, str], *, saved: bool = False
) -> Response:
    id = request.path_params["school"]
    school = await school_named(request, id)
    door = door_of(request)
    provider = await door.providers.of(id)
    return page(
        request,
        "sign_in_settings.html",
        frame(request, "console", f"/schools/{id}/sign-in"),
        school=speech(request).phrase(school["name"]),
        address=f"/schools/{id}/sign-in",
        back=f"/console/schools/{id}",
        addresses=door.providers.addresses(id),
        form=shown,
        has_secret=bool(provider and provider.client_secret),
        errors=errors,
        first_error=next(iter(errors), None),
        saved=saved,
    )
