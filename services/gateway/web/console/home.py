"""The front page of the consoles: what one may do here, by role."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from gateway.access.permissions import possible, refusal
from gateway.actions import Person
from gateway.web.asking import frame, page, signed_in, speech
from gateway.web.speech import mark


@dataclass(frozen=True, slots=True)
class Card:
    """A way into a part of the console."""

    address: str
    title: str
    words: str


_CARDS = (
    (
        "draft_activity",
        "/console/activities",
        mark("Activities"),
        mark("Draft, publish and change activities; see who comes."),
    ),
    (
        "describe_school",
        "/console/school",
        mark("The school’s page"),
        mark("What the school says of itself: words, county, website."),
    ),
    (
        "list_school_people",
        "/console/people",
        mark("Our people"),
        mark("Who of the school has registered for what."),
    ),
    (
        "admit_school",
        "/console/schools",
        mark("All schools"),
        mark("Admit, describe, suspend, rename and merge schools."),
    ),
    (
        "support_sig",
        "/sigs",
        mark("Proposals of SIGs"),
        mark("SIGs that seek the support of three schools."),
    ),
    (
        "charter_sig",
        "/console/sigs",
        mark("SIGs"),
        mark("Proposals and renewals that wait for a decision."),
    ),
    (
        "list_roles",
        "/console/roles",
        mark("Roles"),
        mark("Who may do what, from when to when, and who said so."),
    ),
    (
        "list_roster_views",
        "/console/roster-views",
        mark("Who looked at rosters"),
        mark("Every look at a list of names is written down."),
    ),
    (
        "read_health",
        "/console/operator",
        mark("Operation"),
        mark("Whether all services answer, what waits, and how old the pages are."),
    ),
    (
        "list_erasures",
        "/console/erasures",
        mark("Erasures"),
        mark("Who asked to be forgotten, and how far that is."),
    ),
)


async def show(request: Request) -> Response:
    """GET /console"""
    person = signed_in(request)
    cards = tuple(_cards(request, person))
    if not cards:
        raise refusal(person)
    return page(request, "console/home.html", frame(request, "console"), cards=cards)


def _cards(request: Request, person: Person) -> list[Card]:
    say = speech(request).say
    return [
        Card(address, say(title), say(words))
        for action, address, title, words in _CARDS
        if possible(person, action)
    ]
