"""Days and times as people in Taiwan read them: Asia/Taipei, and both calendars on Chinese pages.

Instants come in as aware datetimes. What a language needs of a day is worked out once and remembered, as a page
full of activities repeats few days often.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date

TAIPEI = ZoneInfo("Asia/Taipei")
_LOCALES = {"zh-Hant": "zh_Hant_TW", "en": "en_GB"}
_FIRST_YEAR = 1912  # 民國元年


@dataclass(frozen=True, slots=True)
class Leaf:
    """A day as a tear-off calendar shows it."""

    month: str
    day: str
    weekday: str


@lru_cache(maxsize=4096)
def day(when: date, language: str) -> str:
    """`民國115年12月9日 / 2026-12-09 (星期三)`, or `Wednesday, 9 December 2026`."""
    if language == "zh-Hant":
        weekday = format_date(when, "EEEE", locale=_LOCALES[language])
        return f"{roc(when)} / {when.isoformat()} ({weekday})"
    return format_date(when, "EEEE, d MMMM y", locale=_LOCALES[language])


@lru_cache(maxsize=4096)
def leaf(when: date, language: str) -> Leaf:
    """The day in three short pieces for a calendar leaf."""
    locale = _LOCALES[language]
    return Leaf(
        format_date(when, "LLL", locale=locale), str(when.day), format_date(when, "EEE", locale=locale)
    )


@lru_cache(maxsize=8192)
def span(starts_at: datetime, ends_at: datetime, language: str) -> str:
    """From when to when. The day is said once when both are on the same day in Taipei."""
    start, end = starts_at.astimezone(TAIPEI), ends_at.astimezone(TAIPEI)
    first = f"{day(start.date(), language)} {start:%H:%M}"
    if start.date() == end.date():
        return f"{first}–{end:%H:%M}"
    return f"{first} – {day(end.date(), language)} {end:%H:%M}"


def moment(at: datetime, language: str) -> str:
    """One instant: day and time."""
    local = at.astimezone(TAIPEI)
    return f"{day(local.date(), language)} {local:%H:%M}"


def in_taipei(at: datetime) -> date:
    """The day it is in Taipei at that instant."""
    return at.astimezone(TAIPEI).date()


def roc(when: date) -> str:
    """The day in the calendar of the Republic of China."""
    year = when.year - _FIRST_YEAR + 1
    era = f"民國{year}年" if year > 0 else f"民國前{1 - year}年"
    return f"{era}{when.month}月{when.day}日"


@lru_cache(maxsize=4096)
def short(when: date, language: str) -> str:
    """`民國115年12月9日 / 2026-12-09`, or `9 December 2026`: a day without its weekday."""
    if language == "zh-Hant":
        return f"{roc(when)} / {when.isoformat()}"
    return format_date(when, "d MMMM y", locale=_LOCALES[language])


def month(when: date, language: str) -> str:
    """`民國116年1月（2027年1月）`, or `January 2027`."""
    if language == "zh-Hant":
        return f"{roc(when).partition('月')[0]}月（{when.year}年{when.month}月）"
    return format_date(when, "LLLL y", locale=_LOCALES[language])


def weekdays(language: str) -> tuple[tuple[int, str, str], ...]:
    """The days of a week as a calendar begins it: number (Monday is 0), short and long name."""
    locale = Locale.parse(_LOCALES[language])
    names, long = locale.days["stand-alone"]["abbreviated"], locale.days["stand-alone"]["wide"]
    first = locale.first_week_day
    return tuple((day % 7, names[day % 7], long[day % 7]) for day in range(first, first + 7))
