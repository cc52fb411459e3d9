"""The pages in front of a network in memory: what is shown, and where one is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ACTIVITY = "/activities/co-training-2026-winter"


def test_the_list_is_chinese_unless_asked_otherwise(site: Any) -> None:
    page = site.get("/activities")

    assert page.headers["content-language"] == "zh-Hant"
    assert "115年USR共同培力活動" in page.text
    assert "尚有 12 席，共 80 席" in page.text


def test_the_list_in_english(site: Any) -> None:
    page = site.get("/activities", "en")

    assert page.headers["content-language"] == "en"
    assert "USR co-training 2026: the power of telling" in page.text
    assert "12 seats left of 80" in page.text


def test_a_meeting_of_a_sig_leads_back_to_it(site: Any, network: Any) -> None:
    alone = site.get(ACTIVITY, "en").text
    title = {"zh": "里山根經濟", "en": "Satoyama economies"}
    network.sigs.stored.append(
        {"id": "soil", "title": title, "meetings": [{"activity": "co-training-2026-winter"}]}
    )

    assert "Meeting of" not in alone
    assert (
        '<dt>Meeting of</dt><dd><a href="/sigs/soil">Satoyama economies</a></dd>'
        in site.get(ACTIVITY, "en").text
    )


def test_everybody_gets_the_same_page_until_what_it_shows_changes(site: Any, network: Any) -> None:
    before = site.get("/activities", "en").text
    network.stored_activities["co-training-2026-winter"] |= {"kind": "forum"}
    as_before = site.get("/activities", "en").text
    network.add({**network.stored_activities["co-training-2026-winter"], "kind": "forum"})
    after = site.get("/activities", "en").text

    assert as_before == before
    assert '<span class="kind">Forum</span>' in after


def test_a_kind_without_activities_says_so(site: Any) -> None:
    page = site.get("/activities?kind=expo", "en")

    assert "Nothing is like this" in page.text


def test_an_unknown_kind_shows_all(site: Any) -> None:
    assert "USR co-training 2026" in site.get("/activities?kind=%3Cscript%3E", "en").text


def test_somebody_signed_out_is_asked_to_sign_in_and_comes_back(site: Any) -> None:
    page = site.get(ACTIVITY, "en")

    assert f'href="/sign-in?return={ACTIVITY}"' in page.text
    assert "<form class=" in page.text.partition("</header>")[0]  # of the language only
    assert "Sign in and register" in page.text


def test_a_draft_is_shown_to_its_host_only(site: Any, network: Any, activity: Any, person: Any) -> None:
    network.add(activity(id="draft", host="ntu", status="draft"))
    network.add(activity(id="own-draft", status="draft"))

    network.persons[person.id] = replace(person, roles=frozenset({"staff"}))
    assert site.sign_in().get("/activities/own-draft").status_code == 404

    network.persons[person.id] = replace(person, roles=frozenset({"staff", "host"}))
    assert site.sign_in().get("/activities/draft").status_code == 404
    assert "這是草稿" in site.get("/activities/own-draft").text


def test_the_schools_are_listed_by_county(site: Any) -> None:
    page = site.get("/schools", "en")

    assert '<h2 id="taichung">Taichung</h2>' in page.text
    assert 'href="/schools/nchu">National Chung Hsing University' in page.text


def test_a_school_shows_itself_and_what_it_hosts(site: Any, network: Any, school: Any) -> None:
    network.stored_schools = [school(status="merged", merged_into="ntu"), school(id="ntu")]

    page = site.get("/schools/nchu", "en")

    assert "This school has merged into another:" in page.text
    assert 'href="/schools/ntu"' in page.text
    assert 'href="https://ror.org/05vn3ca78"' in page.text
    assert "USR co-training 2026" in page.text


def test_a_school_shows_what_is_to_come_before_what_is_past_and_leads_to_the_rest(
    site: Any, network: Any, activity: Any
) -> None:
    for number in range(6):
        network.add(activity(id=f"past-{number}", ends_at=NOW.replace(month=1 + number)))

    page = site.get("/schools/nchu", "en").text

    assert page.index("co-training-2026-winter") < page.index("past-5")
    assert "past-0" not in page
    assert 'href="/activities?school=nchu&amp;when=past"' in page


def test_an_unknown_school_is_a_page_not_found(site: Any) -> None:
    page = site.get("/schools/none", "en")

    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "There is no such school." in page.text


def test_an_address_without_a_page(site: Any) -> None:
    assert site.get("/nowhere").status_code == 404
    assert "沒有" in site.get("/nowhere").text or "找不到" in site.get("/nowhere").text


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "/\\evil.example", "/a\r\nb: c", ""]
)
def test_signing_in_never_sends_anybody_to_another_site(site: Any, address: str) -> None:
    answer = site.send("/sign-in", {"person": "lin-mei-hui", "return": address})

    assert answer.headers["location"] == "/"


def test_signing_in_as_nobody_known(site: Any) -> None:
    answer = site.send("/sign-in", {"person": "nobody"}, "en")

    assert answer.status_code == 401
    assert "There is nobody of this name to sign in as." in answer.text


def test_signing_out(site: Any) -> None:
    back = site.sign_in().send("/sign-out", {}).headers["location"]

    assert "您已登出。" in site.get(back).text
    assert site.get("/me").status_code == 303


def test_the_language_is_kept_and_one_stays_where_one_is(site: Any) -> None:
    answer = site.send("/language", {"language": "en", "return": "/activities?kind=forum"})

    assert answer.headers["location"] == "/activities?kind=forum"
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert site.get("/").headers["content-language"] == "en"


def test_a_language_that_we_do_not_speak_is_not_kept(site: Any) -> None:
    assert "set-cookie" not in site.send("/language", {"language": "tlh"}).headers


def test_changing_the_language_forgets_one_that_the_address_asked_for(site: Any) -> None:
    assert 'name="return" value="/activities?kind=forum"' in site.get("/activities?lang=en&kind=forum").text


def test_every_page_says_that_this_is_a_demonstration(site: Any) -> None:
    for address in ("/", "/activities", ACTIVITY, "/schools", "/sign-in", "/nowhere"):
        assert "這是示範環境" in site.get(address).text


def test_without_a_broker_every_page_says_that_one_can_only_read(site: Any, network: Any) -> None:
    assert "目前暫時無法報名或取消" not in site.get("/").text

    network.available = False

    assert "目前暫時無法報名或取消" in site.get("/").text


def test_static_files_are_kept_for_ever_under_the_address_of_their_content(site: Any) -> None:
    address = site.get("/").text.partition('rel="stylesheet" href="')[2].partition('"')[0]

    found = site.get(address)

    assert found.headers["content-type"] == "text/css; charset=utf-8"
    assert found.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert site.get("/static/style.css?v=old").headers["cache-control"] == "public, no-cache"
    assert site.get("/static/style.css", **{"if-none-match": found.headers["etag"]}).status_code == 304
    assert site.get("/static/none.css").status_code == 404


def test_loading_the_address_of_an_answer_again_leads_back_to_the_activity(site: Any) -> None:
    assert site.get(f"{ACTIVITY}/register").headers["location"] == ACTIVITY
