"""The console of schools: what a school says of itself, and what the Promotion Center does with schools."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from gateway.access.permissions import allowed
from gateway.actions import Outcome, Person
from gateway.api import schemas
from gateway.problems import Problem
from gateway.read_model.documents import School
from gateway.web import toasts
from gateway.web.asking import actions, frame, go, page, queries, speech
from gateway.web.console.answers import act_of, acting, settled, wrong
from gateway.web.console.form import Form, blank, checked, in_order, key_of, sent, typed
from gateway.web.finder import Choice
from gateway.web.speech import Speech, mark
from gateway.web.words import COUNTIES

CONSOLE = "/console/schools"
PROFILE = ("county", "website", "ror", "moe_code")
PROSE = ("summary_zh", "summary_en")
NAME = ("name_zh", "name_en")
ACTS = ("rename", "suspend", "reinstate", "merge")
_NAMES = {
    "name": "name_zh",
    "name.zh": "name_zh",
    "name.en": "name_en",
    "summary": "summary_zh",
    "summary.zh": "summary_zh",
    "summary.en": "summary_en",
}
_STATUSES = {
    "admitted": mark("Takes part"),
    "suspended": mark("Does not take part"),
    "merged": mark("Merged"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A school in the list."""

    address: str
    id: str
    name: Markup
    county: str
    status: str
    status_words: str


async def show_list(request: Request) -> Response:
    """GET /console/schools?q=…"""
    acting(request, "admit_school")
    words = " ".join(request.query_params.get("q", "").split())[:100]
    say = speech(request)
    rows = [_row(one, say) for one in await queries(request).schools() if _fits(one, words)]
    return page(request, "console/schools.html", frame(request, "console"), schools=rows, words=words)


async def show_new(request: Request) -> Response:
    """GET /console/schools/new"""
    acting(request, "admit_school")
    return await _new(request, blank(dict.fromkeys(("id", *NAME, *PROFILE), "")))


async def admit(request: Request) -> Response:
    """POST /console/schools/new"""
    person, _ = acting(request, "admit_school")
    fields, say = await sent(request), speech(request)
    values = typed(fields, ("id", *NAME, *PROFILE))
    body = {"id": values["id"], "name": _name(values), **_profile(values)}
    details, errors = checked(schemas.NEW_SCHOOL, body, _NAMES, say)
    errors |= _missing(values, ("id", "name_zh", "county"), say)
    if "id" in errors and values["id"]:
        errors["id"] = say.gettext("Small letters, digits and hyphens, beginning with a letter: nchu.")
    form = Form(key_of(fields), values, in_order(errors, ("id", *NAME, *PROFILE)))

    async def show(shown: Form) -> Response:
        return await _new(request, shown)

    if form.errors:
        return await wrong(form, show)
    id = details.pop("id")
    wish = actions(request).admit_school(person, id, details, key=form.key)
    return await settled(request, form, wish, show, to=f"{CONSOLE}/{id}")


async def edit(request: Request) -> Response:
    """GET /console/schools/{school}"""
    school, person = await _mine(request, "describe_school")
    return await _edit(request, school, person, blank(_filled(school)))


async def describe(request: Request) -> Response:
    """POST /console/schools/{school}"""
    school, person = await _mine(request, "describe_school")
    fields, say = await sent(request), speech(request)
    values = typed(fields, (*PROFILE, *PROSE), PROSE)
    body: dict[str, Any] = _profile(values)
    if values["summary_zh"] or values["summary_en"]:
        body["summary"] = {"zh": values["summary_zh"], "en": values["summary_en"]}
    changes, errors = checked(schemas.SCHOOL_CHANGES, body, _NAMES, say)
    errors |= _missing(values, ("county",), say)
    if school["summary"]["zh"] and not values["summary_zh"]:
        errors["summary_zh"] = say.gettext("Please fill this in.")
    form = Form(key_of(fields), values, in_order(errors, (*PROSE, *PROFILE)))

    async def show(shown: Form) -> Response:
        return await _edit(request, school, person, shown)

    if form.errors:
        return await wrong(form, show)
    before: Mapping[str, Any] = school
    changes = {name: value for name, value in changes.items() if before[name] != value}
    address = f"{CONSOLE}/{school['id']}"
    if not changes:
        return toasts.tell(request, go(address), "saved")
    wish = actions(request).describe_school(person, school["id"], changes, key=form.key)
    return await settled(request, form, wish, show, to=address)


async def ask(request: Request) -> Response:
    """GET /console/schools/{school}/{act}: rename, suspend, reinstate or merge."""
    school, _ = await _mine(request, f"{act_of(request)}_school")
    names = {"name_zh": school["name"]["zh"], "name_en": school["name"]["en"]}
    return await _act(request, school, blank({**names, "reason": "", "into": "", "sure": ""}))


async def act(request: Request) -> Response:
    """POST /console/schools/{school}/{act}"""
    name = act_of(request)
    school, person = await _mine(request, f"{name}_school")
    fields, say = await sent(request), speech(request)
    values = typed(fields, (*NAME, "into", "sure")) | typed(fields, ("reason",), ("reason",))
    form = Form(key_of(fields), values, _wrong(name, values, say))

    async def show(shown: Form) -> Response:
        return await _act(request, school, shown)

    if form.errors:
        return await wrong(form, show)
    wish = _wish(request, name, person, school["id"], form)
    return await settled(request, form, wish, show, to=f"{CONSOLE}/{school['id']}")


def _wish(request: Request, name: str, person: Person, school: str, form: Form) -> Awaitable[Outcome]:
    asked, values = actions(request), form.values
    if name == "rename":
        return asked.rename_school(person, school, _name(values), key=form.key)
    if name == "suspend":
        return asked.suspend_school(person, school, values["reason"], key=form.key)
    if name == "reinstate":
        return asked.reinstate_school(person, school, key=form.key)
    return asked.merge_school(person, school, values["into"], key=form.key)


def _wrong(act: str, values: Mapping[str, Any], speech: Speech) -> dict[str, str]:
    errors: dict[str, str] = {}
    if act == "rename":
        _, errors = checked(schemas.NEW_NAME, {"name": _name(values)}, _NAMES, speech)
        errors |= _missing(values, ("name_zh",), speech)
    elif act == "suspend":
        _, errors = checked(schemas.REASON, {"reason": values["reason"]}, {}, speech)
        errors |= _missing(values, ("reason",), speech)
    elif act == "merge":
        errors = _missing(values, ("into",), speech)
        if not errors:
            _, errors = checked(schemas.MERGE, {"into": values["into"]}, {}, speech)
        if values["sure"] != "yes":
            errors["sure"] = speech.gettext("Tick this: it cannot be undone.")
    return errors


async def _mine(request: Request, action: str) -> tuple[School, Person]:
    id = request.path_params["school"]
    person, _ = acting(request, action, school=id)
    school = await queries(request).school(id)
    if school is None:
        raise Problem("unknown_school")
    return school, person


async def _new(request: Request, form: Form) -> Response:
    say = speech(request)
    return page(
        request,
        "console/school_new.html",
        frame(request, "console", f"{CONSOLE}/new"),
        form=form,
        counties=_counties(form, say),
    )


async def _edit(request: Request, school: School, person: Person, form: Form) -> Response:
    say, id = speech(request), school["id"]
    may = [name for name in ACTS if allowed(person, f"{name}_school", school=id)]
    away = "reinstate" if school["status"] == "admitted" else "suspend"
    acts = () if school["status"] == "merged" else tuple(name for name in may if name != away)
    return page(
        request,
        "console/school_edit.html",
        frame(request, "console", f"{CONSOLE}/{id}"),
        form=form,
        school=say.phrase(school["name"]),
        address=f"{CONSOLE}/{id}",
        public=f"/schools/{id}",
        status=school["status"],
        status_words=say.say(_STATUSES[school["status"]]),
        reason=say.written(school["reason"]) if school["reason"] else None,
        acts=acts,
        sign_in=f"/schools/{id}/sign-in" if allowed(person, "read_sign_in", school=id) else None,
        people=f"{CONSOLE}/{id}/people" if allowed(person, "list_school_people", school=id) else None,
        all_schools=allowed(person, "admit_school") is not None,
        counties=_counties(form, say),
    )


async def _act(request: Request, school: School, form: Form) -> Response:
    say, id = speech(request), school["id"]
    others = [
        one for one in await queries(request).schools() if one["id"] != id and one["status"] != "merged"
    ]
    return page(
        request,
        "console/school_act.html",
        frame(request, "console", f"{CONSOLE}/{id}"),
        act=act_of(request),
        form=form,
        school=say.phrase(school["name"]),
        address=f"{CONSOLE}/{id}",
        others=tuple(
            Choice(one["id"], say.plain(one["name"]), one["id"] == form.values["into"]) for one in others
        ),
    )


def _filled(school: School) -> dict[str, Any]:
    found = {name: school[name] or "" for name in PROFILE}  # type: ignore[literal-required]
    return found | {"summary_zh": school["summary"]["zh"], "summary_en": school["summary"]["en"]}


def _profile(values: Mapping[str, Any]) -> dict[str, Any]:
    ror = values["ror"].removeprefix("https://ror.org/")
    return {
        "county": values["county"],
        "website": values["website"] or None,
        "ror": ror or None,
        "moe_code": values["moe_code"].upper() or None,
    }


def _name(values: Mapping[str, Any]) -> dict[str, str]:
    return {"zh": values["name_zh"], "en": values["name_en"]}


def _missing(values: Mapping[str, Any], names: tuple[str, ...], speech: Speech) -> dict[str, str]:
    return {name: speech.gettext("Please fill this in.") for name in names if not values[name]}


def _counties(form: Form, speech: Speech) -> tuple[Choice, ...]:
    chosen = form.values["county"]
    return tuple(Choice(id, speech.say(words), id == chosen) for id, words in COUNTIES.items())


def _row(school: School, speech: Speech) -> Row:
    return Row(
        address=f"{CONSOLE}/{school['id']}",
        id=school["id"],
        name=speech.phrase(school["name"]),
        county=speech.say(COUNTIES.get(school["county"], school["county"])),
        status=school["status"],
        status_words=speech.say(_STATUSES[school["status"]]),
    )


def _fits(school: School, words: str) -> bool:
    text = (
        f"{school['id']} {school['name']['zh']} {school['name']['en']} {school['moe_code'] or ''}".casefold()
    )
    return all(word in text for word in words.casefold().split())
