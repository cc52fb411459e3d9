"""Rosters: who comes, as a page to search and print, and as a file for a spreadsheet. Each look is written down."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import cast

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from gateway.access.rosters import Entry, Rosters, View
from gateway.read_model.documents import School
from gateway.read_model.queries import Queries
from gateway.web import dates
from gateway.web.asking import frame, page, queries, speech
from gateway.web.console.activities import CONSOLE, mine
from gateway.web.console.answers import acting
from gateway.web.finder import Choice
from gateway.web.speech import Speech, mark
from gateway.web.words import POOLS, REGISTRATIONS, ROLES

MOST_SHOWN = 500
CONVENOR = mark("Convenor")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a formula may begin with; the last four are the full-width forms, which spreadsheets in East Asia take too."""
_COLUMNS = (
    mark("No."),
    mark("Name"),
    mark("Mail address"),
    mark("School"),
    mark("Seat"),
    mark("Status"),
    mark("Place in line"),
    mark("Registered at"),
    mark("Registration"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A registration on the page."""

    number: int
    name: Markup
    email: str
    school: str
    pool: str
    status: str
    status_words: str
    place: int | None
    registered: str


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at a roster."""

    name: Markup
    role: str
    title: Markup
    address: str
    at: str
    how: str


def rosters(request: Request) -> Rosters:
    """Who is registered, by name."""
    return cast(Rosters, request.app.state.rosters)


async def show(request: Request) -> Response:
    """GET /console/activities/{activity}/roster?q=…&status=…"""
    activity, person = await mine(request, "read_roster")
    _, role = acting(request, "read_roster", school=activity["host"])
    words = " ".join(request.query_params.get("q", "").split())[:100]
    status = request.query_params.get("status", "")
    found = await rosters(request).of_activity(activity["id"])
    schools = {one["id"]: one for one in await queries(request).schools()}
    await rosters(request).note(person, role, activity["id"], "page")
    say = speech(request)
    lines = [_line(number, entry, schools, say) for number, entry in enumerate(found, start=1)]
    wanted = [one for one in lines if _fits(one, words, status)]
    counts = {name: sum(one.status == name for one in lines) for name in REGISTRATIONS}
    return page(
        request,
        "console/roster.html",
        frame(request, "console"),
        title=say.phrase(activity["title"]),
        when=dates.span(activity["starts_at"], activity["ends_at"], say.language),
        address=f"{CONSOLE}/{activity['id']}",
        lines=wanted[:MOST_SHOWN],
        found=len(wanted),
        words=words,
        statuses=tuple(
            Choice(name, f"{say.say(label)} ({counts[name]})", name == status)
            for name, label in REGISTRATIONS.items()
        ),
        total=len(lines),
    )


async def download(request: Request) -> Response:
    """GET /console/activities/{activity}/roster.csv: UTF-8 with a mark that spreadsheets know it by."""
    activity, person = await mine(request, "read_roster")
    _, role = acting(request, "read_roster", school=activity["host"])
    found = await rosters(request).of_activity(activity["id"])
    schools = {one["id"]: one for one in await queries(request).schools()}
    await rosters(request).note(person, role, activity["id"], "csv")
    headers = {
        "content-disposition": f'attachment; filename="roster-{activity["id"]}.csv"',
        "content-language": request.state.language,
    }
    body = as_csv(found, schools, speech(request))
    return Response(body.encode("utf-8-sig"), headers=headers, media_type="text/csv; charset=utf-8")


def as_csv(entries: list[Entry], schools: dict[str, School], speech: Speech) -> str:
    """A table with a line for each entry. What a spreadsheet would take for a formula is made plain text."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow([speech.say(column) for column in _COLUMNS])
    for number, entry in enumerate(entries, start=1):
        line = _line(number, entry, schools, speech)
        cells = (entry.name, entry.email, line.school, line.pool, line.status_words)
        place = "" if entry.place is None else str(entry.place)
        at = entry.registered_at.astimezone(dates.TAIPEI).strftime("%Y-%m-%d %H:%M:%S")
        table.writerow([number, *map(harmless, cells), place, at, entry.registration])
    return out.getvalue()


def harmless(cell: str) -> str:
    """The text, with a quote before what would begin a formula."""
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA) or cell.startswith(_FORMULA) else cell


async def show_views(request: Request) -> Response:
    """GET /console/roster-views: who looked at which roster."""
    acting(request, "list_roster_views")
    say, reading, looks = speech(request), queries(request), []
    schools = {one["id"]: one for one in await reading.schools()}
    ways = {"csv": say.gettext("File"), "api": "API"}
    for view in await rosters(request).views():
        title, address = await _seen(view, reading, schools, say)
        looks.append(
            Look(
                name=say.written(view.name or view.who),
                role=say.say(looked_as(view.role, view.sig)),
                title=title,
                address=address,
                at=dates.moment(view.at, say.language),
                how=ways.get(view.how) or say.gettext("Page"),
            )
        )
    return page(request, "console/roster_views.html", frame(request, "console"), looks=looks)


def looked_as(role: str, sig: str | None) -> str:
    """The word for the role in which somebody looked: whoever may with a SIG and is nothing else convenes it."""
    return CONVENOR if sig and role == "staff" else ROLES.get(role, role)


async def _seen(view: View, reading: Queries, schools: dict[str, School], say: Speech) -> tuple[Markup, str]:
    """What was looked at, and its page; nothing is left of some."""
    if school := schools.get(view.school or ""):
        return say.phrase(school["name"]), f"/schools/{school['id']}"
    if sig := await reading.sigs.one(view.sig or ""):
        return say.phrase(sig["title"]), f"/sigs/{sig['id']}"
    if activity := await reading.activity(view.activity):
        return say.phrase(activity["title"]), f"/activities/{view.activity}"
    return Markup("–"), ""


def _line(number: int, entry: Entry, schools: dict[str, School], speech: Speech) -> Line:
    school = schools.get(entry.school)
    return Line(
        number=number,
        name=speech.written(entry.name) if entry.name else Markup("–"),
        email=entry.email,
        school=speech.plain(school["name"]) if school else entry.school,
        pool=speech.say(POOLS.get(entry.pool, entry.pool)),
        status=entry.status,
        status_words=speech.say(REGISTRATIONS[entry.status]),
        place=entry.place,
        registered=dates.moment(entry.registered_at, speech.language),
    )


def _fits(line: Line, words: str, status: str) -> bool:
    if status and line.status != status:
        return False
    text = f"{line.name.striptags()} {line.email} {line.school}".casefold()
    return all(word in text for word in words.casefold().split())
