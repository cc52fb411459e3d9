"""A real Chromium in front of a whole Gongxue, and activities made for one test each."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from onemachine.stack import Stack

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PHONE, DESKTOP = 390, 1440
HEIGHTS = {PHONE: 844, DESKTOP: 900}
SQUEEZED = """[...document.querySelectorAll("body *")].flatMap((element) => [...element.childNodes])
  .filter((node) => node.nodeType === 3 && node.data.trim().length > 3 && node.parentElement.checkVisibility())
  .filter((node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    const { width, height } = range.getBoundingClientRect();
    return width > 1 && height > 5 * width;
  })
  .map((node) => node.parentElement.outerHTML)"""
"""Words that stand a letter a line."""
HOST = "nchu-host"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium. Skipped where there is none.

    Ended with the module: as long as Playwright is there its event loop counts as running, and no other test could
    run one.
    """
    if CHROMIUM is None:
        if os.environ.get("CI"):
            raise FileNotFoundError("chromium")
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, demo_stack: Stack) -> Iterator[Callable[..., Visitor]]:
    """`visit(language, width, javascript=True)`: somebody with a browser of their own.

    Whatever a page complains about in the browser's console fails the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def start(language: str = "zh-Hant", width: int = DESKTOP, *, javascript: bool = True) -> Visitor:
        context = chromium.new_context(
            base_url=demo_stack.url,
            locale={"zh-Hant": "zh-TW", "en": "en-GB"}[language],
            viewport={"width": width, "height": HEIGHTS[width]},
            java_script_enabled=javascript,
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if _is_complaint(said) else None)
        return Visitor(page, language, width, javascript)

    yield start
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def publish(demo_stack: Stack) -> Callable[..., str]:
    """`publish(onsite=1)`: a new activity with these seats, taken by nobody; the address of its page.

    `details` are what shall be otherwise than of the other activities of tests.
    """

    def start(waiting_limit: int = 2, details: dict[str, Any] | None = None, **pools: int) -> str:
        with httpx.Client(base_url=f"{demo_stack.url}/api/v1") as host:
            activity = f"browser-{uuid.uuid4().hex[:10]}"
            _ask(host, "/session", {"person": HOST})
            _ask(host, "/activities", {"id": activity, **_details(waiting_limit, pools), **(details or {})})
            _ask(host, f"/activities/{activity}/publish", None)
        return f"/activities/{activity}"

    return start


@dataclass
class Visitor:
    """A person at a browser."""

    page: Page
    language: str
    width: int
    javascript: bool

    def sign_in(self, person: str) -> Visitor:
        """Be this demo person."""
        self.page.goto("/sign-in")
        self.page.locator(f'button[value="{person}"]').click()
        return self

    def look(self, name: str) -> None:
        """Keep a picture; the page must fit the window, and axe must find nothing against WCAG 2.2 AA."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        script = "js" if self.javascript else "nojs"
        picture = SCREENSHOTS / f"{name}.{self.language}.{self.width}.{script}.png"
        self.page.screenshot(path=picture, full_page=True)
        if not self.javascript:
            return
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.width
        assert self.page.evaluate(SQUEEZED) == []
        found = Axe().run(self.page, options={"runOnly": {"type": "tag", "values": RULES}}).response
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []


def _is_complaint(said: Any) -> bool:
    """Answers of status 4xx are part of the tests; all else that is an error or a warning is not."""
    return said.type in ("error", "warning") and "Failed to load resource" not in said.text


def _details(waiting_limit: int, pools: dict[str, int]) -> dict[str, Any]:
    starts_at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
    return {
        "kind": "co_training",
        "host": "nchu",
        "title": {"zh": "共同培力：瀏覽器裡的一天", "en": "Co-training: a day in a browser"},
        "summary": {"zh": "從報名到取消。", "en": "From registering to cancelling."},
        "venue": {"zh": "國立中興大學", "en": "National Chung Hsing University"},
        "theme": "local_care",
        "starts_at": starts_at.isoformat().replace("+00:00", "Z"),
        "ends_at": (starts_at + timedelta(hours=3)).isoformat().replace("+00:00", "Z"),
        "pools": pools,
        "waiting_limit": waiting_limit,
    }


def _ask(host: httpx.Client, path: str, body: dict[str, Any] | None) -> None:
    answer = host.post(path, json=body or {}, headers={"Idempotency-Key": uuid.uuid4().hex})
    assert answer.is_success, answer.text
