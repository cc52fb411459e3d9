"""Every page that a link leads to: the browser finds nothing wrong with it, and nothing in it is inline."""

from __future__ import annotations

import re
from collections import deque
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

MOST_OF_A_KIND = 1
MOST = 45
LEFT_OUT = re.compile(r"\.(ics|csv|json|txt)$|^/sign-out|/events$|/export")
INLINE = (
    "[style], style, script:not([src]):not([type='application/json']), [onclick], [onload], [onsubmit], "
    "a[href^='javascript:']"
)
HREFS = "all => all.map(one => new URL(one.getAttribute('href'), location).href)"


def kind_of(path: str) -> str:
    """Pages of one kind differ in the id of what they show."""
    return re.sub(r"/[^/]*\d[^/]*", "/…", path)


def links(page: Page, origin: str) -> list[str]:
    found = page.eval_on_selector_all("a[href]", HREFS)
    return [one for one in found if one.startswith(origin + "/")]


@pytest.mark.parametrize("person", [None, "nchu-window", "nchu-host", "center-1", "operator-1"])
def test_no_page_makes_the_browser_complain(visit, person: str | None) -> None:  # type: ignore[no-untyped-def]
    visitor = visit("zh-Hant")
    if person:
        visitor.sign_in(person)
    page = visitor.page
    page.goto("/")
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    waiting, seen, kinds = deque(["/", "/console", "/me", "/api"]), set[str](), dict[str, int]()
    while waiting and len(seen) < MOST:
        address = waiting.popleft()
        path = urlsplit(address).path
        kind = kind_of(path)
        if address in seen or LEFT_OUT.search(path) or kinds.get(kind, 0) >= MOST_OF_A_KIND:
            continue
        seen.add(address)
        kinds[kind] = kinds.get(kind, 0) + 1
        answer = page.goto(address)
        assert answer is not None
        assert answer.status < 500, address
        assert answer.headers["content-security-policy"].startswith("default-src 'none';"), address
        assert page.locator(INLINE).evaluate_all("all => all.map(one => one.outerHTML)") == [], address
        waiting.extend(one.removeprefix(origin).partition("#")[0] for one in links(page, origin))
    assert len(seen) >= 10
