"""The same activities by day in a month, and by county on a map."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from gateway.web.map_views import map_view
from gateway.web.month_views import Month, first_of, month_view
from gateway.web.rendering import pages

TODAY = date(2026, 11, 23)
ENGLISH, CHINESE = pages().speech("en"), pages().speech("zh-Hant")


def month(first: date, *activities: Any, speech: Any = CHINESE) -> Month:
    return month_view(first, activities, speech, TODAY, "/day/{}".format, "/month/{}".format)


def at(*when: int, hours: int = 3) -> dict[str, datetime]:
    starts_at = datetime(*when, tzinfo=UTC)  # type: ignore[arg-type,misc]
    return {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=hours)}


def test_a_month_has_whole_weeks_which_begin_as_is_usual() -> None:
    chinese, english = month(date(2027, 1, 1)), month(date(2027, 1, 1), speech=ENGLISH)

    assert (chinese.heading, english.heading) == ("民國116年1月（2027年1月）", "January 2027")
    assert [day.number for day in chinese.weeks[0]] == [27, 28, 29, 30, 31, 1, 2]  # Sunday first
    assert [day.number for day in english.weeks[0]] == [28, 29, 30, 31, 1, 2, 3]  # Monday first
    assert [day.outside for day in chinese.weeks[0]] == [True] * 5 + [False] * 2
    assert all(len(week) == 7 for week in chinese.weeks)


def test_a_month_of_four_whole_weeks_has_no_more() -> None:
    assert len(month(date(2026, 2, 1)).weeks) == 4


def test_an_activity_is_on_each_of_its_days_in_taipei(activity: Any) -> None:
    # From 23:00 on the 30th in Taipei to 01:00 on the 1st: two days of April, one of May.
    late = activity(id="late", **at(2026, 4, 29, 15, hours=26))

    april, may = month(date(2026, 4, 1), late), month(date(2026, 5, 1), late)

    assert [day.id for day in april.agenda] == ["2026-04-29", "2026-04-30"]
    assert [day.id for day in may.agenda] == ["2026-05-01"]
    assert [day.events[0].time for day in (*april.agenda, *may.agenda)] == ["23:00", "", ""]


def test_what_ends_at_midnight_is_not_on_the_next_day(activity: Any) -> None:
    found = month(date(2026, 4, 1), activity(**at(2026, 4, 9, 13, hours=3)))

    assert [day.id for day in found.agenda] == ["2026-04-09"]


def test_a_full_day_says_how_many_more_there_are(activity: Any) -> None:
    found = month(date(2026, 4, 1), *(activity(id=f"a{n}", **at(2026, 4, 9, 8 - n)) for n in range(5)))
    [day] = [day for week in found.weeks for day in week if day.events]

    assert [event.address for event in day.events] == ["/activities/a4", "/activities/a3", "/activities/a2"]
    assert (day.more, day.address, len(found.agenda[0].events)) == (2, "/day/2026-04-09", 5)


@pytest.mark.parametrize(
    "written", [None, "", "2026", "2026-13", "0001-01", "9999-12", "2026-1", "2026-11-23"]
)
def test_what_is_no_month_is_this_month(written: str | None) -> None:
    assert first_of(written, TODAY) == date(2026, 11, 1)


def test_the_first_and_the_last_month_lead_nowhere_further() -> None:
    assert month(date(1912, 1, 1)).before is None
    assert month(date(2999, 12, 1)).after is None


def test_the_map_has_every_county_the_deeper_the_more() -> None:
    view = map_view({"tainan": 1, "taipei": 9}, ENGLISH, "/{}".format)

    tiles = {tile.county: tile for tile in view.tiles}
    assert len(tiles) == 22
    assert (tiles["taipei"].level, tiles["tainan"].level, tiles["yilan"].level) == (4, 1, 0)
    assert (tiles["tainan"].words, tiles["taipei"].words) == ("Tainan: 1 activity", "Taipei: 9 activities")
    assert tiles["hsinchu-county"].lines == ("Hsinchu", "County")
    assert tiles["yilan"].address == "/yilan"


class TestPages:
    """The pages made of these."""

    def test_the_calendar_shows_a_month_and_keeps_the_filters(
        self, site: Any, network: Any, activity: Any
    ) -> None:
        network.add(activity(id="in-january", title={"zh": "一月", "en": "In January"}, **at(2027, 1, 15, 1)))

        page = site.get("/activities/calendar?month=2027-01&kind=co_training", "en").text

        assert "January 2027" in page
        assert '<a href="/activities/in-january">' in page
        assert 'href="/activities/calendar?kind=co_training&amp;month=2027-02"' in page
        assert 'href="/activities?kind=co_training&amp;from=2027-01-15&amp;to=2027-01-15"' in page
        assert "In January" not in site.get("/activities/calendar?month=2027-01&kind=expo", "en").text

    def test_the_map_counts_what_is_to_come_and_leads_to_it(self, site: Any) -> None:
        page = site.get("/activities/map?kind=co_training", "en").text

        row = page.partition(
            '<tr><th scope="row"><a href="/activities?kind=co_training&amp;county=taichung">'
        )[2]
        assert row.startswith('Taichung</a></th><td class="number">1</td></tr>')

    def test_a_county_without_anything_has_nothing(self, site: Any) -> None:
        page = site.get("/activities/map?kind=expo", "en").text

        assert page.count('<td class="number">0</td>') == 22
