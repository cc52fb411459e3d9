"""The language of an answer: the address, the cookie, the browser, and else zh-Hant."""

from __future__ import annotations

import pytest

from gateway.serving.languages import choose, preferred


def test_the_address_goes_before_the_cookie_and_the_browser() -> None:
    assert choose("en", "zh-Hant", "zh-TW") == "en"
    assert choose(None, "en", "zh-TW") == "en"
    assert choose(None, None, "en-GB") == "en"
    assert choose(None, None, None) == "zh-Hant"


def test_a_language_that_we_do_not_speak_is_passed_over() -> None:
    assert choose("fr", "en", None) == "en"
    assert choose("fr", "de", "fr, de") == "zh-Hant"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("en-US,en;q=0.9", "en"),
        ("zh-TW,zh;q=0.9,en-US;q=0.8", "zh-Hant"),
        ("zh-CN", "zh-Hant"),
        ("fr;q=1.0, en;q=0.5, zh;q=0.4", "en"),
        ("en;q=0, zh;q=0.1", "zh-Hant"),
        ("EN", "en"),
        ("*", "zh-Hant"),
        ("en;q=abc", "zh-Hant"),
        (";;;,,,", "zh-Hant"),
        ("", "zh-Hant"),
    ],
)
def test_what_the_browser_prefers(accepted: str, language: str) -> None:
    assert preferred(accepted) == language
