"""SIGs in a browser: proposed, supported by three schools, chartered, joined; convened; and looked at by everybody."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

Visit = Callable[..., Any]
WIDTHS = pytest.mark.parametrize(("language", "width"), [("zh-Hant", 390), ("en", 1440)])
ACTIVE = "/sigs/satoyama-carbon"

PAGES = {
    None: ("/sigs", ACTIVE, "/sigs/rural-education"),
    "ntu-staff-1": ("/sigs", "/sigs/new", ACTIVE, f"{ACTIVE}/join"),
    "ndhu-window": (f"{ACTIVE}/enrol-school",),
    "npust-host": (
        "/console/sigs/satoyama-carbon",
        ACTIVE,
        *(
            f"{ACTIVE}/{act}"
            for act in (
                "revise", "invite", "convenor", "hand-over", "link-meeting", "add-record", "submit-renewal", "close",
                "remove-record?record=r-handbook", "unlink-meeting?activity=sig-npust-2023", "end?person=npust-staff-1",
            )
        ),
    ),
    "center-1": ("/console/sigs", "/sigs/rural-education", "/sigs/rural-education/decline"),
}  # fmt: skip


@WIDTHS
@pytest.mark.parametrize("person", PAGES)
def test_the_pages_of_sigs_can_be_seen_by_whom_they_are_for(
    visit: Visit, person: str | None, language: str, width: int
) -> None:
    visitor = visit(language, width)
    if person:
        visitor.sign_in(person)
    for number, address in enumerate(PAGES[person]):
        answer = visitor.page.goto(address)
        assert (address, answer.status) == (address, 200)
        visitor.look(f"sigs-{person or 'anybody'}-{number}")


@WIDTHS
@pytest.mark.parametrize("javascript", [True, False])
def test_proposed_supported_by_three_chartered_and_joined(
    visit: Visit, language: str, width: int, javascript: bool
) -> None:
    if javascript == (width == 390):
        pytest.skip("each once is enough")
    proposer = visit(language, width, javascript=javascript).sign_in("pu-staff-1")
    page, english = proposer.page, language == "en"
    title = f"海洋議題社群 {uuid.uuid4().hex[:6]}"
    proposes(proposer, title)
    address = page.url

    for window in ("pu-window", "ntu-window", "ncnu-window"):
        supports(visit(language, width).sign_in(window).page, address)

    center = visit(language, width, javascript=javascript).sign_in("center-1")
    charters(center, title, address, english)

    member = visit(language, width, javascript=javascript).sign_in("ncku-staff-1")
    member.page.goto(address)
    member.page.locator("a.button", has_text="Ask to join" if english else "申請加入").click()
    member.page.click("form.form button.button")
    expect(member.page.locator(".state-words")).to_have_text(
        "You have asked to join; a convenor decides." if english else "您已申請加入，等待召集人核准。"
    )
    member.look("sigs-asked")

    page.goto(f"/console{address.partition('/sigs')[1]}{address.partition('/sigs')[2]}")
    page.locator("section[aria-labelledby=requested] a.button").first.click()
    page.click("form.form button.button")
    expect(page.locator("section[aria-labelledby=members] li")).to_have_count(2)
    proposer.look("sigs-convened")
    member.page.reload()
    expect(member.page.locator(".state-words")).to_have_text("You are a member." if english else "您是成員。")
    member.look("sigs-member")


def proposes(proposer: Any, title: str) -> None:
    """At first without a theme: then what was typed is still there."""
    page = proposer.page
    page.goto("/sigs/new")
    page.fill("#title_zh", title)
    page.click("form.form button.button")
    assert page.input_value("#title_zh") == title
    expect(page.locator("#theme")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#theme")).to_be_focused()
    proposer.look("sigs-propose-wrong")
    page.select_option("#theme", "environment")
    page.fill("#goals_zh", "讓沿海學校彼此觀摩。")
    page.fill("#scope_zh", "海岸與漁村。")
    page.check("input[name=joining][value=request]")
    page.click("form.form button.button")
    expect(page.locator("h1")).to_have_text(title)
    proposer.look("sigs-proposed")


def charters(center: Any, title: str, address: str, english: bool) -> None:
    """At first until a day that is over: then it says so and keeps it."""
    page = center.page
    page.goto("/console/sigs")
    page.locator("li", has_text=title).locator("a.button", has_text="Charter" if english else "核准").click()
    center.look("sigs-charter")
    page.fill("#until", "2020-01-01")
    page.click("form.form button.button")
    expect(page.locator(".alert").first).to_be_visible()
    assert page.input_value("#until") == "2020-01-01"
    page.goto(f"{address}/charter")
    page.click("form.form button.button")
    expect(page.locator(".badge").first).to_have_text("Active" if english else "運作中")


def test_by_keys_alone_one_joins_an_open_sig(visit: Visit) -> None:
    page = visit("en").sign_in("fju-staff-1").page
    page.goto(ACTIVE)
    page.locator("a.button", has_text="Join").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Join this SIG?")
    page.locator("form.form button.button").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".state-words")).to_have_text("You are a member.")
    feed = page.request.get("/calendars/sigs/satoyama-carbon.ics?lang=en")
    assert feed.status == 200
    assert feed.text().count("BEGIN:VEVENT") == 2


def test_nobody_else_convenes(visit: Visit) -> None:
    page = visit("en").sign_in("ntu-staff-1").page
    for address in (
        f"/console{ACTIVE}",
        f"{ACTIVE}/invite",
        f"{ACTIVE}/close",
        f"{ACTIVE}/charter",
        "/console/sigs",
    ):
        assert (address, page.goto(address).status) == (address, 403)


def supports(page: Page, address: str) -> None:
    page.goto(f"{address}/support")
    page.click("form.form button.button")
    expect(page).to_have_url(address)
