"""Choosing one's school: the first step of signing in. The one that was chosen last comes first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from gateway.identity.arriving import door_of
from gateway.identity.attempts import Start
from gateway.identity.throttling import client_of
from gateway.problems import Problem
from gateway.read_model.documents import School
from gateway.serving import cookies
from gateway.web.asking import frame, page, queries, signed_in, speech, within
from gateway.web.speech import Speech, mark

CENTER = "center"
CENTER_NAME = {"zh": "USR 推動中心", "en": "USR Promotion Center"}
LAST_SCHOOL_SECONDS = 365 * 24 * 3600
LONGEST_SEARCH = 60

_NOTHING = mark("No school is called like this.")


@dataclass(frozen=True, slots=True)
class Choice:
    """A school to choose."""

    address: str
    name: Markup
    other: Markup | None


def last_school_cookie(secure: bool) -> str:
    """Which school was chosen last in this browser; whoever changes it only sees another school first."""
    return "__Host-school" if secure else "school"


def remember_school(request: Request, response: Response, school: str) -> None:
    """Show this school first the next time."""
    name = last_school_cookie(request.app.state.settings.secure)
    cookies.keep(request, response, name, school, LAST_SCHOOL_SECONDS)


async def choose_school(request: Request, back: str, *, linking: bool) -> Response:
    """The page with all schools, or those that a search finds."""
    search = " ".join(request.query_params.get("q", "").split())[:LONGEST_SEARCH]
    words, say = search.casefold(), speech(request)
    set_up = await door_of(request).providers.set_up()
    found = [one for one in await _schools(request) if _matches(one, words)]
    ready = [_choice(one, back, linking, say) for one in found if one["id"] in set_up]
    not_yet = [_choice(one, back, linking, say) for one in found if one["id"] not in set_up]
    last = request.cookies.get(last_school_cookie(request.app.state.settings.secure))
    first = next((one for one in found if one["id"] == last and last in set_up), None)
    return page(
        request,
        "choose_school.html",
        frame(request, "sign-in", "/sign-in"),
        search=search,
        return_to=back,
        linking=linking,
        last=_choice(first, back, linking, say) if first and not search else None,
        ready=ready,
        not_yet=not_yet,
        nothing=say.say(_NOTHING),
    )


def wanted(request: Request, school: School, asked: Mapping[str, object]) -> Start:
    """What this browser wants there: to sign in, or to link another account to the one it is signed in to.

    Raises SignInFirst.
    """
    person = session = None
    if asked.get("link") == "1":
        person, session = signed_in(request).id, request.state.session_id
    return Start(school["id"], within(asked.get("return")), client_of(request), person, session)


async def school_named(request: Request, school: str) -> School:
    """The school that takes part, or the Center. Raises Problem: unknown_school, school_not_open."""
    for one in [_center(), *await queries(request).schools()]:
        if one["id"] == school:
            if one["status"] != "admitted":
                raise Problem("school_not_open")
            return one
    raise Problem("unknown_school")


async def _schools(request: Request) -> list[School]:
    """Those that take part, in the order of their names, the Center first."""
    say = speech(request)
    schools = [one for one in await queries(request).schools() if one["status"] == "admitted"]
    return [_center(), *sorted(schools, key=lambda one: say.plain(one["name"]))]


def _center() -> School:
    return {
        "id": CENTER,
        "name": {"zh": CENTER_NAME["zh"], "en": CENTER_NAME["en"]},
        "summary": {"zh": "", "en": ""},
        "county": "",
        "ror": None,
        "moe_code": None,
        "website": None,
        "status": "admitted",
        "reason": None,
        "merged_into": None,
        "former_names": [],
    }


def _matches(school: School, words: str) -> bool:
    name = school["name"]
    return not words or any(words in one.casefold() for one in (name["zh"], name["en"], school["id"]))


def _choice(school: School, back: str, linking: bool, say: Speech) -> Choice:
    asked = {"return": back} if back != "/" else {}
    if linking:
        asked["link"] = "1"
    address = f"/sign-in/{school['id']}"
    return Choice(
        address=f"{address}?{urlencode(asked)}" if asked else address,
        name=say.phrase(school["name"]),
        other=say.other(school["name"]),
    )
