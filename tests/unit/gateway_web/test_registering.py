"""Registering and cancelling in front of a network in memory: what is asked, what is said of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.actions import Accepted, BusUnavailable, Pending, Refused

ACTIVITY = "/activities/co-training-2026-winter"
REGISTRATION = "0b6cbb1e-3a0e-4f8e-9d0c-6f6a3a5c2b11"
MINE = f"/registrations/{REGISTRATION}"
NEXT_YEAR = datetime.now(UTC) + timedelta(days=365)
FORM = {"key": "k-1", "pool": "onsite", "name": "林美惠", "language": "zh-Hant", "waiting_list": "yes"}


def test_somebody_signed_in_finds_the_form_filled_in(site: Any) -> None:
    page = site.sign_in().get(ACTIVITY, "en")

    assert 'value="林美惠"' in page.text
    assert 'name="key" value="' in page.text


def test_without_a_waiting_list_nobody_is_asked_about_it(site: Any, network: Any, activity: Any) -> None:
    network.add(activity(id="none", waiting_limit=0, ends_at=NEXT_YEAR))
    site.sign_in()

    assert 'name="waiting_list"' in site.get(ACTIVITY).text
    assert 'name="waiting_list"' not in site.get("/activities/none").text


def test_each_form_has_a_key_of_its_own(site: Any) -> None:
    site.sign_in()
    keys = {site.get(ACTIVITY).text.partition('name="key" value="')[2][:36] for _ in range(3)}

    assert len(keys) == 3


def test_registering_asks_once_with_the_key_of_the_form(site: Any, network: Any) -> None:
    network.answer = Accepted(REGISTRATION, ())

    answer = site.sign_in().send(f"{ACTIVITY}/register", FORM)

    assert (answer.status_code, answer.headers["location"]) == (303, MINE)
    assert network.asked == [
        {
            "person": "lin-mei-hui",
            "activity": "co-training-2026-winter",
            "pool": "onsite",
            "waiting_list": True,
            "key": "k-1",
            "name": "林美惠",
            "language": "zh-Hant",
            "ticket": None,
        }
    ]


def test_registering_signed_out_leads_to_the_sign_in(site: Any, network: Any) -> None:
    answer = site.send(f"{ACTIVITY}/register", FORM)

    assert answer.headers["location"] == "/sign-in?return=%2Factivities%2Fco-training-2026-winter"
    assert network.asked == []


def test_errors_stand_beside_their_fields_and_what_was_typed_is_kept(site: Any, network: Any) -> None:
    answer = site.sign_in().send(
        f"{ACTIVITY}/register", {"key": "k-1", "name": "Lin & Co", "pool": "balcony"}, "en"
    )

    assert answer.status_code == 422
    assert '<p class="error" id="pool-error">Choose which seat you want.</p>' in answer.text
    assert '<p class="error" id="language-error">Choose the language of the notices.</p>' in answer.text
    assert 'value="Lin &amp; Co"' in answer.text
    assert answer.text.count("autofocus") == 1
    assert "<title>Error: " in answer.text
    assert network.asked == []


def test_an_empty_name_has_the_focus_when_it_is_all_that_is_wrong(site: Any) -> None:
    answer = site.sign_in().send(f"{ACTIVITY}/register", FORM | {"name": "  "})

    assert 'aria-invalid="true" aria-describedby="name-error" autofocus>' in answer.text


def test_a_refusal_is_said_in_words_and_the_next_try_is_a_new_wish(site: Any, network: Any) -> None:
    network.answer = Refused(REGISTRATION, "waiting_list_full", {"pool": "onsite"})

    answer = site.sign_in().send(f"{ACTIVITY}/register", FORM, "en")

    assert answer.status_code == 409
    assert "All seats are taken and the waiting list is full as well." in answer.text
    assert 'name="pool" value="onsite" id="pool" checked' in answer.text
    assert 'value="k-1"' not in answer.text


def test_who_is_registered_already_is_shown_the_registration(site: Any, network: Any) -> None:
    network.answer = Refused("another", "already_registered", {"registration": REGISTRATION})

    assert site.sign_in().send(f"{ACTIVITY}/register", FORM).headers["location"] == MINE


def test_a_form_that_cannot_be_sent_keeps_its_key_to_be_sent_again(site: Any, network: Any) -> None:
    network.answer = BusUnavailable(7)

    answer = site.sign_in().send(f"{ACTIVITY}/register", FORM, "en")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "7")
    assert "Please send it again in a moment." in answer.text
    assert 'value="k-1"' in answer.text


def test_a_confirmed_registration_says_why(site: Any, network: Any) -> None:
    network.register_for()

    page = site.sign_in().get(MINE, "en")

    assert "You have a seat" in page.text
    assert "There was a seat left when you registered." in page.text


def test_a_promoted_registration_says_why(site: Any, network: Any, now: Any) -> None:
    network.register_for(changed_at=now)

    assert "you were the first in line" in site.sign_in().get(MINE, "en").text


def test_a_waiting_registration_says_its_place(site: Any, network: Any) -> None:
    network.register_for(status="waiting", place=3)

    page = site.sign_in().get(MINE)

    assert "已列入候補：第 3 位" in page.text


def test_a_registration_of_a_cancelled_activity_is_void(site: Any, network: Any) -> None:
    activity = network.stored_activities["co-training-2026-winter"]
    network.add({**activity, "status": "cancelled", "reason": "颱風"})
    network.register_for()

    page = site.sign_in().get(MINE, "en")

    assert "The activity has been cancelled" in page.text
    assert '<span lang="zh-Hant">颱風</span>' in page.text
    assert "/cancel" not in page.text


def test_a_pending_registration_looks_again_without_javascript_and_can_be_told_not_to(
    site: Any, network: Any
) -> None:
    network.outcomes[REGISTRATION] = Pending(REGISTRATION)
    site.sign_in()

    assert '<noscript><meta http-equiv="refresh" content="4"></noscript>' in site.get(MINE).text
    assert "http-equiv" not in site.get(f"{MINE}?refresh=off").text


def test_a_parked_registration_says_that_somebody_looks(site: Any, network: Any) -> None:
    network.outcomes[REGISTRATION] = Pending(REGISTRATION, parked=True)

    assert "somebody will look at it" in site.sign_in().get(MINE, "en").text


def test_a_registration_refused_late_says_why(site: Any, network: Any) -> None:
    network.outcomes[REGISTRATION] = Refused(REGISTRATION, "closed")

    page = site.sign_in().get(MINE, "en")

    assert "You are not registered" in page.text
    assert "Registration for this activity is closed." in page.text


def test_of_two_wishes_the_later_leads_to_the_registration_that_stands(site: Any, network: Any) -> None:
    standing = "0b6b2b3e-6f0e-4c57-9d0c-5f3c5a1b7e11"
    network.outcomes[REGISTRATION] = Refused(REGISTRATION, "already_registered", {"registration": standing})

    assert site.sign_in().get(MINE).headers["location"] == f"/registrations/{standing}"


@pytest.mark.parametrize("charset", ["unicode_escape", "utf-7", "idna", "punycode", "undefined"])
@pytest.mark.parametrize("address", [f"{ACTIVITY}/register", "/me/tokens", "/console/activities/new"])
def test_a_form_of_another_kind_or_character_set_is_refused(site: Any, address: str, charset: str) -> None:
    boundary = "x"
    part = 'Content-Disposition: form-data; name="name"\r\n\r\n\\ud800'
    kind = f"multipart/form-data; boundary={boundary}; charset={charset}"

    answer = site.sign_in().send_raw(address, f"--{boundary}\r\n{part}\r\n--{boundary}--\r\n".encode(), kind)

    assert answer.status_code == 415


def test_a_registration_decided_but_not_heard_of_is_looked_at_again(site: Any, network: Any) -> None:
    network.outcomes[REGISTRATION] = Accepted(REGISTRATION, ())

    assert "http-equiv" in site.sign_in().get(MINE).text


def test_a_seat_that_the_read_model_has_not_heard_of_is_looked_at_again(site: Any, network: Any) -> None:
    network.answer = Accepted(REGISTRATION, ())
    site.sign_in()

    address = site.send(f"{ACTIVITY}/register", FORM).headers["location"]
    assert "Received, not decided yet" in site.get(address, "en").text

    network.register_for()
    assert "You have a seat" in site.get(address, "en").text


def test_somebody_elses_registration_is_not_shown(site: Any, network: Any) -> None:
    network.register_for(person="chen")

    assert site.sign_in().get(MINE).status_code == 403


def test_an_unknown_registration_is_not_found(site: Any) -> None:
    assert site.sign_in().get(MINE).status_code == 404


def test_cancelling_asks_first(site: Any, network: Any) -> None:
    network.register_for()

    page = site.sign_in().get(f"{MINE}/cancel", "en")

    assert "Cancel this registration?" in page.text
    assert "Your seat goes to the next person" in page.text
    assert network.asked == []


def test_cancelling_shows_what_came_of_it(site: Any, network: Any) -> None:
    network.answer = Accepted("c-1", ())

    answer = site.sign_in().send(f"{MINE}/cancel", {"key": "k-9"})

    assert answer.headers["location"] == MINE
    assert network.asked == [{"person": "lin-mei-hui", "registration": REGISTRATION, "key": "k-9"}]


def test_a_cancellation_not_decided_yet_is_looked_at_again(site: Any, network: Any) -> None:
    network.register_for()
    network.answer = network.outcomes["c-1"] = Pending("c-1")
    site.sign_in()

    address = site.send(f"{MINE}/cancel", {"key": "k-9"}).headers["location"]

    assert address == f"{MINE}?command=c-1"
    assert "Received, not decided yet" in site.get(address, "en").text


def test_a_cancellation_can_be_looked_at_without_looking_again(site: Any, network: Any) -> None:
    network.register_for()
    network.outcomes["c-1"] = Pending("c-1")

    page = site.sign_in().get(f"{MINE}?command=c-1")

    assert f'href="{MINE}?command=c-1&amp;refresh=off"' in page.text
    assert "http-equiv" not in site.get(f"{MINE}?command=c-1&refresh=off").text


def test_a_cancellation_that_the_read_model_has_not_heard_of_is_looked_at_again(
    site: Any, network: Any
) -> None:
    network.register_for()
    network.outcomes["c-1"] = Accepted("c-1", ())
    assert "http-equiv" in site.sign_in().get(f"{MINE}?command=c-1").text

    network.register_for(status="cancelled")
    assert "The registration is cancelled" in site.get(f"{MINE}?command=c-1", "en").text


def test_a_cancellation_refused_late_is_a_problem(site: Any, network: Any) -> None:
    network.register_for()
    network.outcomes["c-1"] = Refused("c-1", "activity_over")

    assert site.sign_in().get(f"{MINE}?command=c-1").status_code == 409


def test_a_registration_with_an_unknown_command_is_the_registration(site: Any, network: Any) -> None:
    network.register_for()

    assert "You have a seat" in site.sign_in().get(f"{MINE}?command=x", "en").text


def test_a_cancellation_twice_is_as_good_as_once(site: Any, network: Any) -> None:
    network.answer = Refused("c-1", "already_cancelled")

    assert site.sign_in().send(f"{MINE}/cancel", {"key": "k-9"}).headers["location"] == MINE


def test_a_refused_cancellation_is_a_problem(site: Any, network: Any) -> None:
    network.answer = Refused("c-1", "activity_over")

    assert site.sign_in().send(f"{MINE}/cancel", {"key": "k-9"}).status_code == 409


def test_what_is_cancelled_is_not_asked_about(site: Any, network: Any) -> None:
    network.register_for(status="cancelled")

    assert site.sign_in().get(f"{MINE}/cancel").headers["location"] == MINE


def test_my_registrations_are_those_to_come_and_those_that_ended(site: Any, network: Any) -> None:
    network.register_for()
    network.register_for(id="another", status="cancelled")

    text = site.sign_in().get("/me", "en").text

    assert text.index("To come") < text.index("Confirmed") < text.index("Over or cancelled")
    assert f'href="{MINE}/cancel"' in text


def test_my_registrations_need_a_me(site: Any) -> None:
    assert site.get("/me").headers["location"] == "/sign-in?return=%2Fme"


def test_no_registrations_is_said(site: Any) -> None:
    assert "You are not registered for anything" in site.sign_in().get("/me", "en").text


def test_what_was_done_is_said_once_on_the_page_that_one_comes_to(site: Any, network: Any) -> None:
    network.register_for(status="cancelled")
    network.answer = Accepted("c1", ())
    address = site.sign_in().send(f"/registrations/{REGISTRATION}/cancel", {"key": "k"}).headers["location"]

    said = "已完成：報名已取消。"
    assert f'<p class="toast">{said}</p>' in site.get(address).text
    assert said not in site.get(address).text


def test_a_toast_that_we_never_said_says_nothing(site: Any) -> None:
    assert 'class="toast"' not in site.get("/", cookie="toast=<b>pay here</b>").text


def test_a_cancellation_can_be_undone_by_registering_again(site: Any, network: Any) -> None:
    network.register_for(status="cancelled", pool="online")

    page = site.sign_in().get(f"/registrations/{REGISTRATION}", "en").text

    assert "Undo: register again" in page
    assert f'<form method="post" action="{ACTIVITY}/register"' in page
    assert 'name="pool" value="online"' in page


@pytest.mark.parametrize("now", ["closed", "cancelled"])
def test_a_cancellation_of_what_takes_nobody_any_more_cannot_be_undone(
    site: Any, network: Any, now: str
) -> None:
    [activity] = network.stored_activities.values()
    network.add({**activity, "status": now})
    network.register_for(status="cancelled")

    assert "Undo" not in site.sign_in().get(f"/registrations/{REGISTRATION}", "en").text


def test_how_many_of_ones_school_go_is_said_to_who_is_signed_in(site: Any, network: Any) -> None:
    network.register_for(id="another", person="wu", status="confirmed")

    assert "of your school" not in site.get(ACTIVITY, "en").text
    assert "1 person of your school has a seat." in site.sign_in().get(ACTIVITY, "en").text
