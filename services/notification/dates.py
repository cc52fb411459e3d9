"""Days and times as the reader writes them: in Taipei, and in both calendars in Chinese."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date

TAIPEI = ZoneInfo("Asia/Taipei")

_ROC_BEGAN = 1911
"""The year before 民國元年. Earlier days have no year of that calendar and are shown in the Gregorian one alone."""


@lru_cache(maxsize=4096)
def span(starts_at: datetime, ends_at: datetime, language: str) -> str:
    """From when to when; the day is said once if both are on it.

    `民國112年11月9日 / 2023-11-09 星期四 09:30–16:30 臺北時間`, or
    `Thursday, 9 November 2023, 09:30–16:30 (Taipei time, UTC+8)`.
    """
    start, end = starts_at.astimezone(TAIPEI), ends_at.astimezone(TAIPEI)
    if start.date() == end.date():
        return _with_zone(f"{_moment(start, language)}–{end:%H:%M}", language)
    return _with_zone(f"{_moment(start, language)} – {_moment(end, language)}", language)


@lru_cache(maxsize=4096)
def moment(at: datetime, language: str) -> str:
    """One instant: `民國112年11月9日 / 2023-11-09 星期四 09:30 臺北時間`."""
    return _with_zone(_moment(at.astimezone(TAIPEI), language), language)


def _moment(at: datetime, language: str) -> str:
    return f"{_day(at.date(), language)} {at:%H:%M}"


def _day(day: date, language: str) -> str:
    if language == "en":
        return format_date(day, "EEEE, d MMMM y,", locale="en_GB")
    gregorian = f"{day.isoformat()} {format_date(day, 'EEEE', locale='zh_Hant_TW')}"
    year = day.year - _ROC_BEGAN
    return f"民國{year}年{day.month}月{day.day}日 / {gregorian}" if year > 0 else gregorian


def _with_zone(text: str, language: str) -> str:
    return f"{text} (Taipei time, UTC+8)" if language == "en" else f"{text} 臺北時間"


def clock(at: datetime, language: str) -> str:
    """A time of day that comes soon: `14:05 臺北時間`."""
    return _with_zone(f"{at.astimezone(TAIPEI):%H:%M}", language)
