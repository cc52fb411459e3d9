"""Where the `type` of a problem leads: what it means, in both languages."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest

from gateway.problems import KINDS, Problem, describe


@pytest.mark.parametrize("code", KINDS)
def test_every_type_leads_somewhere(site: Any, code: str) -> None:
    for language in ("zh-Hant", "en"):
        problem = describe(Problem(code), language)
        response = site.get(f"{problem.type}?lang={language}")
        assert (response.status_code, response.headers["content-language"]) == (200, language)
        for words in (problem.title, problem.detail, str(problem.status)):
            assert words in unescape(response.text)


def test_chinese_comes_first(site: Any) -> None:
    assert "查無併入的學校" in site.get("/problems/unknown_target").text


@pytest.mark.parametrize("code", ["a_code_of_tomorrow", "UNKNOWN_TARGET", "%00"])
def test_a_type_that_is_none(site: Any, code: str) -> None:
    response = site.get(f"/problems/{code}")
    assert response.status_code == 404
    assert "text/html" in response.headers["content-type"]
