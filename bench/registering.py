"""P1 and P3: registering through HTTP, many at once and one after the other."""

from __future__ import annotations

import asyncio
import json
import statistics
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from bench.load import Answer, Run, drive, request
from bench.people import Client, Visitor, open_activity
from bench.processes import Spent
from bench.running import Running

_DRAIN_SECONDS = 300.0
_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Rush:
    """One round. `counted` were answered 201 and found in the log; mails arrived `mails_after` seconds from the start.

    `spent` is the processor time until the last answer, `spent_in_all` until the last mail.
    """

    run: Run
    counted: int
    mails_after: float
    spent: Spent
    spent_in_all: Spent

    @property
    def rate(self) -> float:
        """Registrations a second that count."""
        return self.counted / self.run.seconds


def form(copy: Running, visitor: Visitor, activity: str) -> bytes:
    """A person's request to register: the four fields as their card says them."""
    body = {"pool": "onsite", "waiting_list": True, "name": visitor.name, "language": visitor.language}
    headers = {"Cookie": visitor.cookie, "Idempotency-Key": uuid.uuid4().hex}
    path = f"/api/v1/activities/{activity}/registrations"
    return request("POST", path, copy.host, headers, json.dumps(body).encode())


async def rush(copy: Running, visitors: Sequence[Visitor], at_once: int) -> Rush:
    """All register for a new activity, `at_once` at a time; then wait until everybody has their mail."""
    activity = await open_activity(copy)
    asked = [form(copy, visitor, activity) for visitor in visitors]
    mails = await mails_received(copy)
    before, begun = copy.processes.spent(), time.monotonic()
    run = await drive(copy.host, asked, at_once)
    answered = copy.processes.spent()
    mails_after = await _mails(copy, mails + len(visitors)) - begun
    # The catcher holds them in memory, where no mail server would.
    await drive(copy.mails_host, [request("DELETE", "/api/v1/messages", copy.mails_host)], 1)
    return Rush(
        run,
        await counted(copy, activity, run.answers),
        mails_after,
        answered.since(before),
        copy.processes.spent().since(before),
    )


async def one_by_one(copy: Running, visitors: Sequence[Visitor]) -> Rush:
    """The same, one at a time."""
    return await rush(copy, visitors, 1)


async def counted(copy: Running, activity: str, answers: Sequence[Answer]) -> int:
    """How many were answered 201 and have their seat in the log."""
    promised = {json.loads(answer.body)["id"] for answer in answers if answer.status == 201}
    seated: set[str] = set()
    async with Client(copy.mongo_uri("registration")) as client:
        commits = client.get_default_database()["commits"]
        async for commit in commits.find({"stream": f"activity:{activity}"}, {"facts": 1}):
            facts = (fact for fact in commit["facts"] if fact["type"] == "SeatConfirmed")
            seated |= {fact["data"]["registration"] for fact in facts}
    return len(promised & seated)


def median(rounds: Sequence[Rush]) -> Rush:
    """The round of the median rate."""
    return sorted(rounds, key=lambda one: one.rate)[len(rounds) // 2]


def spread(values: Sequence[float]) -> str:
    """Each value, and the median."""
    return f"{', '.join(f'{value:,.0f}' for value in values)}; median {statistics.median(values):,.0f}"


async def mails_received(copy: Running) -> int:
    """How many mails the catcher has taken since it started."""
    asked = request("GET", "/api/v1/info", copy.mails_host)
    received: int = json.loads((await drive(copy.mails_host, [asked], 1)).answers[0].body)["Received"]
    return received


async def _mails(copy: Running, expected: int) -> float:
    """When they were all there. Raises TimeoutError."""
    async with asyncio.timeout(_DRAIN_SECONDS):
        while await mails_received(copy) < expected:  # noqa: ASYNC110 - nobody could tell us
            await asyncio.sleep(_LOOK_SECONDS)
    return time.monotonic()
