"""How far an erasure has got, as its person and operators read it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.personal.erasures import SERVICES, Erasure
from gateway.web.erasure_views import ErasureView, view
from gateway.web.rendering import pages

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def shown(state: str, *answered: str, **more: Any) -> ErasureView:
    done = NOW if state == "done" else None
    erasure = Erasure("e", state, "asked", NOW, done, answered=dict.fromkeys(answered, NOW), **more)
    return view(erasure, pages().speech("en"))


def test_every_service_is_listed_with_its_answer() -> None:
    found = shown("done", *SERVICES, given_back=2, told_at=NOW)

    assert [(step.who, step.words) for step in found.steps] == [
        ("Pages and accounts", "Your data here were deleted, and nobody can sign in as you"),
        ("Registrations", "2 registrations that stood were cancelled"),
        ("Schools and roles", "You hold no role any more"),
        ("Partners", "Every partner was told to delete what it has of you"),
        ("Notices", "The notices and your address were deleted"),
        ("", "All is erased"),
    ]
    assert len({step.done for step in found.steps}) == 1
    assert found.steps[0].done
    assert found.waits_for == ""


def test_sigs_and_proposals_are_counted_where_there_were_any() -> None:
    found = shown("done", *SERVICES, given_back=1, sigs_left=2, proposals_withdrawn=1)

    assert found.steps[1].words == (
        "1 registration that stood was cancelled · 2 SIGs left · 1 proposal of a SIG withdrawn"
    )


def test_what_has_not_answered_is_still_at_it() -> None:
    found = shown("giving_back", "gateway", "directory", given_back=0)

    assert [step.who for step in found.steps if step.done] == ["Pages and accounts", "Schools and roles"]
    assert [step.words for step in found.steps if not step.done] == [
        "Registrations that stand are being cancelled, and SIGs left",
        "Partners are told next",
        "The notices and your address are being deleted",
        "All is erased",
    ]
    assert found.waits_for == "Registrations · Notices"


def test_what_never_answered_is_said_to_have_not() -> None:
    found = shown("done", "gateway", "directory", "notification", given_back=1, told_at=NOW)

    [missing] = [step for step in found.steps if not step.done]
    assert (missing.who, missing.words) == (
        "Registrations",
        "No answer came; it holds nothing but an opaque id",
    )


@pytest.mark.parametrize("state", ["asked", "giving_back", "forgetting", "done"])
def test_both_languages_have_words_for_every_state(state: str) -> None:
    erasure = Erasure("e", state, "unused", NOW, None, 0)

    told = [view(erasure, pages().speech(language)) for language in ("zh-Hant", "en")]

    assert told[0].state_words != told[1].state_words
    assert all(zh.words != en.words for zh, en in zip(told[0].steps, told[1].steps, strict=True))
