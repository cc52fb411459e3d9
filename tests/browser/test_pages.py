"""Every other page, in both languages, on a phone and on a desk: seen, and checked against WCAG 2.2 AA."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

Visit = Callable[..., Any]

PAGES = {
    "home": "/",
    "activities": "/activities",
    "activities-past": "/activities?when=past",
    "activities-found": "/activities?q=共培&kind=co_training&county=tainan&around=yes&sdg=3&seats=left",
    "activities-none": "/activities?kind=observation_visit&county=keelung",
    "calendar": "/activities/calendar",
    "map": "/activities/map",
    "activity-cancelled": "/activities/forum-hwai-cancelled",
    "activity-closed": "/activities/satoyama-visit",
    "activity-over": "/activities/co-training-pu-2023",
    "activity-sold-out": "/activities/full-workshop",
    "schools": "/schools",
    "school": "/schools/nchu",
    "not-found": "/nowhere",
}


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("language", ["zh-Hant", "en"])
def test_the_pages_for_everybody(visit: Visit, language: str, width: int) -> None:
    visitor = visit(language, width)
    for name, address in PAGES.items():
        visitor.page.goto(address)
        visitor.look(name)


def test_there_is_contrast_by_night(visit: Visit) -> None:
    visitor = visit("zh-Hant").sign_in("nqu-staff-1")
    visitor.page.emulate_media(color_scheme="dark")
    for name, address in {
        **PAGES,
        "activity-form": "/activities/co-training-nchu",
        "mine-none": "/me",
        "home-somebody": "/",
    }.items():
        visitor.page.goto(address)
        visitor.look(f"{name}-dark")


def test_the_keyboard_comes_to_the_content_first(visit: Visit) -> None:
    page = visit("en").page
    page.goto("/")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_what_can_be_pressed_is_large_enough(visit: Visit) -> None:
    visitor = visit("zh-Hant", 390).sign_in("nqu-staff-1")
    for address in (
        "/",
        "/activities?kind=forum",
        "/activities/map",
        "/activities/co-training-nchu",
        "/schools",
        "/me",
    ):
        visitor.page.goto(address)
        sizes = visitor.page.eval_on_selector_all(
            "button, a.button, .chips a, .top-nav a, label.choice, .crumbs a, .bottom a, .tile, .table a, .views a",
            "all => all.map(one => [one.textContent.trim(), one.getBoundingClientRect().toJSON()])",
        )
        assert [words for words, box in sizes if box["width"] < 24 or box["height"] < 24] == []
