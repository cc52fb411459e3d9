"""The front page, and finding activities from it."""

from __future__ import annotations

from typing import Any

import pytest

LIST = "/activities"


def test_anybody_sees_what_comes_soon_the_map_and_what_this_is(site: Any) -> None:
    page = site.get("/", "en").text

    assert "Universities learn from each other" in page
    assert "USR co-training 2026" in page
    assert 'aria-label="Taichung: 1 activity"' in page
    assert 'href="/activities?county=taichung&amp;around=yes"' in page
    assert "My next" not in page


@pytest.mark.parametrize("address", ["/", "/activities", "/activities/demo", "/schools", "/schools/nchu"])
def test_a_county_of_the_store_that_there_is_not_is_shown_as_it_stands(
    site: Any, network: Any, address: str
) -> None:
    [school] = network.stored_schools
    network.stored_schools[:] = [{**school, "county": "atlantis"}]
    [one] = network.stored_activities.values()
    address = address.replace("demo", one["id"])
    site.sign_in()

    answer = site.get(address, "en")

    assert answer.status_code == 200
    assert "atlantis" in answer.text or address == "/activities"


def test_what_is_full_or_closed_is_not_soon(site: Any, network: Any) -> None:
    [one] = network.stored_activities.values()
    network.add({**one, "status": "closed"})

    assert "USR co-training 2026" not in site.get("/", "en").text


def test_words_are_looked_for_in_both_languages_and_all_forms(site: Any) -> None:
    for words in ("共學", "敘事力", "叙事力", "ＵＳＲ", "power of", "中興大學", "台中"):
        assert "1 activity found" in site.get(f"{LIST}?q={words}", "en").text
    assert "0 activities found" in site.get(f"{LIST}?q=花蓮", "en").text


def test_the_form_shows_what_was_asked_for(site: Any) -> None:
    page = site.get(f"{LIST}?q=%22%3E&kind=forum&county=tainan&from=2026-12-01&sdg=4", "en").text

    assert 'name="q" value="&#34;&gt;"' in page
    assert 'name="kind" value="forum" checked' in page
    assert '<option value="tainan" selected>' in page
    assert 'name="from" value="2026-12-01"' in page
    assert 'name="sdg" value="4" checked' in page


def test_where_nothing_is_found_one_may_look_further(site: Any) -> None:
    page = site.get(f"{LIST}?county=changhua", "en").text

    assert "Nothing is like this" in page
    assert 'href="/activities?county=changhua&amp;around=yes">Neighbouring counties too' in page
    assert "1 activity found" in site.get(f"{LIST}?county=changhua&around=yes", "en").text


def test_a_page_of_many_leads_to_the_next_with_the_same_filters(site: Any, network: Any) -> None:
    [one] = network.stored_activities.values()
    for number in range(25):
        network.add({**one, "id": f"more-{number:02}"})

    first = site.get(f"{LIST}?kind=co_training", "en").text
    address = first.partition('<a class="button" href="')[2].partition('"')[0].replace("&amp;", "&")

    assert "26 activities found" in first
    assert address.startswith(f"{LIST}?kind=co_training&cursor=")
    assert site.get(address, "en").text.count('<li class="card ') == 6


def test_a_cursor_of_somebody_elses_making_is_refused(site: Any) -> None:
    assert site.get(f"{LIST}?cursor=x").status_code == 400


@pytest.mark.parametrize(
    "address", ["/", LIST, f"{LIST}/calendar", f"{LIST}/map", "/activities/co-training-2026-winter"]
)
@pytest.mark.parametrize("language", ["zh-Hant", "en"])
def test_no_page_weighs_more_than_a_hundred_kilobytes_with_all_it_needs(
    site: Any, address: str, language: str
) -> None:
    page = site.get(address, language).text
    needs = [part.partition('"')[0] for part in page.split('"/static/')[1:]]
    files = {f"/static/{name}" for name in needs}

    # The page, its style and its script: three requests, as the mark is a part of the page.
    assert len(files) == 2
    assert "<img" not in page
    assert '<link rel="icon" href="data:' in page
    assert len(page.encode()) + sum(len(site.get(file).content) for file in files) < 100_000
