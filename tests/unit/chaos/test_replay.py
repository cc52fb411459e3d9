"""The reader of logs finds what is wrong in a log, and nothing in a sound one."""

from __future__ import annotations

from chaos.replay import Replay

from .log import fact, log, published, refused

SOUND = [
    [("c-0", [published(1, waiting_limit=2)])],
    [
        ("c-1", [fact("SeatConfirmed", "r1", (1, 1, 0))]),
        ("c-2", [fact("PlacedOnWaitingList", "r2", (1, 1, 1), place=1)]),
        ("c-3", [fact("PlacedOnWaitingList", "r3", (1, 1, 2), place=2)]),
        ("c-4", refused("waiting_list_full", pool="onsite")),
        ("c-5", refused("already_registered", registration="r1")),
    ],
    [
        (
            "c-6",
            [
                fact("RegistrationCancelled", "r1", (1, 0, 2), was="confirmed"),
                fact("PromotedFromWaitingList", "r2", (1, 1, 1)),
            ],
        )
    ],
]


def kinds(*commits: list[tuple[str, object]]) -> list[str]:
    return [fault.kind for fault in Replay().read(log(*commits)).faults]


def test_a_sound_log_has_no_faults_and_is_told_to_its_end() -> None:
    replay = Replay().read(log(*SOUND))
    assert replay.faults == []
    assert {id: line.status for id, line in replay.registrations.items()} == {
        "r1": "cancelled",
        "r2": "confirmed",
        "r3": "waiting",
    }
    assert replay.registrations["r2"].facts == ["activity:a@2.1", "activity:a@3.1"]
    assert replay.live == {"p-r2": "r2", "p-r3": "r3"}
    assert replay.decisions["c-4"].refused == "waiting_list_full"
    assert replay.decisions["c-6"].facts == (
        ("RegistrationCancelled", "r1"),
        ("PromotedFromWaitingList", "r2"),
    )


def test_a_seat_that_is_not_there_is_oversold() -> None:
    assert kinds(*SOUND[:2], [("c-7", [fact("SeatConfirmed", "r9", (1, 2, 2))])]) == [
        "oversold",
        "out_of_turn",
    ]


def test_a_refusal_while_a_seat_is_free_is_found() -> None:
    assert kinds(SOUND[0], [("c-1", refused("pool_full", pool="onsite"))]) == ["refused_while_free"]
    waits = [("c-1", [fact("PlacedOnWaitingList", "r1", (1, 0, 1), place=1)])]
    assert set(kinds(SOUND[0], waits)) == {"refused_while_free"}


def test_a_full_line_that_has_room_is_found() -> None:
    full = [
        ("c-1", [fact("SeatConfirmed", "r1", (1, 1, 0))]),
        ("c-2", refused("waiting_list_full", pool="onsite")),
    ]
    assert kinds(SOUND[0], full) == ["refused_while_free"]


def test_one_person_in_two_places_is_found() -> None:
    again = [("c-7", [fact("PlacedOnWaitingList", "r9", (1, 1, 3), person="p-r1", place=3)])]
    assert kinds(*SOUND[:2], again) == ["twice"]


def test_a_command_decided_again_is_found() -> None:
    assert kinds(*SOUND, [("c-4", refused("waiting_list_full", pool="onsite"))]) == [
        "twice",
        "refused_while_free",
    ]


def test_whoever_overtakes_is_found() -> None:
    jump = [
        (
            "c-6",
            [
                fact("RegistrationCancelled", "r1", (1, 0, 2), was="confirmed"),
                fact("PromotedFromWaitingList", "r3", (1, 1, 1)),
            ],
        )
    ]
    assert kinds(*SOUND[:2], jump) == ["out_of_turn"]


def test_whoever_waits_while_a_seat_is_free_is_found() -> None:
    gone = [("c-6", [fact("RegistrationCancelled", "r1", (1, 0, 2), was="confirmed")])]
    assert kinds(*SOUND[:2], gone) == ["refused_while_free"]


def test_a_wrong_standing_is_found() -> None:
    assert kinds(SOUND[0], [("c-1", [fact("SeatConfirmed", "r1", (1, 0, 0))])]) == ["wrong"]


def test_a_missing_commit_is_found() -> None:
    first, _, third = log(SOUND[0], [("c-1", refused("closed"))], [("c-2", refused("closed"))])
    assert [fault.kind for fault in Replay().read([first, third]).faults] == ["wrong"]
