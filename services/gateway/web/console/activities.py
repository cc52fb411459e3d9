"""The console of hosts: their activities, from the draft to the end."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from gateway.access.permissions import allowed, possible, refusal
from gateway.actions import Person
from gateway.finding.search import Wanted
from gateway.problems import Problem
from gateway.read_model.documents import Activity, School
from gateway.web import toasts
from gateway.web.asking import actions, frame, go, page, queries, signed_in, speech
from gateway.web.console import activity_form
from gateway.web.console.answers import act_of, acting, settled, wrong
from gateway.web.console.checklist import checks
from gateway.web.console.form import Form, blank, key_of, sent, typed
from gateway.web.finder import Choice
from gateway.web.speech import Speech
from gateway.web.views import ActivityView, activity_view
from gateway.web.words import COUNTIES, GOALS, KINDS, STATUSES, THEMES

CONSOLE = "/console/activities"
MOST = 100
_LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Row:
    """An activity in the list: what may be done to it next."""

    address: str
    title: Markup
    when: Markup
    host: Markup
    status: str
    status_words: str
    taken: str


async def show_list(request: Request) -> Response:
    """GET /console/activities"""
    person = signed_in(request)
    if not possible(person, "draft_activity"):
        raise refusal(person)
    hosts = await _hosts(request, person)
    chosen = request.query_params.get("school", "")
    school = chosen if any(chosen == host["id"] for host in hosts) else person.school
    if not allowed(person, "draft_activity", school=school) and hosts:
        school = hosts[0]["id"]
    reading, now = queries(request), datetime.now(UTC)
    listed = (await reading.activities(Wanted(schools=frozenset({school})), None, MOST)).items
    groups = {
        "drafts": await reading.drafts(school),
        "coming": [one for one in listed if one["ends_at"] > now],
        "past": [one for one in listed if one["ends_at"] <= now],
    }
    names = {host["id"]: host for host in await reading.schools()}
    rows = {
        name: [_row(one, names.get(one["host"]), speech(request), now) for one in found]
        for name, found in groups.items()
    }
    return page(
        request,
        "console/activities.html",
        frame(request, "console"),
        groups=rows,
        hosts=_choices(hosts, school, speech(request)) if len(hosts) > 1 else (),
        school=school,
    )


async def show_new(request: Request) -> Response:
    """GET /console/activities/new"""
    person = signed_in(request)
    hosts = await _hosts(request, person)
    if not hosts:
        raise refusal(person)
    asked = request.query_params.get("school", "")
    host = next((one["id"] for one in hosts if one["id"] in (asked, person.school)), hosts[0]["id"])
    return await _form_page(request, blank(activity_form.empty(host)), None, hosts)


async def draft(request: Request) -> Response:
    """POST /console/activities/new"""
    person = signed_in(request, f"{CONSOLE}/new")
    hosts = await _hosts(request, person)
    form, details = activity_form.read(await sent(request), speech(request))
    host = str(form.values["host"])
    role = allowed(person, "draft_activity", school=host)
    if role is None:
        raise refusal(person)
    if role == "center" and "host" not in form.errors and await queries(request).school(host) is None:
        words = speech(request).gettext("Choose one of the schools in the list.")
        form = replace(form, errors={"host": words, **form.errors})

    async def show(shown: Form) -> Response:
        return await _form_page(request, shown, None, hosts)

    if form.errors:
        return await wrong(form, show)
    activity = f"a{uuid.uuid5(uuid.NAMESPACE_URL, f'{person.id} {form.key}').hex[:12]}"
    wish = actions(request).draft_activity(person, activity, details, key=form.key)
    return await settled(request, form, wish, show, to=f"{CONSOLE}/{activity}", toast="drafted")


async def show_one(request: Request) -> Response:
    """GET /console/activities/{activity}"""
    activity, _ = await mine(request, "read_draft")
    view = await _view(request, activity)
    return page(
        request,
        "console/activity.html",
        frame(request, "console"),
        activity=view,
        address=f"{CONSOLE}/{activity['id']}",
        status=activity["status"],
        checks=checks(activity, speech(request), datetime.now(UTC)),
        over=activity["ends_at"] <= datetime.now(UTC),
    )


async def edit(request: Request) -> Response:
    """GET /console/activities/{activity}/edit"""
    activity, _ = await mine(request, "change_activity")
    return await _form_page(request, blank(activity_form.filled(activity)), activity, [])


async def change(request: Request) -> Response:
    """POST /console/activities/{activity}/edit"""
    activity, person = await mine(request, "change_activity")
    form, changes = activity_form.read(await sent(request), speech(request), activity)
    address = f"{CONSOLE}/{activity['id']}"

    async def show(shown: Form) -> Response:
        return await _form_page(request, shown, activity, [])

    if form.errors:
        return await wrong(form, show)
    if not changes:
        return toasts.tell(request, go(address), "saved")
    wish = actions(request).change_activity(person, activity["id"], changes, key=form.key)
    return await settled(request, form, wish, show, to=address)


async def ask(request: Request) -> Response:
    """GET /console/activities/{activity}/{act}: are you sure? `act` is publish, close or cancel."""
    activity, _ = await mine(request, f"{act_of(request)}_activity")
    return await _asking(request, activity, blank({"reason": "", "sure": ""}))


async def act(request: Request) -> Response:
    """POST /console/activities/{activity}/{act}"""
    name = act_of(request)
    activity, person = await mine(request, f"{name}_activity")
    fields = await sent(request)
    values = typed(fields, ("sure",)) | typed(fields, ("reason",), ("reason",))
    form = Form(key_of(fields), values, _wrong(name, values, speech(request)))

    async def show(shown: Form) -> Response:
        return await _asking(request, activity, shown)

    if form.errors:
        return await wrong(form, show)
    todo = checks(activity, speech(request), datetime.now(UTC)) if name == "publish" else ()
    if missing := next((one for one in todo if one.needed and not one.good), None):
        words = speech(request).gettext("Not yet: %(what)s.") % {"what": missing.words}
        return await wrong(replace(form, refusal=words), show)
    asked, id = actions(request), activity["id"]
    if name == "publish":
        wish = asked.publish_activity(person, id, key=form.key)
    elif name == "close":
        wish = asked.close_activity(person, id, key=form.key)
    else:
        wish = asked.cancel_activity(person, id, values["reason"], key=form.key)
    return await settled(request, form, wish, show, to=f"{CONSOLE}/{id}", toast=_TOASTS[name])


_TOASTS = {"publish": "published", "close": "closed", "cancel": "called_off"}


async def mine(request: Request, action: str) -> tuple[Activity, Person]:
    """The activity of the address, and who may do this to it. Raises SignInFirst, Problem.

    Whoever may not read a draft is told what they are told where there is nothing.
    """
    person = signed_in(request)
    activity = await queries(request).activity_now(request.path_params["activity"])
    if (
        activity
        and activity["status"] == "draft"
        and not allowed(person, "read_draft", school=activity["host"])
    ):
        activity = None
    if activity is None:
        raise Problem("unknown_activity") if possible(person, action) else refusal(person)
    acting(request, action, school=activity["host"])
    return activity, person


async def _view(request: Request, activity: Activity) -> ActivityView:
    host = await queries(request).school(activity["host"])
    return activity_view(activity, host, speech(request), datetime.now(UTC))


async def _hosts(request: Request, person: Person) -> list[School]:
    """The schools for which they may draft."""
    return [
        school
        for school in await queries(request).schools()
        if school["status"] == "admitted" and allowed(person, "draft_activity", school=school["id"])
    ]


async def _form_page(
    request: Request, form: Form, activity: Activity | None, hosts: list[School]
) -> Response:
    say = speech(request)
    chosen = form.values
    address = f"{CONSOLE}/{activity['id']}" if activity else CONSOLE
    return page(
        request,
        "console/activity_form.html",
        frame(request, "console", f"{address}/{'edit' if activity else 'new'}"),
        form=form,
        address=address,
        title=say.phrase(activity["title"]) if activity else None,
        published=activity is not None and activity["status"] != "draft",
        hosts=_choices(hosts, chosen["host"], say),
        kinds=tuple(Choice(id, say.say(words), id == chosen["kind"]) for id, words in KINDS.items()),
        kind_words=say.say(KINDS[activity["kind"]]) if activity else "",
        themes=tuple(Choice(id, say.say(words), id == chosen["theme"]) for id, words in THEMES.items()),
        counties=tuple(Choice(id, say.say(words), id == chosen["county"]) for id, words in COUNTIES.items()),
        goals=tuple(
            Choice(str(number), f"{number}. {say.say(words)}", str(number) in chosen["sdgs"])
            for number, words in GOALS.items()
        ),
    )


async def _asking(request: Request, activity: Activity, form: Form) -> Response:
    act = act_of(request)
    standing = activity["seats"].values()
    response = page(
        request,
        "console/activity_act.html",
        frame(request, "console"),
        act=act,
        form=form,
        activity=await _view(request, activity),
        address=f"{CONSOLE}/{activity['id']}",
        checks=checks(activity, speech(request), datetime.now(UTC)) if act == "publish" else (),
        people=sum(pool["taken"] + pool["waiting"] for pool in standing),
    )
    response.status_code = HTTPStatus.OK
    return response


def _wrong(act: str, values: dict[str, str], speech: Speech) -> dict[str, str]:
    if act != "cancel":
        return {}
    errors = {}
    if not values["reason"]:
        errors["reason"] = speech.gettext("Say why: everybody who is registered gets to read it.")
    elif len(values["reason"]) > _LONGEST_REASON:
        errors["reason"] = speech.gettext("Please say it in at most %(num)s characters.") % {
            "num": _LONGEST_REASON
        }
    if values["sure"] != "yes":
        errors["sure"] = speech.gettext("Tick this: it cannot be undone.")
    return errors


def _row(activity: Activity, host: School | None, speech: Speech, now: datetime) -> Row:
    view = activity_view(activity, host, speech, now)
    taken = sum(pool["taken"] for pool in activity["seats"].values())
    limit = sum(pool["limit"] for pool in activity["seats"].values())
    status = "draft" if activity["status"] == "draft" else view.status
    return Row(
        address=f"{CONSOLE}/{activity['id']}",
        title=view.title,
        when=view.when,
        host=view.host,
        status=status,
        status_words=speech.say(STATUSES[status]),
        taken=f"{taken} / {limit}",
    )


def _choices(hosts: list[School], chosen: str, speech: Speech) -> tuple[Choice, ...]:
    return tuple(Choice(one["id"], speech.plain(one["name"]), one["id"] == chosen) for one in hosts)
