"""What is shown of an activity: its state, seats and rule in words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.web.rendering import pages
from gateway.web.school_views import counties, school_view
from gateway.web.speech import Speech
from gateway.web.views import activity_view, registration_view


def seats(limit: int, taken: int, waiting: int = 0) -> dict[str, dict[str, int]]:
    return {"onsite": {"limit": limit, "taken": taken, "waiting": waiting}}


@pytest.fixture
def english() -> Speech:
    return pages().speech("en")


@pytest.fixture
def chinese() -> Speech:
    return pages().speech("zh-Hant")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "open"),
        ({"seats": seats(2, 1)}, "open"),
        ({"seats": seats(2, 2), "waiting_limit": 1}, "waiting"),
        ({"seats": seats(2, 2, 1), "waiting_limit": 1}, "full"),
        ({"seats": seats(2, 2), "waiting_limit": 0}, "full"),
        ({"seats": seats(0, 0), "waiting_limit": 0}, "full"),
        ({"seats": {**seats(2, 2, 1), "online": {"limit": 1, "taken": 0, "waiting": 0}}}, "open"),
        ({"status": "closed"}, "closed"),
        ({"status": "cancelled"}, "cancelled"),
        ({"status": "draft"}, "draft"),
        ({"ends_at": datetime(2026, 11, 23, 2, 0, tzinfo=UTC)}, "over"),
        ({"ends_at": datetime(2026, 11, 23, 2, 0, tzinfo=UTC), "status": "cancelled"}, "cancelled"),
    ],
)
def test_the_state_of_an_activity(
    activity: Any, school: Any, now: datetime, english: Speech, changes: Any, status: str
) -> None:
    assert activity_view(activity(**changes), school(), english, now).status == status


@pytest.mark.parametrize(
    ("numbers", "words", "percent", "state"),
    [
        ((80, 68, 0), "12 seats left of 80", 85, "free"),
        ((80, 79, 0), "1 seat left of 80", 98, "free"),
        ((1000, 999, 0), "1 seat left of 1000", 99, "free"),
        ((80, 80, 3), "All 80 seats are taken", 100, "waiting"),
        ((80, 80, 20), "All 80 seats are taken", 100, "full"),
        ((1, 1, 0), "The only seat is taken", 100, "waiting"),
        ((0, 0, 0), "No seats", 100, "waiting"),
        ((10, 12, 0), "All 10 seats are taken", 100, "waiting"),
    ],
)
def test_the_seats_of_a_pool(
    activity: Any,
    school: Any,
    now: datetime,
    english: Speech,
    numbers: Any,
    words: str,
    percent: int,
    state: str,
) -> None:
    (pool,) = activity_view(activity(seats=seats(*numbers)), school(), english, now).pools

    assert (pool.words, pool.percent, pool.state) == (words, percent, state)


def test_who_waits_is_counted(activity: Any, school: Any, now: datetime, english: Speech) -> None:
    (one,) = activity_view(activity(seats=seats(2, 2, 1)), school(), english, now).pools
    (none,) = activity_view(activity(seats=seats(2, 2, 0)), school(), english, now).pools

    assert (one.waiting_words, none.waiting_words) == ("1 is waiting", None)


def test_seats_of_what_is_closed_are_not_on_offer(
    activity: Any, school: Any, now: datetime, english: Speech
) -> None:
    (pool,) = activity_view(activity(seats=seats(80, 68), status="closed"), school(), english, now).pools

    assert (pool.words, pool.state) == ("68 of 80 seats taken", "past")


def test_the_rule_in_plain_words(
    activity: Any, school: Any, now: datetime, english: Speech, chinese: Speech
) -> None:
    def rule(limit: int, speech: Speech) -> str:
        return activity_view(activity(waiting_limit=limit), school(), speech, now).rule

    assert rule(0, english) == "First come, first served. There is no waiting list."
    assert "the next person may wait" in rule(1, english)
    assert "the next 20 people may wait" in rule(20, english)
    assert "可再候補 20 人" in rule(20, chinese)


def test_the_title_in_the_other_language_stands_beside(
    activity: Any, school: Any, now: datetime, english: Speech, chinese: Speech
) -> None:
    shown = activity_view(activity(title={"zh": "論壇", "en": "Forum"}), school(), chinese, now)
    assert (shown.title, shown.other_title) == ("論壇", '<span lang="en">Forum</span>')

    shown = activity_view(activity(title={"zh": "論壇", "en": "Forum"}), school(), english, now)
    assert (shown.title, shown.other_title) == ("Forum", '<span lang="zh-Hant">論壇</span>')


def test_what_has_no_english_is_marked_as_chinese(
    activity: Any, school: Any, now: datetime, english: Speech
) -> None:
    words = {"zh": "第一行\n\n第二行", "en": ""}
    shown = activity_view(activity(title={"zh": "論壇", "en": ""}, summary=words), school(), english, now)

    assert (shown.title, shown.other_title) == ('<span lang="zh-Hant">論壇</span>', None)
    assert shown.summary == ('<span lang="zh-Hant">第一行</span>', '<span lang="zh-Hant">第二行</span>')


def test_what_people_write_is_never_markup(
    activity: Any, school: Any, now: datetime, english: Speech, chinese: Speech
) -> None:
    evil = {"zh": "<b>壞</b>", "en": ""}
    for speech in (english, chinese):
        shown = activity_view(activity(title=evil, venue=evil, reason="<b>壞</b>"), school(), speech, now)
        assert all("&lt;b&gt;" in words for words in (shown.title, shown.venue, shown.reason))


def test_a_host_that_the_directory_has_not_told_of(activity: Any, now: datetime, english: Speech) -> None:
    shown = activity_view(activity(host="ntu"), None, english, now)
    assert (shown.host, shown.host_address) == ("ntu", None)

    assert activity_view(activity(host="center"), None, english, now).host == "USR Promotion Center"


def test_a_registration_can_be_cancelled_until_the_activity_is_over(
    activity: Any, registration: Any, school: Any, now: datetime, english: Speech
) -> None:
    def shown(activity_changes: Any, **changes: Any) -> Any:
        about = activity_view(activity(**activity_changes), school(), english, now)
        return registration_view(registration(**changes), about, english)

    assert shown({}).can_cancel
    assert shown({"status": "closed"}, status="waiting", place=2).place == 2
    assert not shown({}, status="cancelled").can_cancel
    assert not shown({"ends_at": now}).can_cancel
    assert shown({"status": "cancelled"}).status == "cancelled"


def test_schools_stand_by_county_from_north_to_south(school: Any, english: Speech) -> None:
    known = [school(), school(id="ntu", county="taipei", moe_code="0003"), school(id="x", moe_code=None)]

    shown = counties(known, english)

    assert [(county.name, [one.address for one in county.schools]) for county in shown] == [
        ("Taipei", ["/schools/ntu"]),
        ("Taichung", ["/schools/nchu", "/schools/x"]),
    ]


def test_a_school_has_had_other_names(school: Any, chinese: Speech) -> None:
    former = {"name": {"zh": "省立中興大學", "en": ""}, "until": datetime(1971, 6, 30, 16, tzinfo=UTC)}

    (name,) = school_view(school(former_names=[former]), None, chinese).former_names

    assert (name.name, name.until) == ("省立中興大學", "民國60年7月1日 / 1971-07-01 (星期四)")
