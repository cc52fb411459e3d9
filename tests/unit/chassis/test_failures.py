"""Given a message that failed, then where its copy goes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gongxue_chassis.errors import Poison, TryLater
from gongxue_chassis.failures import after, park
from gongxue_chassis.inbox import Delivery
from gongxue_chassis.origin import Origin


def delivery(**headers: Any) -> Delivery:
    return Delivery("q.facts", b"body", {"traceparent": "t", **headers}, "text/plain", "m-1")


@pytest.mark.parametrize(
    ("attempt", "exchange", "key"),
    [
        (1, "retry.toy", "q.facts.retry.5s"),
        (2, "retry.toy", "q.facts.retry.1m"),
        (3, "retry.toy", "q.facts.retry.10m"),
        (4, "parking.toy", ""),
    ],
)
def test_it_is_tried_again_after_longer_and_longer_then_parked(attempt: int, exchange: str, key: str) -> None:
    copy = after(delivery(**{"x-attempt": attempt}), "toy", RuntimeError("bug"))
    assert (copy.exchange, copy.routing_key, copy.body, copy.message_id) == (exchange, key, b"body", "m-1")
    assert copy.headers["x-attempt"] == attempt + (exchange == "retry.toy")
    assert (copy.headers["x-reason"], copy.headers["x-detail"]) == ("handler_raised", "RuntimeError('bug')")
    assert (copy.headers["x-queue"], copy.headers["traceparent"]) == ("q.facts", "t")


def test_a_copy_tells_whom_it_is_from_and_nothing_that_would_lead_it_elsewhere() -> None:
    came = replace(
        delivery(CC=["gateway.facts"], BCC=["x"], stream="s", odd=[1], traceparent=7),
        origin=Origin("registration", "events", "nchu.registration.seat_confirmed.v1"),
    )
    copy = park(came, "toy", "why")
    told = {
        name: value for name, value in copy.headers.items() if name not in ("x-first-seen", "x-parked-id")
    }
    assert told == {
        "stream": "s",
        "x-user": "registration",
        "x-exchange": "events",
        "x-routing-key": "nchu.registration.seat_confirmed.v1",
        "x-queue": "q.facts",
        "x-reason": "why",
        "x-detail": "",
        "x-attempt": 1,
    }


def test_poison_is_parked_at_once() -> None:
    copy = after(delivery(), "toy", Poison("wrong_schema", "no person"))
    assert (copy.exchange, copy.headers["x-reason"], copy.headers["x-detail"]) == (
        "parking.toy",
        "wrong_schema",
        "no person",
    )


def test_what_is_missing_keeps_its_own_reason() -> None:
    assert (
        after(delivery(), "toy", TryLater("unknown_contact", "p-1")).headers["x-reason"] == "unknown_contact"
    )


@pytest.mark.parametrize("attempt", ["many", -3, None, 10**9])
def test_a_forged_attempt_count_does_no_harm(attempt: Any) -> None:
    assert after(delivery(**{"x-attempt": attempt}), "toy", RuntimeError()).exchange in {
        "retry.toy",
        "parking.toy",
    }


def test_the_first_time_it_was_seen_is_kept_and_the_brokers_own_trail_is_not() -> None:
    copy = park(
        delivery(**{"x-first-seen": "2026-12-01T00:00:00+00:00", "x-death": [{}]}), "toy", "why", "x" * 900
    )
    assert copy.headers["x-first-seen"] == "2026-12-01T00:00:00+00:00"
    assert "x-death" not in copy.headers
    assert len(copy.headers["x-detail"]) == 500
