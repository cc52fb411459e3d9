"""The form for registering, as it is made and as it is sent."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.web import forms
from gateway.web.rendering import pages

GOOD = {"key": "k-1", "pool": "online", "name": "林美惠", "language": "en", "waiting_list": "yes"}


def sent(activity: Any, **changes: Any) -> forms.RegisterForm:
    fields = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    return forms.sent(fields, activity(), pages().speech("en"))


def test_a_good_form(activity: Any) -> None:
    assert sent(activity) == forms.RegisterForm("k-1", "online", "林美惠", "en", waiting_list=True)


def test_a_box_that_is_not_ticked_is_not_sent(activity: Any) -> None:
    assert not sent(activity, waiting_list=None).waiting_list


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"pool": None}, ["pool"]),
        ({"pool": "balcony"}, ["pool"]),
        ({"name": ""}, ["name"]),
        ({"name": " \t "}, ["name"]),
        ({"name": "x" * 101}, ["name"]),
        ({"name": "x" * 100}, []),
        ({"name": "bell \x07"}, ["name"]),
        ({"name": "王\u202e小明"}, ["name"]),
        ({"name": "\u3164"}, ["name"]),
        ({"name": "line\nbreak"}, []),
        ({"language": "tlh"}, ["language"]),
        ({"pool": None, "name": None, "language": None}, ["pool", "name", "language"]),
    ],
)
def test_what_is_wrong_is_said_of_its_field(activity: Any, changes: Any, wrong: list[str]) -> None:
    form = sent(activity, **changes)

    assert list(form.errors) == wrong
    assert form.first_error == (wrong[0] if wrong else None)


def test_space_and_line_breaks_in_a_name_are_one_space(activity: Any) -> None:
    assert sent(activity, name="  Maria \n Santos ").name == "Maria Santos"


def test_a_file_in_place_of_a_text_is_no_text(activity: Any) -> None:
    assert list(sent(activity, name=b"bytes").errors) == ["name"]


def test_a_form_without_a_key_gets_one(activity: Any) -> None:
    assert len(sent(activity, key=None).key) == 36


@pytest.mark.parametrize("key", ["x" * 201, "tab\tinside\x00"])
def test_a_key_that_is_none_of_ours_is_replaced(activity: Any, key: str) -> None:
    assert len(sent(activity, key=key).key) == 36


def test_the_only_pool_is_chosen_already(activity: Any, person: Any) -> None:
    one = {"online": {"limit": 5, "taken": 0, "waiting": 0}}

    assert forms.blank(activity(seats=one), person).pool == "online"
    assert forms.blank(activity(), person).pool == ""


def test_after_a_refusal_the_form_is_a_new_wish(activity: Any) -> None:
    again = forms.refused(sent(activity), "No.")

    assert (again.refusal, again.name) == ("No.", "林美惠")
    assert again.key != "k-1"


def test_what_may_have_arrived_is_the_same_wish(activity: Any) -> None:
    assert forms.unsent(sent(activity), "Later.").key == "k-1"
