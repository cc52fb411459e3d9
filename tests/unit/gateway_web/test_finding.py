"""What an address asks for, and the form with its chips."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from starlette.datastructures import QueryParams

from gateway.web.finder import days, finder, months
from gateway.web.finding import Asked, address, pairs, read
from gateway.web.rendering import pages

TODAY = date(2026, 11, 23)
EVERYTHING = (
    "q=%E5%85%B1%E5%9F%B9&kind=co_training&kind=forum&county=tainan&around=yes&school=ncku&theme=culture"
    "&sdg=4&sdg=11&from=2026-12-01&to=2026-12-31&seats=left&online=yes"
)
SPEECH = pages().speech("en")


def asked(query: str) -> Asked:
    return read(QueryParams(query), ["ncku", "nchu"], TODAY)


def test_an_address_is_read_and_written_again() -> None:
    assert address(asked(EVERYTHING)) == f"/activities?{EVERYTHING}"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "kind=party&county=atlantis&school=none&theme=x&sdg=18&sdg=04&sdg=",
        "from=yesterday&to=2026-13-01",
        "from=0001-01-01&to=9999-12-31",
        "around=yes",
        "q=+++&seats=right&online=no&when=soon",
    ],
)
def test_what_means_nothing_is_passed_over(query: str) -> None:
    assert asked(query) == Asked()


def test_days_the_wrong_way_round_are_turned() -> None:
    found = asked("from=2026-12-31&to=2026-12-01")
    assert (found.since, found.until) == (date(2026, 12, 1), date(2026, 12, 31))


def test_days_that_are_over_are_looked_for_in_the_past() -> None:
    assert asked("to=2026-11-22").when == "past"
    assert asked("to=2026-11-23").when == "upcoming"


def test_near_a_county_is_in_it_and_around_it() -> None:
    assert asked("county=tainan").wanted.counties == {"tainan"}
    assert asked("county=tainan&around=yes").wanted.counties == {"tainan", "chiayi-county", "kaohsiung"}


def test_each_chip_takes_one_thing_away_and_keeps_the_rest(school: Any) -> None:
    schools = [school(id="ncku", name={"zh": "國立成功大學", "en": "NCKU"})]
    form = finder(asked(EVERYTHING), schools, SPEECH, TODAY)

    assert [chip.name for chip in form.chips] == [
        "“共培”",
        "Co-training",
        "Forum",
        "Near Tainan",
        "NCKU",
        "Sustainable culture",
        "SDG 4",
        "SDG 11",
        "1 December 2026 – 31 December 2026",
        "Seats left",
        "Online",
    ]
    before = set(pairs(asked(EVERYTHING)))
    gone = [before - set(pairs(asked(chip.address.partition("?")[2]))) for chip in form.chips]
    assert gone == [
        {("q", "共培")},
        {("kind", "co_training")},
        {("kind", "forum")},
        {("county", "tainan"), ("around", "yes")},
        {("school", "ncku")},
        {("theme", "culture")},
        {("sdg", "4")},
        {("sdg", "11")},
        {("from", "2026-12-01"), ("to", "2026-12-31")},
        {("seats", "left")},
        {("online", "yes")},
    ]
    assert form.clear == "/activities"


def test_views_keep_what_was_asked_for() -> None:
    form = finder(asked("kind=forum"), [], SPEECH, TODAY, "/activities/map")

    assert [(view.address, view.current) for view in form.views] == [
        ("/activities?kind=forum", False),
        ("/activities/calendar?kind=forum", False),
        ("/activities/map?kind=forum", True),
    ]


def test_what_is_chosen_is_not_offered_once_more() -> None:
    nothing = [link.name for link in finder(Asked(), [], SPEECH, TODAY).quick]
    some = [link.name for link in finder(asked("kind=forum&online=yes"), [], SPEECH, TODAY).quick]

    assert nothing == [
        "Co-training",
        "SIG meeting",
        "Forum",
        "Workshop",
        "This month",
        "Next month",
        "Seats left",
        "Online",
    ]
    assert some == ["This month", "Next month", "Seats left"]


def test_this_month_is_what_is_left_of_it() -> None:
    assert months(date(2026, 12, 31)) == (
        (date(2026, 12, 31), date(2026, 12, 31)),
        (date(2027, 1, 1), date(2027, 1, 31)),
    )


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=2026-12-01", "From 1 December 2026"),
        ("to=2026-12-01", "Until 1 December 2026"),
        ("from=2026-12-01&to=2026-12-01", "1 December 2026"),
    ],
)
def test_days_in_words(query: str, words: str) -> None:
    assert days(asked(query), SPEECH) == words


def test_days_in_both_calendars() -> None:
    assert days(asked("from=2026-12-01"), pages().speech("zh-Hant")) == "民國115年12月1日 / 2026-12-01 起"
