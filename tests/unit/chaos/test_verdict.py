"""Ledger against log: what was promised and is not kept, what happened and nobody asked for."""

from __future__ import annotations

from chaos.ledger import Ledger, Told, Wish
from chaos.replay import Replay
from chaos.verdict import Verdict, differences, judge

from .log import fact, log, published, refused

SEAT = Told(201, registration="r1", standing="confirmed")
FULL = Told(409, "pool_full")


def asked(*tries: int | Told | None, command: str = "r1", kind: str = "register") -> Wish:
    """A wish with what came of each try."""
    wish = Wish(kind, "p-r1", "a", command, "r1")  # type: ignore[arg-type]
    ledger = Ledger()
    for one in tries:
        if isinstance(one, Told):
            ledger.answered(wish, one.status, one)
        else:
            ledger.answered(wish, one)
    return wish


def judged(*wishes: Wish, then: object = None) -> Verdict:
    commits = [[("c-0", [published(1)])], *([[("r1", then)]] if then else [])]
    return judge(Ledger(list(wishes)), {"a": Replay().read(log(*commits))})


def commands(wishes: list[Wish]) -> list[str]:
    return [wish.command for wish in wishes]


TAKEN = [fact("SeatConfirmed", "r1", (1, 1, 0))]


def test_what_was_promised_and_logged_is_kept() -> None:
    assert judged(asked(SEAT), then=TAKEN).clean
    assert judged(asked(None, 503, 202, SEAT, SEAT), then=TAKEN).clean


def test_a_promise_that_the_log_lacks_is_lost() -> None:
    assert commands(judged(asked(SEAT)).lost) == ["r1"]
    assert commands(judged(asked(SEAT), then=refused("closed")).lost) == ["r1"]
    assert commands(judged(asked(Told(201, registration="r1", standing="waiting")), then=TAKEN).lost) == [
        "r1"
    ]


def test_two_different_answers_to_one_wish_contradict_each_other() -> None:
    assert commands(judged(asked(SEAT, FULL), then=TAKEN).contradicted) == ["r1"]


def test_a_refusal_that_was_a_seat_contradicts_the_log() -> None:
    assert commands(judged(asked(FULL), then=TAKEN).contradicted) == ["r1"]


def test_a_registration_that_nobody_asked_for_is_doubled() -> None:
    assert judged(then=TAKEN).doubled == ["r1"]


def test_a_wish_without_a_decision_is_told() -> None:
    assert commands(judged(asked(None, 202), then=TAKEN).undecided) == ["r1"]


def test_only_the_door_may_refuse_without_the_log() -> None:
    unknown = asked(Told(404, "unknown_registration"), command="c-9", kind="cancel")
    assert judged(unknown).clean
    assert judged(asked(FULL)).clean
    assert commands(judged(asked(Told(409, "already_registered"))).lost) == ["r1"]


def test_recovered_is_what_failed_at_first_and_was_decided() -> None:
    assert [
        asked(*tries).recovered for tries in [(None, SEAT), (202, SEAT), (503, FULL), (SEAT, None), (None,)]
    ] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_the_read_model_shows_what_the_log_says() -> None:
    logs = [Replay().read(log([("c-0", [published(1)])], [("r1", TAKEN)]))]
    assert differences(logs, {"r1": "confirmed"}) == []
    assert differences(logs, {"r1": "cancelled"}) == ["r1"]
    assert differences(logs, {}) == ["r1"]
    assert differences(logs, {"r1": "confirmed", "r2": "waiting"}) == ["r2"]
