"""Calendars to subscribe to: of a person (secret address), a school, a kind of activities; and one activity as a file.

`?lang=en` chooses the language. Programs that fetch calendars have no cookies and prefer nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from email.utils import format_datetime
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from gateway import calendars
from gateway.calendars import Entry, Feed, Status
from gateway.finding.search import Wanted
from gateway.problems import Problem
from gateway.read_model.documents import Activity, Registration, RegistrationStatus, Text
from gateway.read_model.queries import Queries, Version
from gateway.web.activities import visible_activity
from gateway.web.asking import personal, queries
from gateway.web.rendering import pages
from gateway.web.speech import Speech
from gateway.web.views import school_name
from gateway.web.words import KINDS, POOLS
from gongxue_chassis.i18n import LANGUAGES

MOST = 300
"""Activities to come, and as many past, in a calendar that everybody may read."""
PUBLIC_SECONDS = 300
TYPE = "text/calendar; charset=utf-8"
NEVER = Version(0, None)
STATUSES: Mapping[RegistrationStatus, Status] = {
    "confirmed": "CONFIRMED",
    "waiting": "TENTATIVE",
    "cancelled": "CANCELLED",
}


@dataclass(frozen=True, slots=True)
class Own:
    """What differs between the entry of an activity and that of a registration for it."""

    uid: str
    status: Status
    summary: str
    location: str
    host: str = ""


async def of_person(request: Request) -> Response:
    """GET /calendars/people/{secret}.ics"""
    person = await personal(request).addresses.person_of(request.path_params["secret"])
    if person is None:
        raise Problem("unknown_calendar")
    say, site = _speech(request), request.app.state.settings.public_url
    found = await queries(request).registrations_of(person)
    about = [(one, activity) for one in found if (activity := one.get("about"))]
    versions = await queries(request).versions((activity["id"] for _, activity in about), person)
    entries = tuple(_of_registration(one, activity, versions, say, site) for one, activity in about)
    name = say.gettext("My activities · Gongxue")
    words = say.gettext("What I am registered for, and what I wait for.")
    return _answer(request, Feed(name, words, say.language, entries), f"private, max-age={PUBLIC_SECONDS}")


async def of_school(request: Request) -> Response:
    """GET /calendars/schools/{school}.ics"""
    school = await queries(request).school(request.path_params["school"])
    if school is None:
        raise Problem("unknown_school")
    say = _speech(request)
    name = say.gettext("Activities of %(school)s · Gongxue") % {"school": say.plain(school["name"])}
    return await _public(request, Wanted(schools=frozenset({school["id"]})), name, say)


async def of_kind(request: Request) -> Response:
    """GET /calendars/kinds/{kind}.ics"""
    kind = request.path_params["kind"]
    if kind not in KINDS:
        raise Problem("unknown_calendar")
    say = _speech(request)
    return await _public(
        request, Wanted(kinds=frozenset({kind})), f"{say.say(KINDS[kind])} · {say.gettext('Gongxue')}", say
    )


async def of_activity(request: Request) -> Response:
    """GET /activities/{activity}.ics: a file for whoever looks at the page, in its language."""
    activity = await visible_activity(request)
    say = pages().speech(request.state.language)
    feed = await _feed(request, [activity], say.plain(activity["title"]), say)
    response = _answer(request, feed, f"private, max-age={PUBLIC_SECONDS}")
    response.headers["content-disposition"] = f'attachment; filename="{activity["id"]}.ics"'
    response.headers["vary"] = "cookie, accept-language"
    return response


async def of_meetings(request: Request, title: Text, meetings: Iterable[Activity]) -> Response:
    """The meetings of a SIG of this title."""
    say = _speech(request)
    name = say.gettext("%(sig)s · meetings · Gongxue") % {"sig": say.plain(title)}
    return _answer(request, await _feed(request, meetings, name, say), f"public, max-age={PUBLIC_SECONDS}")


async def _public(request: Request, wanted: Wanted, name: str, say: Speech) -> Response:
    read: Queries = queries(request)
    to_come = await read.activities(replace(wanted, when="upcoming"), limit=MOST)
    past = await read.activities(replace(wanted, when="past"), limit=MOST)
    feed = await _feed(request, [*to_come.items, *past.items], name, say)
    return _answer(request, feed, f"public, max-age={PUBLIC_SECONDS}")


async def _feed(request: Request, activities: Iterable[Activity], name: str, say: Speech) -> Feed:
    found = sorted(activities, key=lambda one: (one["starts_at"], one["id"]))
    versions = await queries(request).versions(one["id"] for one in found)
    schools = {school["id"]: school for school in await queries(request).schools()}
    site = request.app.state.settings.public_url
    entries = tuple(
        _of_activity(
            one,
            versions.get(one["id"], NEVER),
            say,
            site,
            school_name(one["host"], schools.get(one["host"]), say).striptags(),
        )
        for one in found
    )
    return Feed(name, say.gettext("Activities of the USR learning network."), say.language, entries)


def _of_activity(activity: Activity, version: Version, say: Speech, site: str, host: str) -> Entry:
    own = Own(
        uid=calendars.activity_uid(activity["id"], _host(site)),
        status="CANCELLED" if activity["status"] == "cancelled" else "CONFIRMED",
        summary=say.plain(activity["title"]),
        location=say.plain(activity["venue"]) if activity["venue"] else say.gettext("Online"),
        host=host,
    )
    return _entry(activity, version, say, site, own)


def _of_registration(
    one: Registration, activity: Activity, versions: Mapping[str, Version], say: Speech, site: str
) -> Entry:
    summary = say.plain(activity["title"])
    if one["place"]:
        summary = say.gettext("[Waiting, place %(place)s] %(title)s") % {
            "place": one["place"],
            "title": summary,
        }
    online = one["pool"] == "online" or activity["venue"] is None
    both = [versions.get(one["id"], NEVER), versions.get(activity["id"], NEVER)]
    times = [version.changed_at for version in both if version.changed_at]
    version = Version(max(version.number for version in both), max(times, default=one["changed_at"]))
    own = Own(
        uid=calendars.registration_uid(one["id"], _host(site)),
        status=STATUSES[one["status"]],
        summary=summary,
        location=say.say(POOLS["online"])
        if online or not activity["venue"]
        else say.plain(activity["venue"]),
    )
    return _entry(activity, version, say, site, own)


def _entry(activity: Activity, version: Version, say: Speech, site: str, own: Own) -> Entry:
    url = f"{site}/activities/{activity['id']}"
    other = activity["title"]["en" if say.key == "zh" else "zh"]
    said = [own.host, other, say.plain(activity["summary"]), url]
    return Entry(
        uid=own.uid,
        sequence=version.number,
        changed_at=version.changed_at,
        status=own.status,
        starts_at=activity["starts_at"],
        ends_at=activity["ends_at"],
        summary=own.summary,
        description="\n\n".join(words for words in said if words.strip()),
        location=own.location,
        url=url,
        category=say.say(KINDS[activity["kind"]]),
    )


def _answer(request: Request, feed: Feed, kept: str) -> Response:
    content = calendars.write(feed)
    tag = calendars.tag(content)
    changed = max((one.changed_at for one in feed.entries if one.changed_at), default=None)
    headers = {"etag": tag, "cache-control": kept, "content-language": feed.language}
    if changed:
        headers["last-modified"] = format_datetime(
            changed.astimezone(UTC).replace(microsecond=0), usegmt=True
        )
    if _knows(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=TYPE)


def _knows(request: Request, tag: str) -> bool:
    """Whether who asks has these very bytes."""
    given = request.headers.get("if-none-match", "")
    tags = {one.strip().removeprefix("W/") for one in given.split(",")}
    return tag in tags or "*" in tags


def _speech(request: Request) -> Speech:
    asked = request.query_params.get("lang")
    return pages().speech(asked if asked in LANGUAGES else LANGUAGES[0])


def _host(site: str) -> str:
    """What makes the UIDs the world's only ones; notification takes the same."""
    return urlsplit(site).hostname or site
