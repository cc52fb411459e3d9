"""A rush, as people at browsers see it: in line, and in when it is their turn, with what they had filled in."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from onemachine import demo
from onemachine.services import Settings
from onemachine.stack import Stack

EVERY_SECONDS = 6


@pytest.fixture(scope="module")
def demo_stack(new_stack: Callable[..., Stack], infrastructure: Stack) -> Stack:
    """One that lets somebody in every few seconds."""
    rate = {"GATEWAY_ADMISSIONS_PER_SECOND": str(1 / EVERY_SECONDS)}
    found = new_stack(Settings(more={"gateway": rate}))
    demo.load(found)
    return found


def fill_the_room(demo_stack: Stack, activity: str, people: list[str]) -> None:
    """Others who came before."""
    for person in people:
        with httpx.Client(base_url=f"{demo_stack.url}/api/v1") as other:
            assert other.post("/session", json={"person": person}).status_code == 200
            other.post(
                f"{activity}/registrations",
                json={"pool": "onsite"},
                headers={"Idempotency-Key": uuid.uuid4().hex},
            )


@pytest.mark.parametrize(
    ("language", "width", "javascript"), [("zh-Hant", 390, True), ("en", 1440, True), ("en", 390, False)]
)
def test_in_line_until_it_is_ones_turn(
    visit: Any, publish: Any, demo_stack: Stack, language: str, width: int, javascript: bool
) -> None:
    activity = publish(onsite=5)
    fill_the_room(demo_stack, activity, ["ncue-staff-1", "nchu-staff-2"])
    visitor = visit(language, width, javascript=javascript).sign_in("nchu-staff-1")
    page = visitor.page
    page.goto(activity)
    page.locator(".form button.button").click()
    expect(page).to_have_url(re.compile("/waiting-room$"))
    expect(page.locator("h1")).to_have_text(re.compile(r"第 \d 位|place \d"))
    visitor.look("waiting-room")
    if not javascript:
        # The page loads itself again, until there is a button instead.
        expect(page.locator("form[data-send-now]")).to_be_visible(timeout=60_000)
        visitor.look("waiting-room-turn")
        page.locator("form[data-send-now] button").click()
    expect(page).to_have_url(re.compile("/registrations/"), timeout=60_000)
    expect(page.locator(".outcome-confirmed")).to_be_visible()
