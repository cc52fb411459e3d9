"""The reference of the API: all of the description, in both languages, with nothing from elsewhere."""

from __future__ import annotations

import re

import pytest

from gateway.api import OPERATIONS
from gateway.api.openapi import description
from gateway.web.reference import Field, objects_of, operations_of, view_of
from gateway.web.rendering import Frame, pages

DESCRIBED = description(OPERATIONS, "https://gongxue.example.org")


def shown(language: str) -> str:
    return pages().render("reference.html", language, Frame(None, "api", "/api"), **view_of(DESCRIBED))


@pytest.fixture(scope="module", params=["zh-Hant", "en"])
def page(request: pytest.FixtureRequest) -> str:
    return shown(request.param)


def test_every_operation_is_shown_with_its_problems(page: str) -> None:
    for one in OPERATIONS:
        assert f'id="{one.action}"' in page
        for code in one.refusals:
            assert f'href="/problems/{code}"' in page


def test_every_link_within_the_page_leads_somewhere(page: str) -> None:
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_nothing_is_loaded_from_elsewhere(page: str) -> None:
    assert re.findall(r'(?:src|href)="(?!/|#|data:)([^"]+)"', page) == []
    assert "<style" not in page
    assert " style=" not in page


def test_the_frame_is_in_the_language_of_the_reader() -> None:
    assert "API 參考文件" in shown("zh-Hant")
    assert "API reference" in shown("en")


def test_operations_say_who_may_and_with_what() -> None:
    found = {one.id: one for group in operations_of(DESCRIBED).values() for one in group}
    assert found["list_activities"].public
    assert found["register"].scopes == ("register",)
    assert (found["make_token"].public, found["make_token"].scopes) == (False, ())
    assert found["register"].body == "NewRegistration"
    by_status = {answer.status: answer for answer in found["register"].answers}
    assert by_status["201"].schema == "Registration"
    assert "pool_full" in by_status["409"].codes
    sdg = next(one for one in found["list_activities"].parameters if one.name == "sdg")
    assert sdg == Field("sdg", "query", False, "array of integer from 1 to 17 up to 17", None, "")


def test_objects_name_the_objects_within_them() -> None:
    found = {one.name: one for one in objects_of(DESCRIBED)}
    assert not any(name.startswith("Sparse") for name in found)
    page = {one.name: one for one in found["ActivityPage"].fields}
    assert (page["items"].schema, page["items"].required) == ("Activity", True)
