"""The consoles: from the draft to the roster and the end, and who may see what; on a phone and on a desk."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from onemachine.stack import Stack

Visit = Callable[..., Any]
WIDTHS = pytest.mark.parametrize(("language", "width"), [("zh-Hant", 390), ("en", 1440)])

PAGES = {
    "nchu-host": ("/console", "/console/activities", "/console/activities/new"),
    "nchu-window": ("/console", "/console/schools/nchu", "/console/schools/nchu/people", "/console/roles"),
    "center-1": (
        "/console",
        "/console/schools",
        "/console/schools/new",
        "/console/schools/ncue",
        *(f"/console/schools/ncue/{act}" for act in ("rename", "suspend", "merge")),
        "/console/roster-views",
        "/console/roles?scope=nchu",
    ),
    "operator-1": ("/console", "/console/operator", "/console/roles"),
}


@WIDTHS
@pytest.mark.parametrize("person", PAGES)
def test_the_consoles_can_be_seen_by_whom_they_are_for(
    visit: Visit, person: str, language: str, width: int
) -> None:
    visitor = visit(language, width).sign_in(person)
    for number, address in enumerate(PAGES[person]):
        answer = visitor.page.goto(address)
        assert (address, answer.status) == (address, 200)
        visitor.look(f"console-{person}-{number}")


def test_the_consoles_are_for_nobody_else(visit: Visit) -> None:
    visitor = visit("en").sign_in("nchu-staff-1")
    for address in {address for addresses in PAGES.values() for address in addresses}:
        assert (address, visitor.page.goto(address).status) == (address, 403)


@WIDTHS
@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_draft_to_the_roster_to_the_end(
    visit: Visit, demo_stack: Stack, language: str, width: int, javascript: bool
) -> None:
    if javascript == (width == 390):
        pytest.skip("each once is enough")
    visitor = visit(language, width, javascript=javascript).sign_in("nchu-host")
    address = draft(visitor)
    put_out(visitor, address)
    for person in ("ccu-staff-1", "pu-staff-1"):
        register(demo_stack, address.rpartition("/")[2], person)
    change(visitor, address)
    look_at_roster(visitor, address)
    call_off(visitor, address, "已取消" if language == "zh-Hant" else "Cancelled")

    center = visit(language, width).sign_in("center-1")
    center.page.goto("/console/roster-views")
    expect(center.page.locator("tbody tr").first).to_contain_text("陳建宏")


def draft(visitor: Any) -> str:
    """Where it is found; first with a title alone."""
    page = visitor.page
    page.goto("/console/activities/new")
    title = f"主控台的活動 {uuid.uuid4().hex[:6]}"
    page.fill("#title_zh", title)
    page.click("form.form button.button")
    assert page.input_value("#title_zh") == title
    expect(page.locator("#kind")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#kind")).to_be_focused()
    visitor.look("console-draft-wrong")
    fill_in(page)
    expect(page.locator("h1")).to_have_text(title)
    visitor.look("console-drafted")
    return str(page.url)


def put_out(visitor: Any, address: str) -> None:
    visitor.page.goto(f"{address}/publish")
    visitor.look("console-publish")
    visitor.page.click("form.form button.button")
    expect(visitor.page).to_have_url(address)


def change(visitor: Any, address: str) -> None:
    page = visitor.page
    page.goto(f"{address}/edit")
    page.fill("#title_en", "A day at the console")
    visitor.look("console-edit")
    page.click("form.form button.button")
    expect(page.locator("body")).to_contain_text("A day at the console")


def look_at_roster(visitor: Any, address: str) -> None:
    page = visitor.page
    page.goto(f"{address}/roster")
    expect(page.locator("tbody tr")).to_have_count(2)
    visitor.look("console-roster")
    page.fill("#q", "怡君")
    page.click("form[role=search] button")
    expect(page.locator("tbody tr")).to_have_count(1)
    csv = page.request.get(f"{address}/roster.csv")
    assert csv.body().startswith(b"\xef\xbb\xbf")
    assert "鄭怡君" in csv.text()


def call_off(visitor: Any, address: str, cancelled: str) -> None:
    page = visitor.page
    page.goto(f"{address}/cancel")
    page.click("form.form button.button-danger")
    expect(page.locator("#reason")).to_have_attribute("aria-invalid", "true")
    page.fill("#reason", "颱風")
    page.check("#sure")
    visitor.look("console-cancel")
    page.click("form.form button.button-danger")
    expect(page.locator("dl")).to_contain_text("颱風")
    expect(page.locator("body")).to_contain_text(cancelled)


def test_another_host_sees_neither_the_draft_nor_the_roster(
    visit: Visit, publish: Callable[..., str]
) -> None:
    address = publish(onsite=3)
    other = visit("en").sign_in("pu-host").page
    for page in ("", "/edit", "/roster", "/roster.csv", "/close", "/cancel"):
        assert other.goto(f"/console{address}{page}").status == 403
    assert other.request.post(f"/console{address}/close", form={"key": "k"}).status == 403


def test_the_center_admits_describes_suspends_and_reinstates_a_school(visit: Visit) -> None:
    visitor = visit("zh-Hant", 390).sign_in("center-1")
    page, id = visitor.page, f"new-{uuid.uuid4().hex[:6]}"
    page.goto("/console/schools/new")
    page.fill("#id", "Not An Id")
    page.click("form.form button.button")
    expect(page.locator("#id")).to_be_focused()
    visitor.look("console-admit-wrong")
    page.fill("#id", id)
    page.fill("#name_zh", "新的大學")
    page.select_option("#county", "yilan")
    page.click("form.form button.button")
    expect(page.locator("h1")).to_have_text("新的大學")
    page.fill("#summary_zh", "我們在宜蘭。")
    page.fill("#website", "javascript:alert(1)")
    page.click("form.form button.button")
    expect(page.locator("#website")).to_have_attribute("aria-invalid", "true")
    assert page.input_value("#summary_zh") == "我們在宜蘭。"
    page.fill("#website", "https://new.example/")
    page.click("form.form button.button")
    expect(page.locator("#website")).not_to_have_attribute("aria-invalid", "true")
    page.goto(f"/console/schools/{id}/suspend")
    page.fill("#reason", "整修")
    page.click("form.form button.button-danger")
    expect(page.locator("main")).to_contain_text("整修")
    page.goto(f"/console/schools/{id}/reinstate")
    page.click("form.form button.button")
    expect(page.locator(".badge").first).to_have_text("參與中")


def test_a_window_grants_and_revokes_the_role_of_a_host(visit: Visit) -> None:
    visitor = visit("en", 1440).sign_in("nchu-window")
    page = visitor.page
    page.goto("/console/roles")
    page.fill("#person", "nchu-staff-2")
    page.select_option("#role", "host")
    page.fill("#starts_on", "2031-01-02")
    page.fill("#ends_on", "2031-01-01")
    page.click("form.form button.button")
    expect(page.locator("#ends_on")).to_be_focused()
    page.fill("#ends_on", "2031-12-31")
    page.click("form.form button.button")
    row = page.locator("section[aria-labelledby=held] li", has_text="Maria Santos")
    expect(row).to_contain_text("To come")
    visitor.look("console-roles-granted")
    row.locator("a").click()
    page.fill("#reason", "Another plan")
    page.click("form.form button.button-danger")
    expect(page.locator("section[aria-labelledby=acts] li").first).to_contain_text("Another plan")


def fill_in(page: Page) -> None:
    """What a draft needs besides its title; sent."""
    page.select_option("#kind", "workshop")
    page.fill("#summary_zh", "說明")
    page.fill("#starts_at", "2031-03-04T09:00")
    page.fill("#ends_at", "2031-03-04T12:00")
    page.fill("#seats_onsite", "1")
    page.click("form.form button.button")


def register(stack: Stack, activity: str, person: str) -> None:
    with httpx.Client(base_url=f"{stack.url}/api/v1") as somebody:
        assert somebody.post("/session", json={"person": person}).is_success
        key = {"Idempotency-Key": uuid.uuid4().hex}
        wish = {"pool": "onsite", "waiting_list": True}
        assert somebody.post(f"/activities/{activity}/registrations", json=wish, headers=key).is_success
