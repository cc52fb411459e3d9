"""What a page costs somebody who was never here: three requests, a hundred kilobytes, with nothing kept before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Request

Visit = Callable[..., Any]
MOST_BYTES = 100_000
REQUESTS = ["document", "script", "stylesheet"]
"""All three each time: what was kept is forgotten before each page."""
PAGES = {
    None: (
        "/",
        "/activities",
        "/activities?q=共培",
        "/activities/calendar",
        "/activities/map",
        "/activities/co-training-nchu",
        "/schools",
        "/schools/nchu",
        "/sign-in",
        "/sign-in?with=school",
        "/nowhere",
    ),
    "nchu-host": (
        "/",
        "/activities/co-training-nchu",
        "/me",
        "/me/calendar",
        "/me/notices",
        "/me/sign-in",
        "/me/tokens",
        "/me/data",
        "/console",
        "/console/activities",
        "/console/activities/new",
        "/console/activities/co-training-nchu/roster",
    ),
    "center-1": ("/console/schools", "/console/roles", "/console/roster-views"),
}


@pytest.mark.parametrize("person", PAGES)
def test_a_page_takes_three_requests_and_a_hundred_kilobytes(visit: Visit, person: str | None) -> None:
    """Seats as they change come when the page is complete, in a request that lasts; it is not counted."""
    visitor = visit("zh-Hant", 390)
    if person:
        visitor.sign_in(person)
    page = visitor.page
    asked: list[Request] = []

    def note(request: Request) -> None:
        asked.append(request)

    page.on("request", note)
    too_much = {}
    for address in PAGES[person]:
        page.goto("about:blank")  # whatever the page before still asks for ends here
        page.context.new_cdp_session(page).send("Network.clearBrowserCache")
        asked.clear()
        page.goto(address, wait_until="load")
        counted = [request for request in asked if request.resource_type != "eventsource"]
        weight = sum(
            len(request.response().body()) for request in counted if request.resource_type != "image"
        )
        if sorted(request.resource_type for request in counted) != REQUESTS or weight > MOST_BYTES:
            too_much[address] = (weight, [request.url for request in counted])
    assert too_much == {}
