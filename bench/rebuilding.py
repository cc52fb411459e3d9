"""P10: how fast the read model is made anew from the logs, with everything else running, and what memory that takes."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bench.people import Client
from bench.running import Running

_LOOK_SECONDS = 0.1
_END_SECONDS = 3_600.0


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """`facts` were applied in `seconds`, from the first question to the services until the new one was shown.

    `before` and `most`: MiB (PSS) of each part before, and the most of it meanwhile.
    """

    facts: int
    seconds: float
    before: dict[str, float]
    most: dict[str, float]

    @property
    def rate(self) -> float:
        """Facts a second."""
        return self.facts / self.seconds


async def rebuild(copy: Running) -> Rebuilt:
    """Ask for it as the operator's command does, and wait. Raises TimeoutError."""
    before = copy.processes.memory()
    most = dict(before)
    async with Client(copy.mongo_uri("gateway"), tz_aware=True) as client:
        state = client.get_default_database()["read_model"]
        await _ask(state)
        await _phase(state, {"replaying", "switched"})
        begun, looked = time.monotonic(), 0.0
        async with asyncio.timeout(_END_SECONDS):
            while (await _rebuild(state))["phase"] == "replaying":
                await asyncio.sleep(_LOOK_SECONDS)
                if time.monotonic() - looked > 1:
                    looked = time.monotonic()
                    most = {
                        name: max(mib, most.get(name, 0.0)) for name, mib in copy.processes.memory().items()
                    }
        seconds = time.monotonic() - begun
        facts = (await _rebuild(state))["applied"]
        await _phase(state, {"done"})
    return Rebuilt(facts, seconds, before, most)


async def _ask(state: Any) -> None:
    now = datetime.now(UTC)
    wish = {"id": now.strftime("%Y%m%dt%H%M%S"), "phase": "asked", "since": now, "asked_at": now}
    begun = {"rebuild": {**wish, "applied": 0, "done": {}}, "next": None}
    first = {"number": 1, "active": ""}
    await state.update_one({"_id": "pointer"}, {"$set": begun, "$setOnInsert": first}, upsert=True)


async def _phase(state: Any, wanted: set[str]) -> None:
    async with asyncio.timeout(_END_SECONDS):
        while (await _rebuild(state))["phase"] not in wanted:  # noqa: ASYNC110 - nobody could tell us
            await asyncio.sleep(_LOOK_SECONDS)


async def _rebuild(state: Any) -> dict[str, Any]:
    found: dict[str, Any] = (await state.find_one({"_id": "pointer"}))["rebuild"]
    return found
