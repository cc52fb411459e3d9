"""Finding an activity, as people do it: by words, by filters, in a month, on a map; on a phone, with keys only."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

Visit = Callable[..., Any]
Publish = Callable[..., str]

WORDS = {
    "zh-Hant": {
        "search": "搜尋",
        "filters": "所有篩選條件",
        "show": "顯示結果",
        "forum": "論壇",
        "away": "移除： 論壇",
        "map": "地圖",
        "calendar": "月曆",
        "tainan": "臺南市",
        "on the map": re.compile("臺南市：\\d+ 個活動"),
        "sign in": "登入並報名",
        "register": "報名",
        "seat": "報名成功",
    },
    "en": {
        "search": "Search",
        "filters": "All filters",
        "show": "Show",
        "forum": "Forum",
        "away": "Take away: Forum",
        "map": "Map",
        "calendar": "Calendar",
        "tainan": "Tainan",
        "on the map": re.compile("Tainan: \\d+ activit"),
        "sign in": "Sign in and register",
        "register": "Register",
        "seat": "You have a seat",
    },
}


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "nojs"])
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("language", ["zh-Hant", "en"])
def test_words_filters_chips_and_views(visit: Visit, language: str, width: int, javascript: bool) -> None:
    words = WORDS[language]
    visitor = visit(language, width, javascript=javascript)
    page: Page = visitor.page

    page.goto("/activities")
    page.locator("#q").fill("台南共培")
    page.get_by_role("button", name=words["search"]).click()
    expect(page.locator(".card-title a")).to_have_attribute("href", "/activities/co-training-ncku")

    page.locator("#q").fill("")
    page.get_by_text(words["filters"], exact=True).click()
    page.get_by_role("checkbox", name=words["forum"]).check()
    page.locator("#county").select_option("chiayi-county")
    visitor.look("filters-open")
    page.get_by_role("button", name=words["show"], exact=True).click()
    expect(page.locator(".chips-on li")).to_have_count(3)
    expect(page.locator(".card-title a")).to_have_attribute("href", "/activities/online-forum-ccu")
    if javascript:
        assert page.url.endswith("/activities?kind=forum&county=chiayi-county")

    page.get_by_role("link", name=words["away"]).click()
    assert page.url.endswith("/activities?county=chiayi-county")
    page.get_by_role("link", name=words["calendar"], exact=True).click()
    assert page.url.endswith("/activities/calendar?county=chiayi-county")
    visitor.look("calendar-filtered")
    page.get_by_role("link", name=words["map"], exact=True).click()
    page.get_by_role("table").get_by_role("link", name=words["tainan"]).click()
    assert page.url.endswith("/activities?county=tainan")
    expect(page.locator(".card-title a").first).to_be_visible()


@pytest.mark.parametrize("language", ["zh-Hant", "en"])
def test_a_newcomer_with_a_phone_has_a_seat_near_tainan_next_month_after_six_taps(
    visit: Visit, publish: Publish, language: str
) -> None:
    words = WORDS[language]
    address = publish(details={"county": "tainan", **_next_month()}, onsite=9)
    page: Page = visit(language, 390).page
    taps = 0

    def tap(what: Any) -> None:
        nonlocal taps
        taps += 1
        what.click()

    page.goto("/")
    tap(page.get_by_role("link", name=words["on the map"]))
    tap(page.locator(f'.card-title a[href="{address}"]'))
    tap(page.get_by_role("link", name=words["sign in"]))
    tap(page.locator('button[value="ntou-staff-1"]'))
    tap(page.get_by_role("button", name=words["register"], exact=True))

    expect(page.get_by_role("heading", level=1)).to_have_text(words["seat"])
    assert taps <= 6


@pytest.mark.parametrize("language", ["zh-Hant", "en"])
def test_who_is_signed_in_narrows_down_by_taps_and_has_a_seat_after_six(
    visit: Visit, publish: Publish, language: str
) -> None:
    words, address = (
        WORDS[language],
        publish(details={"county": "tainan", **_next_month()}, onsite=9, online=9),
    )
    page: Page = visit(language, 390).sign_in("fju-staff-1").page
    taps = 0

    def tap(what: Any) -> None:
        nonlocal taps
        taps += 1
        what.click()

    page.goto("/")
    tap(page.get_by_role("link", name=words["on the map"]))
    tap(page.get_by_role("link", name={"zh-Hant": "共培", "en": "Co-training"}[language], exact=True))
    tap(page.get_by_role("link", name={"zh-Hant": "下個月", "en": "Next month"}[language], exact=True))
    tap(page.locator(f'.card-title a[href="{address}"]'))
    tap(page.locator('input[name="pool"][value="onsite"]'))
    tap(page.get_by_role("button", name=words["register"], exact=True))

    expect(page.get_by_role("heading", level=1)).to_have_text(words["seat"])
    assert taps <= 6


def test_a_month_goes_by_keys_alone(visit: Visit, publish: Publish) -> None:
    address = publish(details=_at(datetime(2031, 5, 15, 1, tzinfo=UTC)), onsite=9)
    page: Page = visit("en").page
    page.goto("/activities/calendar?month=2031-05")
    day = page.locator("td:focus .day-number [aria-hidden], td:focus > span.day-number")

    page.locator("td[tabindex='0']").focus()
    expect(day).to_have_text("1")
    for key in (
        "ArrowDown",
        "ArrowDown",
        "ArrowRight",
        "ArrowLeft",
        "End",
        "Home",
        "ArrowUp",
        "ArrowUp",
        "ArrowUp",
    ):
        page.keyboard.press(key)
    # 1 → 15, forth and back; the week of 15 May 2031, a Thursday, is 12 to 18; from 12 up to 5, and no further.
    expect(day).to_have_text("5")
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    expect(day).to_have_text("15")
    page.keyboard.press("Enter")
    expect(page.locator(".card-title a")).to_have_attribute("href", address)

    page.go_back()
    page.locator("td[tabindex='0']").focus()
    page.keyboard.press("PageDown")
    expect(page.get_by_role("heading", level=2)).to_have_text("June 2031")
    page.locator("td[tabindex='0']").focus()
    page.keyboard.press("PageUp")
    expect(page.get_by_role("heading", level=2)).to_have_text("May 2031")


def test_everything_on_the_way_to_a_list_is_done_by_keys(visit: Visit) -> None:
    page: Page = visit("en").page
    page.goto("/")

    page.locator("#q").focus()
    page.keyboard.type("forum")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Activities")
    page.get_by_text("All filters", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("checkbox", name="Online").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/activities?q=forum&online=yes")
    page.get_by_role("link", name="Take away: Online").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/activities?q=forum")


def test_seats_change_while_somebody_looks(visit: Visit, publish: Publish) -> None:
    address = publish(onsite=2)
    looker, taker = visit("en"), visit("en").sign_in("ndhu-staff-1")
    looker.page.goto(address)
    expect(looker.page.locator(".seats-words")).to_have_text("2 seats left of 2")

    taker.page.goto(address)
    taker.page.get_by_role("button", name="Register", exact=True).click()
    expect(taker.page.locator("h1")).to_have_text("You have a seat")

    expect(looker.page.locator(".seats-words")).to_have_text("1 seat left of 2")
    expect(looker.page.locator(".seats-bar-taken")).to_have_attribute("width", "50")


def _next_month() -> dict[str, str]:
    taipei = datetime.now(ZoneInfo("Asia/Taipei"))
    first = (taipei.replace(day=1, hour=10, minute=0, second=0, microsecond=0) + timedelta(days=32)).replace(
        day=1
    )
    return _at(first + timedelta(days=14))


def _at(starts_at: datetime) -> dict[str, str]:
    def written(when: datetime) -> str:
        return when.astimezone(UTC).isoformat().replace("+00:00", "Z")

    return {"starts_at": written(starts_at), "ends_at": written(starts_at + timedelta(hours=3))}
