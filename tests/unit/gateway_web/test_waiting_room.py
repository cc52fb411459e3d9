"""The waiting room as a page: what was filled in waits with its ticket, and is sent when it is one's turn."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.actions import Accepted, InLine
from gateway.web.waiting import look_after

ACTIVITY = "/activities/co-training-2026-winter"
ROOM = f"{ACTIVITY}/waiting-room"
REGISTRATION = "0b6cbb1e-3a0e-4f8e-9d0c-6f6a3a5c2b11"
FORM = {"key": "k-1", "pool": "onsite", "name": "林美惠", "language": "zh-Hant", "waiting_list": "yes"}
IN_LINE = InLine(7, 30.0, "a-ticket")


def register(site: Any, network: Any) -> Any:
    network.answer = network.in_line = IN_LINE
    return site.sign_in().send(f"{ACTIVITY}/register", FORM)


def test_in_a_rush_one_is_led_to_the_waiting_room(site: Any, network: Any) -> None:
    sent = register(site, network)
    assert (sent.status_code, sent.headers["location"]) == (303, ROOM)


@pytest.mark.parametrize(("language", "words"), [("zh-Hant", "排隊中：第 7 位"), ("en", "In line: place 7")])
def test_it_shows_the_place_and_looks_again_by_itself(
    site: Any, network: Any, language: str, words: str
) -> None:
    register(site, network)
    page = site.get(ROOM, language)
    assert page.status_code == 200
    assert f'<h1 id="outcome-title">{words}</h1>' in page.text
    assert '<noscript><meta http-equiv="refresh" content="6"></noscript>' in page.text
    assert 'data-refresh="6"' in page.text
    assert "data-send-now" not in page.text


def test_looking_again_can_be_stopped(site: Any, network: Any) -> None:
    register(site, network)
    assert "http-equiv" not in site.get(f"{ROOM}?refresh=off").text


def test_when_it_is_ones_turn_what_was_filled_in_is_sent_with_the_ticket(site: Any, network: Any) -> None:
    register(site, network)
    network.in_line, network.answer = None, Accepted(REGISTRATION, ())
    page = site.get(ROOM).text
    assert "data-send-now" in page
    assert "data-refresh" not in page
    for name, value in FORM.items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in page
    sent = site.send(f"{ACTIVITY}/register", FORM)
    assert sent.headers["location"] == f"/registrations/{REGISTRATION}"
    assert [wish["ticket"] for wish in network.asked] == [None, "a-ticket"]


def test_nobody_waits_for_what_is_not_to_be_had(site: Any, network: Any) -> None:
    register(site, network)
    network.stored_activities["co-training-2026-winter"]["status"] = "closed"
    assert "data-send-now" in site.get(ROOM).text


def test_the_ticket_is_for_the_form_that_waited(site: Any, network: Any) -> None:
    register(site, network)
    site.send(f"{ACTIVITY}/register", {**FORM, "key": "k-2"})
    assert network.asked[-1]["ticket"] is None


def test_once_registered_nothing_waits_any_more(site: Any, network: Any) -> None:
    register(site, network)
    network.answer = Accepted(REGISTRATION, ())
    site.send(f"{ACTIVITY}/register", FORM)
    assert site.get(ROOM).headers["location"] == ACTIVITY


def test_who_is_not_in_line_sees_the_activity(site: Any) -> None:
    assert site.sign_in().get(ROOM).headers["location"] == ACTIVITY


def test_who_is_not_signed_in_signs_in_first(site: Any) -> None:
    assert site.get(ROOM).headers["location"].startswith("/sign-in?return=")


def test_the_api_says_where_one_stands_and_when_to_come_again(site: Any, network: Any) -> None:
    network.answer = IN_LINE
    site.sign_in()
    headers = {"idempotency-key": "k", "accept-language": "en"}
    address = f"/api/v1{ACTIVITY}/registrations"
    answer = site.runner.run(site.client.post(address, json={"pool": "onsite"}, headers=headers))
    problem = answer.json()
    assert (answer.status_code, problem["code"], answer.headers["retry-after"]) == (429, "waiting_room", "30")
    assert problem["details"] == {"place": 7, "ticket": "a-ticket"}
    again = {"pool": "onsite", "ticket": "a-ticket"}
    site.runner.run(site.client.post(address, json=again, headers=headers))
    assert network.asked[-1]["ticket"] == "a-ticket"


@pytest.mark.parametrize(
    ("seconds", "after"), [(0.2, 1), (1.5, 1), (3, 2), (10, 2), (30, 6), (100, 20), (900, 20)]
)
def test_how_long_until_it_looks_again(seconds: float, after: int) -> None:
    assert look_after(seconds) == after
