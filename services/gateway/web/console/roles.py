"""The console of roles: who holds which one at a school or in the network, and all that was ever done about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from gateway.access.permissions import allowed, possible, refusal
from gateway.access.roles import NETWORK, OF_NETWORK, day, is_valid
from gateway.actions import Person
from gateway.api import schemas
from gateway.problems import Problem
from gateway.read_model.documents import HeldRole
from gateway.web import dates
from gateway.web.asking import actions, frame, page, queries, signed_in, speech
from gateway.web.console.answers import acting, settled, wrong
from gateway.web.console.form import Form, blank, checked, in_order, key_of, sent, typed
from gateway.web.console.rosters import rosters
from gateway.web.finder import Choice
from gateway.web.speech import Speech
from gateway.web.words import ROLES

CONSOLE = "/console/roles"
FIELDS = ("person", "role", "starts_on", "ends_on")
GIVEN = ("host", "window", "center", "operator")


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody holds or held. `revoke` is where it can be taken, for those who may."""

    name: Markup
    role: str
    term: str
    state: str
    state_words: str
    revoke: str | None


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done about a role."""

    at: str
    words: str
    by: Markup
    why: Markup | None


async def show(request: Request) -> Response:
    """GET /console/roles?scope=…"""
    person = signed_in(request)
    if not possible(person, "list_roles"):
        raise refusal(person)
    scope = request.query_params.get("scope") or _usual(person)
    return await _page(request, scope, blank(dict.fromkeys(FIELDS, "")))


async def grant(request: Request) -> Response:
    """POST /console/roles/{scope}"""
    scope = request.path_params["scope"]
    person, _ = acting(request, "grant_role", school=scope)
    fields, say = await sent(request), speech(request)
    values = typed(fields, FIELDS)
    starts, ends = _day(values["starts_on"]), _day(values["ends_on"])
    errors = {name: say.gettext("Please fill this in.") for name in ("person", "role") if not values[name]}
    for name, found in (("starts_on", starts), ("ends_on", ends)):
        if values[name] and found is None:
            errors[name] = say.gettext("Enter a day, such as 2026-12-09.")
    if starts and ends and ends < starts:
        errors["ends_on"] = say.gettext("The end must come after the beginning.")
    if values["role"] and values["role"] not in _may_give(person, scope):
        errors["role"] = say.gettext("Choose one of the roles in the list.")
    form = Form(key_of(fields), values, in_order(errors, FIELDS))

    async def again(shown: Form) -> Response:
        return await _page(request, scope, shown)

    if form.errors:
        return await wrong(form, again)
    wish = actions(request).grant_role(
        person, scope, values["person"], values["role"], starts_on=starts, ends_on=ends, key=form.key
    )
    return await settled(request, form, wish, again, to=f"{CONSOLE}?scope={scope}", toast="granted")


async def ask_to_revoke(request: Request) -> Response:
    """GET /console/roles/{scope}/{person}/{role}/revoke"""
    return await _revoking(request, blank({"reason": ""}))


async def revoke(request: Request) -> Response:
    """POST /console/roles/{scope}/{person}/{role}/revoke"""
    scope, whose, role = (request.path_params[name] for name in ("scope", "person", "role"))
    person, _ = acting(request, "revoke_role", school=scope)
    fields, say = await sent(request), speech(request)
    values = typed(fields, ("reason",), ("reason",))
    _, errors = checked(schemas.REASON, values, {}, say)
    if not values["reason"]:
        errors = {"reason": say.gettext("Please fill this in.")}
    form = Form(key_of(fields), values, errors)

    async def again(shown: Form) -> Response:
        return await _revoking(request, shown)

    if form.errors:
        return await wrong(form, again)
    wish = actions(request).revoke_role(person, scope, whose, role, values["reason"], key=form.key)
    return await settled(request, form, wish, again, to=f"{CONSOLE}?scope={scope}", toast="revoked")


async def _page(request: Request, scope: str, form: Form) -> Response:
    person, _ = acting(request, "list_roles", school=scope)
    reading, say = queries(request), speech(request)
    schools = {one["id"]: one for one in await reading.schools()}
    if scope != NETWORK and scope not in schools:
        raise Problem("unknown_school")
    found = await reading.roles_at(scope)
    names = await _names(request, found, scope)
    gives = _may_give(person, scope)
    scopes = [
        (NETWORK, say.gettext("The whole network")),
        *((id, say.plain(one["name"])) for id, one in schools.items()),
    ]
    return page(
        request,
        "console/roles.html",
        frame(request, "console", f"{CONSOLE}?scope={scope}"),
        form=form,
        address=f"{CONSOLE}/{scope}",
        scopes=tuple(
            Choice(id, name, id == scope) for id, name in scopes if allowed(person, "list_roles", school=id)
        ),
        held=[_held(one, names, gives, say) for one in found],
        acts=_acts(found, names, say),
        people=tuple(
            Choice(one.id, f"{one.name} · {one.email}", one.id == form.values["person"])
            for one in await rosters(request).people_of(scope)
        ),
        roles=tuple(Choice(role, say.say(ROLES[role]), role == form.values["role"]) for role in gives),
    )


async def _revoking(request: Request, form: Form) -> Response:
    scope, whose, role = (request.path_params[name] for name in ("scope", "person", "role"))
    acting(request, "revoke_role", school=scope)
    found = await queries(request).role(scope, whose, role)
    if found is None or found["revoked"]:
        raise Problem("role_not_held")
    say, names = speech(request), await _names(request, [found], scope)
    return page(
        request,
        "console/role_revoke.html",
        frame(request, "console", f"{CONSOLE}?scope={scope}"),
        form=form,
        address=f"{CONSOLE}/{scope}/{whose}/{role}/revoke",
        back=f"{CONSOLE}?scope={scope}",
        name=say.written(names.get(whose, whose)),
        role=say.say(ROLES[role]),
        term=_term(found, say),
    )


async def _names(request: Request, found: Iterable[HeldRole], scope: str) -> dict[str, str]:
    ids = {one["person"] for one in found} | {act["by"]["person"] for one in found for act in one["history"]}
    return await rosters(request).names_of(ids)


def _usual(person: Person) -> str:
    return person.school if allowed(person, "list_roles", school=person.school) == "window" else NETWORK


def _may_give(person: Person, scope: str) -> tuple[str, ...]:
    return tuple(
        role
        for role in GIVEN
        if (role in OF_NETWORK) == (scope == NETWORK) and allowed(person, f"grant_{role}", school=scope)
    )


def _held(one: HeldRole, names: dict[str, str], gives: tuple[str, ...], speech: Speech) -> Held:
    today = day(datetime.now(UTC))
    if one["revoked"]:
        state, words = "cancelled", speech.gettext("Revoked")
    elif is_valid(one, today):
        state, words = "confirmed", speech.gettext("Valid")
    elif one["starts_on"] and one["starts_on"] > today:
        state, words = "waiting", speech.gettext("To come")
    else:
        state, words = "over", speech.gettext("Over")
    standing = state in ("confirmed", "waiting") and one["role"] in gives
    return Held(
        name=speech.written(names.get(one["person"], one["person"])),
        role=speech.say(ROLES[one["role"]]),
        term=_term(one, speech),
        state=state,
        state_words=words,
        revoke=f"{CONSOLE}/{one['scope']}/{one['person']}/{one['role']}/revoke" if standing else None,
    )


def _term(term: Any, speech: Speech) -> str:
    starts, ends = _day(term["starts_on"] or ""), _day(term["ends_on"] or "")
    begin = dates.short(starts, speech.language) if starts else speech.gettext("at once")
    end = dates.short(ends, speech.language) if ends else speech.gettext("until revoked")
    return f"{begin} – {end}"


def _acts(found: Iterable[HeldRole], names: dict[str, str], speech: Speech) -> list[Act]:
    done = sorted(((act, one) for one in found for act in one["history"]), key=lambda pair: pair[0]["at"])
    acts = []
    for act, one in reversed(done):
        granted = act["act"] == "granted"
        words = (
            speech.gettext("%(name)s got the role %(role)s, %(term)s")
            if granted
            else speech.gettext("%(name)s lost the role %(role)s")
        )
        told = {
            "name": names.get(one["person"], one["person"]),
            "role": speech.say(ROLES[one["role"]]),
            "term": _term(act, speech) if granted else "",
        }
        by = act["by"]
        acts.append(
            Act(
                at=dates.moment(act["at"], speech.language),
                words=words % told,
                by=speech.written(names.get(by["person"], by["person"])),
                why=speech.written(act["reason"]) if act["reason"] else None,
            )
        )
    return acts


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
