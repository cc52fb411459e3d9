"""Everything else that is done with a SIG: each act a page that says what follows, with a form that asks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from gateway.access.permissions import require
from gateway.access.roles import day
from gateway.actions import Person
from gateway.commanding.sigs import owner
from gateway.finding.search import Wanted
from gateway.people import People
from gateway.problems import Problem
from gateway.read_model.sigs import Sig
from gateway.web.asking import actions, frame, page, queries, signed_in, speech
from gateway.web.console.answers import act_of, settled, wrong
from gateway.web.console.form import Form, blank, checked, in_order, key_of, sent, typed
from gateway.web.console.rosters import rosters
from gateway.web.finder import Choice
from gateway.web.sig_act_table import ACTS, Act
from gateway.web.sig_words import KINDS
from gateway.web.sigs import known
from gateway.web.speech import Speech

PROSE = ("reason", "text_zh", "text_en", "statement_zh", "statement_en")
DAYS = ("until", "starts_on", "ends_on", "held_on")
ITEMS = ("person", "activity", "record")
"""What an act is done to, where its page was come to with it."""
MOST = 100
MOST_DIGITS = 9
_NAMES = {
    **{
        f"{text}{end}": f"{text}_{end.removeprefix('.') or 'zh'}"
        for text in ("title", "text", "statement")
        for end in ("", ".zh", ".en")
    },
    "": "text_zh",
}


async def ask(request: Request) -> Response:
    """GET /sigs/{sig}/{act}"""
    sig, person, act = await _meant(request)
    values = dict.fromkeys((*act.fields, *ITEMS, "sure"), "")
    values |= {name: request.query_params.get(name, "")[:64] for name in ITEMS}
    values |= _usual(act, sig)
    return await _page(request, sig, person, act, blank(values))


async def do(request: Request) -> Response:
    """POST /sigs/{sig}/{act}"""
    sig, person, act = await _meant(request)
    fields, say = await sent(request), speech(request)
    values = typed(fields, (*act.fields, *ITEMS, "sure"), PROSE)
    errors = {name: say.gettext("Please fill this in.") for name in act.needed if not values[name]}
    data, wrongs = _data(act, person, values, say)
    errors = wrongs | errors
    if act.grave and values["sure"] != "yes":
        errors["sure"] = say.gettext("Tick this to confirm.")
    if "who" in act.fields and not errors:
        data, errors = await _invitee(request, sig, values["who"], say)
    form = Form(key_of(fields), values, in_order(errors, act.fields))

    async def again(shown: Form) -> Response:
        return await _page(request, sig, person, act, shown)

    if form.errors:
        return await wrong(form, again)
    wish = actions(request).ask_of_sig(act.action, person, sig["id"], data, key=form.key)
    return await settled(request, form, wish, again, to=_back(sig, act), toast=act.toast)


async def _meant(request: Request) -> tuple[Sig, Person, Act]:
    """Raises Problem: unknown_sig, forbidden; SignInFirst."""
    sig, act = await known(request), ACTS[act_of(request)]
    person = signed_in(request)
    school = person.school if act.of_school else None
    require(person, act.action, school=school, owner=owner(person, sig))
    return sig, person, act


def _back(sig: Sig, act: Act) -> str:
    return f"/console/sigs/{sig['id']}" if act.at_console else f"/sigs/{sig['id']}"


def _usual(act: Act, sig: Sig) -> dict[str, str]:
    """What most will choose: a year, beginning today."""
    today = date.fromisoformat(day(datetime.now(UTC)))
    next_year = (today + timedelta(days=365)).isoformat()
    usual = {"until": next_year, "starts_on": today.isoformat(), "ends_on": sig["until"] or next_year}
    return {name: value for name, value in usual.items() if name in act.fields}


def _data(
    act: Act, person: Person, values: Mapping[str, str], say: Speech
) -> tuple[dict[str, Any], dict[str, str]]:
    """What the command says, and what is wrong with what was typed, by field."""
    if act.of_school:
        return {"school": person.school}, {}
    if act.item and act.schema is None:
        return {act.item: values[act.item]}, {}
    if act.schema is None:
        return {name: values[name] for name in act.fields}, {}
    loaded, errors = checked(act.schema, _body(act, values), _NAMES, say)
    if "title_zh" in act.fields:
        if not values["link"] and not values["text_zh"]:
            errors["link"] = say.gettext("Give a link, or words.")
        return {"record": loaded}, errors
    for name in DAYS:
        if name in errors and values.get(name):
            errors[name] = say.gettext("Enter a day, such as 2026-12-09.")
    named = values.get("member", "")
    if act.action == "hand_over":
        return loaded, errors
    return {**loaded, **({"person": values["person"] or named} if act.item or named else {})}, errors


def _body(act: Act, values: Mapping[str, str]) -> dict[str, Any]:
    body: dict[str, Any] = {
        name: values[name]
        for name in act.fields
        if name in ("reason", *DAYS, "kind", "activity", "link")
        and (values[name] or name not in ("activity", "link"))
    }
    for name in ("title", "text", "statement"):
        if f"{name}_zh" in act.fields and (values[f"{name}_zh"] or values[f"{name}_en"] or name != "text"):
            body[name] = {"zh": values[f"{name}_zh"], "en": values[f"{name}_en"]}
    if act.action == "hand_over":
        body["to"] = values["member"]
    if values.get("attended"):
        counted = values["attended"]
        body["attended"] = int(counted) if counted.isdecimal() and len(counted) <= MOST_DIGITS else counted
    return body


async def _invitee(
    request: Request, sig: Sig, who: str, say: Speech
) -> tuple[dict[str, Any], dict[str, str]]:
    """By mail address or id. Whoever has never signed in cannot be told from whoever does not exist.

    Nobody is looked up for a SIG that cannot invite: anybody can propose one.
    """
    if sig["status"] != "active":
        return {"person": "nobody"}, {}
    people: People = request.app.state.people
    found = await (people.by_address(who) if "@" in who else people.card(who))
    if found is None:
        return {}, {"who": say.gettext("Nobody like that has signed in here yet.")}
    return {"person": found.person.id}, {}


async def _page(request: Request, sig: Sig, person: Person, act: Act, form: Form) -> Response:
    say = speech(request)
    name = act_of(request)
    return page(
        request,
        "sig_act.html",
        frame(request, "console" if act.at_console else "sigs"),
        form=form,
        title=say.say(act.title),
        says=say.say(act.says),
        button=say.say(act.button),
        readers=say.say(act.readers) if act.readers else "",
        sig=say.phrase(sig["title"]),
        about=await _about(request, sig, act, form, say),
        address=f"/sigs/{sig['id']}/{name}",
        back=_back(sig, act),
        fields=act.fields,
        needed=act.needed,
        grave=act.grave,
        danger=act.grave or name in ("leave", "end", "end-convenor", "withdraw-school", "withdraw-support"),
        members=await _members(request, sig, person, act, form),
        activities=await _activities(request, sig, act, form, say),
        kinds=tuple(Choice(id, say.say(words), id == form.values.get("kind")) for id, words in KINDS.items()),
    )


async def _about(request: Request, sig: Sig, act: Act, form: Form, say: Speech) -> str | None:
    """What the act is done to, by name. Raises Problem not_found if there is nothing like that."""
    item = form.values.get(act.item, "") if act.item else ""
    if act.item == "person":
        held = await queries(request).sigs.membership(sig["id"], item)
        if held is None:
            raise Problem("not_found")
        return (await rosters(request).names_of([item])).get(item, "–")
    if act.item == "activity":
        found = await queries(request).activity(item)
        if found is None or item not in {one["activity"] for one in sig["meetings"]}:
            raise Problem("not_found")
        return say.plain(found["title"])
    if act.item == "record":
        return next((say.plain(one["title"]) for one in sig["records"] if one["record"] == item), item)
    return None


async def _members(request: Request, sig: Sig, person: Person, act: Act, form: Form) -> Sequence[Choice]:
    if "member" not in act.fields:
        return ()
    members = await queries(request).sigs.members(sig["id"], "member")
    names = await rosters(request).names_of(one["person"] for one in members)
    return [
        Choice(one["person"], names.get(one["person"], "–"), one["person"] == form.values["member"])
        for one in members
        if act.action != "hand_over" or one["person"] != person.id
    ]


async def _activities(request: Request, sig: Sig, act: Act, form: Form, say: Speech) -> Sequence[Choice]:
    """For minutes the meetings there are; for a new meeting the activities of that kind which are none yet."""
    if "activity" not in act.fields:
        return ()
    linked = {one["activity"] for one in sig["meetings"]}
    if act.action == "add_record":
        read = [await queries(request).activity(one) for one in linked]
        found = [one for one in read if one]
    else:
        wanted = [
            Wanted(kinds=frozenset({"sig_meeting", "forum"}), when=when) for when in ("upcoming", "past")
        ]
        pages = [await queries(request).activities(one, limit=MOST) for one in wanted]
        found = [one for part in pages for one in part.items if one["id"] not in linked]
    return [
        Choice(
            one["id"],
            f"{one['starts_at'].date().isoformat()} {say.plain(one['title'])}",
            one["id"] == form.values["activity"],
        )
        for one in sorted(found, key=lambda one: one["starts_at"], reverse=True)
    ]
