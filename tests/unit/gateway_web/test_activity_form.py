"""The form of an activity: typed, checked, and turned into what is asked of the network."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.datastructures import FormData

from gateway.read_model.documents import Activity
from gateway.web.console import activity_form
from gateway.web.speech import speeches

SPEECH = speeches()["en"]
TYPED = {
    "key": "a-key",
    "host": "nchu",
    "kind": "workshop",
    "title_zh": "  工作坊 ",
    "title_en": "",
    "summary_zh": "第一段\r\n\r\n第二段",
    "summary_en": "",
    "starts_at": "2026-12-09T09:00",
    "ends_at": "2026-12-09T12:00",
    "venue_zh": "",
    "venue_en": "",
    "county": "",
    "seats_onsite": "30",
    "seats_online": "",
    "waiting_limit": "5",
    "theme": "",
}


def read(known: Activity | None = None, sdgs: tuple[str, ...] = (), **changed: str) -> Any:
    typed = [*({**TYPED, **changed}).items(), *(("sdgs", one) for one in sdgs)]
    return activity_form.read(FormData(typed), SPEECH, known)


def test_what_is_typed_becomes_the_details_in_utc() -> None:
    form, details = read(sdgs=("11", "4"))
    assert form.errors == {}
    assert form.key == "a-key"
    assert details == {
        "host": "nchu",
        "kind": "workshop",
        "title": {"zh": "工作坊", "en": ""},
        "summary": {"zh": "第一段\n\n第二段", "en": ""},
        "venue": None,
        "theme": None,
        "county": None,
        "sdgs": [4, 11],
        "starts_at": datetime(2026, 12, 9, 1, tzinfo=UTC),
        "ends_at": datetime(2026, 12, 9, 4, tzinfo=UTC),
        "pools": {"onsite": 30},
        "waiting_limit": 5,
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "party"),
        ("kind", ""),
        ("title_zh", ""),
        ("title_zh", "字" * 301),
        ("title_en", "x" * 301),
        ("summary_zh", " \r\n "),
        ("summary_en", "x" * 10_001),
        ("starts_at", "soon"),
        ("starts_at", ""),
        ("starts_at", "0001-01-01T00:00"),
        ("ends_at", "2026-12-09T08:59"),
        ("venue_zh", "字" * 301),
        ("county", "atlantis"),
        ("seats_onsite", ""),
        ("seats_onsite", "many"),
        ("seats_onsite", "-1"),
        ("seats_online", "9" * 30),
        ("waiting_limit", ""),
        ("waiting_limit", "1.5"),
        ("theme", "none"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(field: str, value: str) -> None:
    form, _ = read(**{field: value})
    assert form.first_error == field
    assert form.values["title_zh"] == (TYPED["title_zh"].strip() if field != "title_zh" else value)
    assert all(form.errors.values())


def test_a_goal_that_there_is_not_is_refused() -> None:
    form, _ = read(sdgs=("18",))
    assert list(form.errors) == ["sdgs"]
    form, _ = read(sdgs=("4", "x"))
    assert list(form.errors) == ["sdgs"]


def test_of_a_known_activity_only_what_differs_is_asked_for(activity: Callable[..., Activity]) -> None:
    known = activity()
    unchanged = {name: value for name, value in activity_form.filled(known).items() if name != "sdgs"}
    form, changes = read(known, sdgs=tuple(map(str, known["sdgs"])), **unchanged)
    assert (form.errors, changes) == ({}, {})
    form, changes = read(
        known, tuple(map(str, known["sdgs"])), **{**unchanged, "title_en": "Another", "kind": "expo"}
    )
    assert form.errors == {}
    assert changes == {"title": {"zh": known["title"]["zh"], "en": "Another"}}


def test_a_pool_that_is_emptied_has_no_seats_left(activity: Callable[..., Activity]) -> None:
    seats = {name: {"limit": 10, "taken": 0, "waiting": 0} for name in ("onsite", "online")}
    known = activity(seats=seats)
    unchanged = {name: value for name, value in activity_form.filled(known).items() if name != "sdgs"}
    _, changes = read(known, tuple(map(str, known["sdgs"])), **{**unchanged, "seats_online": ""})
    assert changes == {"pools": {"online": 0}}
