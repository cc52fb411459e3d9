"""My page, seen and used: the code at the door, calendar, consents, tokens, data and erasure."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from pymongo import MongoClient

from gateway.actions import Person
from gateway.people import Card, document_of
from onemachine.stack import Stack

Visit = Callable[..., Any]

WORDS = {
    "zh-Hant": {
        "make": "建立網址",
        "save": "儲存",
        "photos": re.compile("活動照片與影片"),
        "token": "建立權杖",
        "revoke": re.compile("撤銷"),
        "export": "申請匯出",
        "download": "下載（JSON）",
        "sure": re.compile("我確定"),
        "erase": "刪除我的資料",
        "erased": "您的資料已刪除",
    },
    "en": {
        "make": "Make an address",
        "save": "Save",
        "photos": re.compile("Photos and films"),
        "token": "Make the token",
        "revoke": re.compile("Revoke"),
        "export": "Ask for an export",
        "download": "Download (JSON)",
        "sure": re.compile("I am sure"),
        "erase": "Erase my data",
        "erased": "Your data are erased",
    },
}


@pytest.fixture
def newcomer(demo_stack: Stack) -> str:
    """Somebody whom no other test needs: at the end they are erased."""
    tail = secrets.token_hex(10)
    person = Person(
        f"p{tail}", f"林 {tail[:4]}", f"{tail}@ncku.example", "zh-Hant", "ncku", frozenset({"staff"})
    )
    with MongoClient[dict[str, Any]](demo_stack.store.uri_for("gateway")) as client:
        client["gateway"]["people"].insert_one(document_of(Card(person, 1, untold=True)))
    return person.id


def button(visitor: Any, name: str) -> Any:
    return visitor.page.get_by_role("button", name=WORDS[visitor.language][name])


def register(visitor: Any, address: str) -> None:
    visitor.page.goto(address)
    visitor.page.locator("form.form button").last.click()
    expect(visitor.page.locator(".outcome-confirmed")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("language", ["zh-Hant", "en"])
def test_ones_own_data(
    visit: Visit, publish: Callable[..., str], newcomer: str, language: str, width: int
) -> None:
    visitor = visit(language, width).sign_in(newcomer)
    register(visitor, publish(onsite=5))
    expect(visitor.page.locator("svg.qr")).to_be_visible()
    visitor.look("my-code")
    visitor.page.goto("/me")
    visitor.look("my-registrations")
    have_a_calendar(visitor)
    agree(visitor)
    have_a_token(visitor)
    take_away(visitor)
    leave(visitor)


def have_a_calendar(visitor: Any) -> None:
    page = visitor.page
    page.goto("/me/calendar")
    visitor.look("my-calendar-none")
    button(visitor, "make").click()
    address = page.locator("#address").input_value()
    assert "BEGIN:VEVENT" in page.request.get(address).text()
    visitor.look("my-calendar")


def agree(visitor: Any) -> None:
    photos = visitor.page.get_by_label(WORDS[visitor.language]["photos"])
    visitor.page.goto("/me/notices")
    photos.check()
    button(visitor, "save").click()
    expect(photos).to_be_checked()
    visitor.look("my-notices")


def have_a_token(visitor: Any) -> None:
    page = visitor.page
    page.goto("/me/tokens")
    button(visitor, "token").click()
    expect(page.locator("#name")).to_be_focused()
    visitor.look("my-tokens-wrong")
    page.locator("#name").fill("試算表 spreadsheet")
    button(visitor, "token").click()
    assert page.locator("#secret").input_value().startswith("gx_")
    visitor.look("my-tokens")
    button(visitor, "revoke").click()
    expect(page.locator(".row")).to_have_count(0)


def take_away(visitor: Any) -> None:
    page = visitor.page
    page.goto("/me/data")
    visitor.look("my-data-none")
    button(visitor, "export").click()
    with page.expect_download() as download:
        page.get_by_role("link", name=WORDS[visitor.language]["download"]).click()
    assert json.loads(download.value.path().read_text("utf-8"))["format"] == "gongxue.personal-data.v1"
    visitor.look("my-data")


def leave(visitor: Any) -> None:
    page, words = visitor.page, WORDS[visitor.language]
    page.goto("/me/data/erase")
    button(visitor, "erase").click()
    visitor.look("erase")
    page.get_by_label(words["sure"]).check()
    button(visitor, "erase").click()
    visitor.look("erasure-begun")
    expect(page.get_by_role("heading", name=words["erased"])).to_be_visible(timeout=90_000)
    visitor.look("erasure-done")
    page.goto("/me")
    expect(page).to_have_url(re.compile("/sign-in"))


def test_without_javascript(visit: Visit, publish: Callable[..., str], newcomer: str) -> None:
    visitor = visit("zh-Hant", 390, javascript=False).sign_in(newcomer)
    page = visitor.page
    register(visitor, publish(onsite=5))
    visitor.look("my-code")
    page.goto("/me/calendar")
    button(visitor, "make").click()
    expect(page.locator("#address")).to_be_visible()
    page.goto("/me/data/erase")
    page.get_by_label(WORDS["zh-Hant"]["sure"]).check()
    button(visitor, "erase").click()
    expect(page.get_by_role("heading", name=WORDS["zh-Hant"]["erased"])).to_be_visible(timeout=60_000)


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("language", ["zh-Hant", "en"])
def test_operators_see_how_far_erasures_are(visit: Visit, newcomer: str, language: str, width: int) -> None:
    leaving = visit(language, width).sign_in(newcomer)
    leaving.page.goto("/me/sign-in")
    leaving.look("my-sign-in")
    leaving.page.goto("/me/data/erase")
    leaving.page.get_by_label(WORDS[language]["sure"]).check()
    button(leaving, "erase").click()

    operator = visit(language, width).sign_in("operator-1")
    operator.page.goto("/console/erasures")
    expect(operator.page.locator(".row").first).to_be_visible()
    operator.look("erasures")
