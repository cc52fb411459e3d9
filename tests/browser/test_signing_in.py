"""Signing in with a school's account and by a mailed link, as people see it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from identity.real_provider import client, real_provider
from playwright.sync_api import expect
from toys.waiting import eventually

from onemachine.stack import Stack

from .conftest import DESKTOP, PHONE, Visitor

SECRET = "a secret of forty characters, for tests only"
WORDS = {
    "en": {
        "own": "Or sign in with your school’s account",
        "welcome": "Welcome",
        "on": "Go on",
        "out": "Sign out",
        "mail": "Mail me a link",
        "in": "Sign in now",
        "sent": "Look into your mail",
    },
    "zh-Hant": {
        "own": "或用學校的帳號登入",
        "welcome": "歡迎",
        "on": "繼續",
        "out": "登出",
        "mail": "寄登入連結給我",
        "in": "現在登入",
        "sent": "請查看您的信箱",
    },
}


@pytest.fixture(scope="module")
def schools(demo_stack: Stack) -> Iterator[dict[str, str]]:
    """One school with a provider, one whose people get links: names on the pages, by language."""
    with real_provider(client(demo_stack.url, "nchu", "gongxue", SECRET)) as provider:
        by_provider = {"issuer": provider.issuer, "client_id": "gongxue", "client_secret": SECRET}
        _set(demo_stack, "nchu-window", "nchu", {**by_provider, "mail_domains": []})
        _set(demo_stack, "ncue-window", "ncue", {"issuer": None, "mail_domains": ["ncue.edu.tw"]})
        yield {"zh-Hant": "國立中興大學", "en": "National Chung Hsing University"}


@pytest.mark.parametrize(("language", "width"), [("zh-Hant", PHONE), ("en", DESKTOP)])
def test_with_the_schools_account(
    visit: Callable[..., Visitor], schools: dict[str, str], language: str, width: int
) -> None:
    somebody, words = visit(language, width), WORDS[language]
    page = somebody.page
    page.goto("/sign-in?return=/schools")
    page.get_by_role("link", name=words["own"]).click()
    somebody.look("sign-in-choose-school")
    page.get_by_role("searchbox").fill("nchu")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name=schools[language], exact=True).first.click()
    login = f"e{uuid.uuid4().hex[:8]}"
    page.locator('input[name="login"]').fill(login)
    page.locator('input[name="password"]').fill("x")
    page.locator('button[type="submit"]').click()
    page.locator('button[type="submit"]').click()  # consent
    expect(page.get_by_role("heading", level=1)).to_have_text(words["welcome"])
    expect(page.locator("dd")).to_have_text(f"{login}@nchu.edu.tw")
    somebody.look("sign-in-welcome")
    page.locator("#name").fill("")
    page.get_by_role("button", name=words["on"]).click()
    expect(page.locator("#name")).to_be_focused()
    somebody.look("sign-in-welcome-wrong")
    page.locator("#name").fill("林老師")
    page.get_by_role("button", name=words["on"]).click()
    expect(page).to_have_url(re.compile("/schools$"))
    expect(page.locator(".who")).to_contain_text("林老師")
    page.goto("/me/sign-in")
    expect(page.locator(".row")).to_have_count(2)
    somebody.look("sign-in-own-ways")
    page.locator(".top-person").get_by_role("button", name=words["out"]).click()
    expect(page).to_have_url(re.compile(r"/signed-out\?school=nchu"))
    somebody.look("signed-out")


@pytest.mark.parametrize(("language", "width"), [("en", PHONE), ("zh-Hant", DESKTOP)])
def test_by_a_mailed_link(
    visit: Callable[..., Visitor], schools: dict[str, str], demo_stack: Stack, language: str, width: int
) -> None:
    somebody, words = visit(language, width, javascript=False), WORDS[language]
    page, email = somebody.page, f"e{uuid.uuid4().hex[:8]}@ncue.edu.tw"
    page.goto("/sign-in/ncue?return=/schools")
    page.locator("#email").fill("somebody@elsewhere.example")
    page.get_by_role("button", name=words["mail"]).click()
    expect(page.locator("#email-error")).to_contain_text("@ncue.edu.tw")
    somebody.look("sign-in-mail-wrong")
    page.locator("#email").fill(email)
    page.get_by_role("button", name=words["mail"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words["sent"])
    somebody.look("sign-in-link-sent")
    page.goto(_link(demo_stack, email))
    somebody.look("sign-in-open-link")
    page.get_by_role("button", name=words["in"]).click()
    page.locator("#name").fill("張老師")
    page.get_by_role("button", name=words["on"]).click()
    expect(page.locator(".who")).to_contain_text("張老師")


def test_the_window_sets_how_the_school_signs_in(
    visit: Callable[..., Visitor], schools: dict[str, str]
) -> None:
    window = visit("zh-Hant", PHONE).sign_in("ncue-window")
    page = window.page
    page.goto("/schools/ncue/sign-in")
    window.look("sign-in-settings")
    page.locator("#issuer").fill("http://169.254.169.254/latest")
    page.locator("#client_id").fill("gongxue")
    page.locator("form.form button.button").click()
    expect(page.locator("#issuer-error")).to_be_visible()
    expect(page.locator("#issuer")).to_be_focused()
    window.look("sign-in-settings-wrong")
    page.locator("#issuer").fill("")
    page.locator("form.form button.button").click()
    expect(page.locator(".state-confirmed")).to_be_visible()
    page.locator(".crumbs a").click()
    expect(page).to_have_url(re.compile("/console/schools/ncue$"))


def test_a_sign_in_that_failed_says_so_and_begins_anew(
    visit: Callable[..., Visitor], schools: dict[str, str]
) -> None:
    somebody = visit("en", PHONE)
    somebody.page.goto("/sign-in/nchu/back?code=x&state=y")
    somebody.look("sign-in-expired")
    somebody.page.get_by_role("link", name="Begin again").click()
    expect(somebody.page).to_have_url(re.compile("/sign-in$"))


def _set(stack: Stack, window: str, school: str, wanted: dict[str, Any]) -> None:
    with httpx.Client(base_url=f"{stack.url}/api/v1") as asking:
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        assert asking.post("/session", json={"person": window}, headers=headers).is_success
        answer = asking.put(f"/schools/{school}/sign-in", json=wanted, headers=headers)
        assert answer.is_success, answer.text


def _link(stack: Stack, email: str) -> str:
    """The link that was mailed."""

    def mailed() -> str | None:
        found = httpx.get(f"{stack.mails_url}/api/v1/search", params={"query": f"to:{email}"}).json()
        for message in found["messages"]:
            text = httpx.get(f"{stack.mails_url}/api/v1/message/{message['ID']}").json()["Text"]
            if address := re.search(r"http://\S+/link\?secret=\S+", text):
                return address[0]
        return None

    return str(eventually(mailed))
