"""P4: five thousand people for five hundred seats, all at the moment at which registration opens."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.load import Answer, Run, drive
from bench.people import Visitor, open_activity
from bench.registering import counted, form
from bench.running import Running

SEATS = 500
AT_ONCE = 128
_PATIENCE_SECONDS = 120.0
_SOLD_OUT = b'"code":"waiting_list_full"'
_RETRY_AFTER = b"retry-after: "


@dataclass(frozen=True, slots=True)
class Opening:
    """`sold` seats, the last one `last_seat` seconds after the opening; `everybody` knew after so many seconds.

    `sold_out` and `in_line` are the answers that said so; `seats` those that brought one. `asked` is how often people
    asked, all in all.
    """

    sold: int
    counted: int
    last_seat: float
    everybody: float
    sold_out: Run
    in_line: Run
    seats: Run
    asked: int


class Lost(Exception):
    """An answer that should not come in a rush."""


async def rush(copy: Running, visitors: Sequence[Visitor]) -> Opening:
    """Everybody asks, and who is told to stand in line comes again when it is time, until all know."""
    activity = await open_activity(copy, SEATS)
    begun = time.perf_counter()
    answers: list[Answer] = []
    left = [form(copy, visitor, activity) for visitor in visitors]
    while left:
        if time.perf_counter() - begun > _PATIENCE_SECONDS:
            raise Lost(f"{len(left)} people do not know yet")
        run = await drive(copy.host, left, AT_ONCE)
        answers += run.answers
        again = [
            (asked, answer) for asked, answer in zip(left, run.answers, strict=True) if answer.status == 429
        ]
        left = [asked for asked, _ in again]
        if left:
            await asyncio.sleep(min(_retry_after(answer) for _, answer in again))
    _check(answers)
    seats = _of(answers, 201)
    return Opening(
        len(seats.answers),
        await counted(copy, activity, answers),
        max(answer.at for answer in seats.answers) - begun,
        max(answer.at for answer in answers) - begun,
        _of(answers, 409),
        _of(answers, 429),
        seats,
        len(answers),
    )


def _of(answers: Sequence[Answer], status: int) -> Run:
    return Run([answer for answer in answers if answer.status == status], 1.0)


def _check(answers: Sequence[Answer]) -> None:
    """Nothing but seats, places in line and "sold out"."""
    for answer in answers:
        if answer.status not in (201, 409, 429) or (answer.status == 409 and _SOLD_OUT not in answer.body):
            raise Lost(f"{answer.status} {json.dumps(answer.body.decode())}")


def _retry_after(answer: Answer) -> int:
    head = answer.head.lower()
    start = head.index(_RETRY_AFTER) + len(_RETRY_AFTER)
    return int(head[start:].split(b"\r", 1)[0])
