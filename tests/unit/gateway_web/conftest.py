"""Believable documents of the read model, for pages to show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.actions import Person
from gateway.documents import Activity, Registration, School

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """The day on which the pages are looked at."""
    return NOW


@pytest.fixture
def person() -> Person:
    return Person(
        "lin-mei-hui", "林美惠", "lin@example.org", "zh-Hant", "nchu", frozenset({"staff", "window"})
    )


@pytest.fixture
def activity() -> Callable[..., Activity]:
    """An activity with seats left, changed as named."""
    return an_activity


@pytest.fixture
def registration() -> Callable[..., Registration]:
    """A confirmed registration for that activity, changed as named."""
    return a_registration


@pytest.fixture
def school() -> Callable[..., School]:
    """The host of that activity, changed as named."""
    return a_school


def an_activity(**changes: Any) -> Activity:
    return {
        "id": "co-training-2026-winter",
        "kind": "co_training",
        "host": "nchu",
        "title": {
            "zh": "115年USR共同培力活動:敘事力與地方共學",
            "en": "USR co-training 2026: the power of telling",
        },
        "summary": {
            "zh": "上午談如何把計畫的成果說成一個人人聽得懂的故事,下午分組實作。\n歡迎帶著自己學校的案例來,彼此觀摩。",
            "en": "In the morning: how to tell what a project achieved so that everyone understands. In the afternoon: "
            "try it in groups.\nBring a case of your own school and learn from each other.",
        },
        "venue": {
            "zh": "國立中興大學 圖書館七樓國際會議廳",
            "en": "NCHU Library, conference hall on the 7th floor",
        },
        "theme": "local_care",
        "starts_at": datetime(2026, 12, 9, 1, 30, tzinfo=UTC),
        "ends_at": datetime(2026, 12, 9, 8, 30, tzinfo=UTC),
        "waiting_limit": 20,
        "status": "published",
        "reason": None,
        "seats": {
            "onsite": {"limit": 80, "taken": 68, "waiting": 0},
            "online": {"limit": 300, "taken": 112, "waiting": 0},
        },
        **changes,  # type: ignore[typeddict-item]
    }


def a_registration(**changes: Any) -> Registration:
    return {
        "id": "0b6cbb1e-3a0e-4f8e-9d0c-6f6a3a5c2b11",
        "activity": "co-training-2026-winter",
        "person": "lin-mei-hui",
        "school": "nchu",
        "pool": "onsite",
        "status": "confirmed",
        "place": None,
        "registered_at": datetime(2026, 11, 20, 3, 4, 5, tzinfo=UTC),
        "changed_at": datetime(2026, 11, 20, 3, 4, 5, tzinfo=UTC),
        **changes,  # type: ignore[typeddict-item]
    }


def a_school(**changes: Any) -> School:
    return {
        "id": "nchu",
        "name": {"zh": "國立中興大學", "en": "National Chung Hsing University"},
        "summary": {"zh": "", "en": ""},
        "county": "taichung",
        "ror": "05vn3ca78",
        "moe_code": "0005",
        "website": "https://www.nchu.edu.tw",
        "status": "admitted",
        "reason": None,
        "merged_into": None,
        "former_names": [],
        "windows": [],
        **changes,  # type: ignore[typeddict-item]
    }
