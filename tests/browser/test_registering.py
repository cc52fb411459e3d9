"""Registering, waiting, moving up and cancelling, as people do it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from onemachine.stack import Stack

Visit = Callable[..., Any]
Publish = Callable[..., str]

WORDS = {
    "zh-Hant": {
        "sign in": "登入並報名",
        "choose": "請選擇名額類別。",
        "online": "線上",
        "name": "姓名",
        "register": "報名",
        "seat": "報名成功",
        "mine": "我的",
        "cancel": "取消報名…",
        "sure": "是，取消報名",
        "cancelled": "報名已取消",
        "done": "已完成：報名已取消。",
        "undo": "復原：重新報名",
    },
    "en": {
        "sign in": "Sign in and register",
        "choose": "Choose which seat you want.",
        "online": "Online",
        "name": "Your name",
        "register": "Register",
        "seat": "You have a seat",
        "mine": "My page",
        "cancel": "Cancel the registration…",
        "sure": "Yes, cancel it",
        "cancelled": "The registration is cancelled",
        "done": "Done: the registration is cancelled.",
        "undo": "Undo: register again",
    },
}


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "nojs"])
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("language", ["zh-Hant", "en"])
def test_from_the_activity_to_a_seat_and_back(
    visit: Visit, publish: Publish, language: str, width: int, javascript: bool
) -> None:
    words = WORDS[language]
    visitor = visit(language, width, javascript=javascript)
    page = visitor.page

    page.goto(publish(onsite=3, online=5))
    visitor.look("activity-signed-out")
    page.get_by_role("link", name=words["sign in"]).click()
    visitor.look("sign-in")
    page.locator('button[value="ntu-staff-1"]').click()
    visitor.look("activity-form")

    page.get_by_role("button", name=words["register"], exact=True).click()
    expect(page.locator("#pool-error")).to_have_text(words["choose"])
    expect(page.locator("#pool")).to_be_focused()
    visitor.look("activity-errors")

    page.get_by_label(words["online"]).check()
    page.get_by_role("button", name=words["register"], exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words["seat"])
    visitor.look("registration-confirmed")

    page.get_by_role("link", name=words["mine"], exact=True).click()
    visitor.look("mine")
    page.locator(".card-title a").first.click()
    page.get_by_role("link", name=words["cancel"]).click()
    visitor.look("cancel")
    page.get_by_role("button", name=words["sure"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words["cancelled"])
    expect(page.get_by_role("status")).to_have_text(words["done"])
    visitor.look("registration-cancelled")

    page.get_by_role("button", name=words["undo"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words["seat"])


def test_registering_and_cancelling_by_keys_alone(visit: Visit, publish: Publish) -> None:
    page = visit("en").sign_in("nsysu-staff-1").page
    page.goto(publish(onsite=3, online=5))

    def tab_to(what: str) -> None:
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("what => document.activeElement.matches(what)", what):
                return
        raise AssertionError(f"no way to {what}")

    tab_to("#pool")
    page.keyboard.press("Space")
    tab_to("#register button")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("You have a seat")
    tab_to("a.button-warn")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Cancel this registration?")
    tab_to("button.button-danger")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("The registration is cancelled")


def test_the_next_one_waits_and_moves_up(visit: Visit, publish: Publish) -> None:
    address = publish(onsite=1, waiting_limit=1)
    first, second, third = (
        visit("en").sign_in(person) for person in ("nchu-staff-2", "ntu-staff-2", "nsysu-staff-1")
    )
    for visitor in (first, second, third):
        visitor.page.goto(address)
    for visitor in (first, second, third):  # the form of the third was loaded while there was a seat
        visitor.page.get_by_role("button", name="Register", exact=True).click()

    expect(first.page.locator("h1")).to_have_text("You have a seat")
    expect(second.page.locator("h1")).to_have_text("You are on the waiting list: place 1")
    second.look("registration-waiting")
    expect(third.page.get_by_role("alert")).to_contain_text("the waiting list is full as well")
    third.look("activity-full")

    first.page.get_by_role("link", name="Cancel the registration…").click()
    first.page.get_by_role("button", name="Yes, cancel it").click()
    expect(first.page.locator("h1")).to_have_text("The registration is cancelled")

    second.page.reload()
    expect(second.page.locator("h1")).to_have_text("You have a seat")
    expect(second.page.locator(".outcome")).to_contain_text("Somebody gave a seat back")


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "nojs"])
def test_a_form_sent_twice_is_one_registration(visit: Visit, publish: Publish, javascript: bool) -> None:
    visitor = visit("en", javascript=javascript).sign_in("ncku-staff-1")
    page = visitor.page
    page.goto(publish(onsite=2))

    other_tab = page.context.new_page()
    other_tab.goto(page.url)

    page.get_by_role("button", name="Register", exact=True).dblclick()
    expect(page.locator("h1")).to_have_text("You have a seat")
    seat = page.url
    other_tab.get_by_role("button", name="Register", exact=True).click()
    expect(other_tab.locator("h1")).to_have_text("You have a seat")
    assert other_tab.url == seat

    page.go_back()
    expect(page.locator("#register-title")).to_have_text("Your registration")


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "nojs"])
def test_a_registration_that_takes_long_is_shown_when_it_is_decided(
    visit: Visit, publish: Publish, demo_stack: Stack, javascript: bool
) -> None:
    visitor = visit("zh-Hant", 390, javascript=javascript).sign_in("fju-staff-1")
    page = visitor.page
    page.goto(publish(onsite=2))
    demo_stack.process("registration").kill9()
    try:
        page.get_by_role("button", name="報名", exact=True).click()
        expect(page.locator("h1")).to_have_text("已收到，處理中")
        visitor.look("registration-pending")
    finally:
        demo_stack.process("registration").start()
        demo_stack.wait_ready()

    expect(page.locator("h1")).to_have_text("報名成功", timeout=60_000)
    expect(page).to_have_title(re.compile("報名成功"))


def test_the_other_language_is_one_click_away_and_one_stays_where_one_was(
    visit: Visit, publish: Publish
) -> None:
    page = visit("zh-Hant").page
    address = publish(online=2)
    page.goto(address)

    page.get_by_role("button", name="English").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_have_text("Co-training: a day in a browser")
    assert page.url.endswith(address)
