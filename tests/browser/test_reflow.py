"""WCAG 1.4.10: at 320 px nothing is read by scrolling sideways, whatever schools and people are called."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from pymongo import MongoClient
from toys.waiting import eventually

from gateway.actions import Person
from gateway.people import Card, document_of
from onemachine.stack import Stack

Visit = Callable[..., Any]
LONG = "Wissenschaftsgemeinschaftsentwicklungszusammenarbeit" * 3
LONG_ZH = "永續發展" * 40
ADDRESS = f"https://{'w' * 60}.example/{'w' * 100}"
WIDTHS = [320, 390]


@dataclass(frozen=True)
class Long:
    """A school, one of its people and an activity that this person has a seat in: nobody's name has a space."""

    school: str
    person: str
    activity: str
    sig: str


@pytest.fixture(scope="module")
def long(demo_stack: Stack) -> Long:
    tail = secrets.token_hex(10)
    school, person, activity = f"s{tail}", f"p{tail}", f"a{'0' * 40}{tail}"
    card = Person(person, LONG[:100], f"{'w' * 60}@{'w' * 60}.example", "en", school, frozenset({"staff"}))
    with MongoClient[dict[str, Any]](demo_stack.store.uri_for("gateway")) as client:
        client["gateway"]["people"].insert_one(document_of(Card(card, 1, untold=True)))
    with signed_in(demo_stack, "center-1") as center:
        name = {"zh": LONG_ZH, "en": LONG}
        profile = {"county": "tainan", "ror": None, "moe_code": None, "website": ADDRESS}
        ask(center, "POST", "/schools", {"id": school, "name": name, **profile})
        ask(center, "PATCH", f"/schools/{school}", {"summary": name})
        ask(center, "PUT", f"/roles/{school}/{person}/window", {})
        ask(center, "PUT", f"/roles/{school}/{person}/host", {})
    with signed_in(demo_stack, person) as host:
        ask(host, "POST", "/activities", {"id": activity, **details(school)})
        ask(host, "POST", f"/activities/{activity}/publish", {})
        ask(host, "POST", f"/activities/{activity}/registrations", {"pool": "onsite"})
        token = {"name": LONG[:80], "scopes": ["read"], "days": 30}
        ask(host, "POST", "/me/tokens", token)
    return Long(school, person, activity, chartered(demo_stack, school, person, f"s{'0' * 40}{tail}"))


def chartered(stack: Stack, school: str, person: str, sig: str) -> str:
    """A SIG with words without a space, convened by the person, with somebody who asks to join and a record."""
    words = {"zh": LONG_ZH, "en": LONG}
    charter = {"title": words, "theme": "other", "goals": words, "scope": words, "joining": "request"}
    with signed_in(stack, person) as convenor:
        ask(convenor, "POST", "/sigs", {"id": sig, **charter})
        ask(convenor, "POST", f"/sigs/{sig}/supporters/{school}", {})
        for window in ("pu-window", "ntu-window"):
            with signed_in(stack, window) as other:
                ask(other, "POST", f"/sigs/{sig}/supporters/{window.removesuffix('-window')}", {})
        today = datetime.now(UTC).date()
        with signed_in(stack, "center-1") as center:
            ask(center, "POST", f"/sigs/{sig}/charter", {"until": str(today + timedelta(days=30))})
        with signed_in(stack, "pu-window") as other:
            ask(other, "POST", f"/sigs/{sig}/join", {})
        record = {"kind": "output", "title": words, "held_on": str(today), "link": ADDRESS, "text": words}
        ask(convenor, "POST", f"/sigs/{sig}/records", record)
        ask(convenor, "POST", f"/sigs/{sig}/renewal", {"statement": words})
    return sig


@pytest.fixture
def pages(visit: Visit, long: Long) -> Callable[..., Any]:
    """`pages(width, language, person)`: a page of somebody with a phone of this width."""

    def start(width: int, language: str, person: str | None) -> Any:
        visitor = visit(language, 390)
        if person:
            visitor.sign_in(person)
        visitor.page.set_viewport_size({"width": width, "height": 700})
        return visitor.page

    return start


def addresses(long: Long) -> dict[str | None, tuple[str, ...]]:
    """The main pages, by whom they are for."""
    activity, school = f"/activities/{long.activity}", f"/schools/{long.school}"
    console, desk = f"/console/activities/{long.activity}", f"/console/schools/{long.school}"
    return {
        None: (
            "/",
            "/activities",
            f"/activities?q={LONG[:90]}&school={long.school}&county=tainan&from=2026-01-01&kind=co_training",
            "/activities/calendar",
            f"/activities/calendar?month={next_month():%Y-%m}",
            "/activities/map",
            activity,
            "/schools",
            school,
            "/sigs",
            f"/sigs/{long.sig}",
            "/sign-in",
            f"/sign-in?with=school&q={LONG[:50]}",
            "/api",
            f"/{LONG}",
        ),
        long.person: (
            "/",
            activity,
            "/me",
            "/me/calendar",
            "/me/notices",
            "/me/sign-in",
            "/me/tokens",
            "/me/data",
            "/me/data/erase",
            "/console",
            "/console/activities",
            "/console/activities/new",
            console,
            *(f"{console}/{act}" for act in ("edit", "close", "cancel", "roster")),
            desk,
            f"{desk}/people",
            f"/console/roles?scope={long.school}",
            f"/console/roles/{long.school}/{long.person}/host/revoke",
            "/sigs/new",
            f"/console/sigs/{long.sig}",
            *(f"/sigs/{long.sig}{act}" for act in ("", "/revise", "/convenor", "/add-record", "/close")),
        ),
        "center-1": (
            "/console/schools",
            f"/console/schools?q={LONG[:90]}",
            "/console/schools/new",
            desk,
            *(f"{desk}/{act}" for act in ("rename", "suspend", "merge")),
            "/console/roster-views",
            f"/console/roles?scope={long.school}",
            "/console/sigs",
        ),
        "operator-1": ("/console/operator", "/console/erasures"),
    }


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["zh-Hant", "en"])
def test_no_page_scrolls_sideways_however_long_the_names_are(
    pages: Callable[..., Any], long: Long, language: str, width: int
) -> None:
    too_wide = {}
    for person, listed in addresses(long).items():
        page = pages(width, language, person)
        for address in listed:
            answer = page.goto(address)
            assert answer.status in (200, 404), (address, answer.status)
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
            if (wide := page.evaluate("document.scrollingElement.scrollWidth")) > width:
                too_wide[address] = (wide, page.evaluate(WIDEST))
    assert too_wide == {}


WIDEST = """() => [...document.querySelectorAll("body *")]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
    .slice(-1).map(one => one.outerHTML.slice(0, 200))"""
"""For whoever mends it: the innermost of what sticks out."""


@pytest.mark.parametrize("width", WIDTHS)
def test_a_registration_fits_with_its_number_and_code(
    pages: Callable[..., Any], long: Long, width: int
) -> None:
    page = pages(width, "en", long.person)
    page.goto("/me")
    page.locator(".card-title a").first.click()
    page.wait_for_url("**/registrations/*")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    page.goto(f"{page.url}/cancel")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_the_mails_that_were_caught_fit_a_phone(
    pages: Callable[..., Any], long: Long, demo_stack: Stack, width: int
) -> None:
    page = pages(width, "en", None)
    to = f"{'w' * 60}@{'w' * 60}.example"
    search = {"query": f"to:{to}"}
    eventually(lambda: httpx.get(f"{demo_stack.mails_url}/api/v1/search", params=search).json()["messages"])
    page.goto(f"{demo_stack.mails_url}/?to={to}")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    page.locator("td a").first.click()
    page.locator("pre").wait_for()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_the_roster_is_cards_on_a_phone_and_a_table_all_the_same(
    pages: Callable[..., Any], long: Long
) -> None:
    page = pages(390, "en", long.person)
    page.goto(f"/console/activities/{long.activity}/roster")
    row = page.get_by_role("table", name="Roster").get_by_role("row").nth(1)

    assert page.get_by_role("columnheader").count() == 6
    assert row.get_by_role("rowheader").count() == 1
    assert row.get_by_role("cell").count() == 5
    cells = [cell.bounding_box() for cell in row.get_by_role("cell").all()]
    assert {round(box["x"]) for box in cells} == {round(cells[0]["x"])}
    assert page.locator("td[data-column=Status]").first.evaluate(BEFORE) == '"Status" / ""'

    page.set_viewport_size({"width": 1440, "height": 900})
    cells = [cell.bounding_box() for cell in row.get_by_role("cell").all()]
    assert {round(box["y"]) for box in cells} == {round(cells[0]["y"])}


BEFORE = "one => getComputedStyle(one, '::before').content"


@contextmanager
def signed_in(stack: Stack, person: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{stack.url}/api/v1") as client:
        ask(client, "POST", "/session", {"person": person})
        yield client


def ask(client: httpx.Client, method: str, path: str, body: dict[str, Any]) -> None:
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    answer = client.request(method, path, json=body, headers=headers)
    assert answer.is_success, (path, answer.text)


def next_month() -> datetime:
    return (datetime.now(UTC).replace(day=15) + timedelta(days=30)).replace(microsecond=0)


def details(host: str) -> dict[str, Any]:
    words, at = {"zh": LONG_ZH, "en": LONG}, next_month()
    return {
        "kind": "co_training",
        "host": host,
        "title": words,
        "summary": words,
        "venue": words,
        "theme": "local_care",
        "county": "tainan",
        "sdgs": [1, 17],
        "starts_at": at.isoformat().replace("+00:00", "Z"),
        "ends_at": (at + timedelta(hours=3)).isoformat().replace("+00:00", "Z"),
        "pools": {"onsite": 5, "online": 5},
        "waiting_limit": 5,
    }
