from datetime import UTC, date, datetime

import pytest

from gateway.web import dates


@pytest.mark.parametrize(
    ("when", "text"),
    [
        (date(2026, 12, 9), "民國115年12月9日"),
        (date(2023, 11, 3), "民國112年11月3日"),
        (date(2011, 1, 1), "民國100年1月1日"),
        (date(1912, 1, 1), "民國1年1月1日"),
        (date(1911, 10, 10), "民國前1年10月10日"),
    ],
)
def test_roc_counts_years_from_1912(when: date, text: str) -> None:
    assert dates.roc(when) == text


def test_a_day_on_chinese_pages_is_in_both_calendars() -> None:
    assert dates.day(date(2026, 12, 9), "zh-Hant") == "民國115年12月9日 / 2026-12-09 (星期三)"


def test_a_day_on_english_pages_is_gregorian() -> None:
    assert dates.day(date(2026, 12, 9), "en") == "Wednesday, 9 December 2026"


def test_a_late_evening_in_utc_is_the_next_day_in_taipei() -> None:
    assert dates.in_taipei(datetime(2026, 12, 8, 16, 0, tzinfo=UTC)) == date(2026, 12, 9)
    assert dates.in_taipei(datetime(2026, 12, 8, 15, 59, tzinfo=UTC)) == date(2026, 12, 8)


def test_a_span_within_a_day_says_the_day_once() -> None:
    start, end = datetime(2026, 12, 9, 5, 30, tzinfo=UTC), datetime(2026, 12, 9, 8, 30, tzinfo=UTC)

    assert dates.span(start, end, "zh-Hant") == "民國115年12月9日 / 2026-12-09 (星期三) 13:30–16:30"
    assert dates.span(start, end, "en") == "Wednesday, 9 December 2026 13:30–16:30"


def test_a_span_is_one_day_when_it_is_one_day_in_taipei_though_two_in_utc() -> None:
    start, end = datetime(2026, 12, 8, 23, 0, tzinfo=UTC), datetime(2026, 12, 9, 8, 0, tzinfo=UTC)

    assert dates.span(start, end, "en") == "Wednesday, 9 December 2026 07:00–16:00"


def test_a_span_over_days_says_both() -> None:
    start, end = datetime(2025, 9, 12, 1, 0, tzinfo=UTC), datetime(2025, 9, 13, 9, 0, tzinfo=UTC)

    assert dates.span(start, end, "zh-Hant") == (
        "民國114年9月12日 / 2025-09-12 (星期五) 09:00 – 民國114年9月13日 / 2025-09-13 (星期六) 17:00"
    )


def test_a_moment_is_day_and_time() -> None:
    assert dates.moment(datetime(2026, 12, 9, 5, 5, tzinfo=UTC), "en") == "Wednesday, 9 December 2026 13:05"


def test_a_leaf_is_short() -> None:
    assert dates.leaf(date(2026, 12, 9), "zh-Hant") == dates.Leaf("12月", "9", "週三")
    assert dates.leaf(date(2026, 12, 9), "en") == dates.Leaf("Dec", "9", "Wed")
