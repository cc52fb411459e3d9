"""A person who wants a seat and does not let go: asks under one key until the wish is decided, and writes all down."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from chaos.ledger import UNDECIDED, Ledger, Told, Wish
from chaos.visitor import Answer, Unanswered, Visitor

from gateway.commanding.commands import command_id

LONGEST_PAUSE = 0.5
PATIENCE = 120.0


async def _at_once() -> None:
    """Begin without being held back."""


@dataclass
class Registrant:
    """`before_each` is awaited before a wish is asked for the first time."""

    visitor: Visitor
    ledger: Ledger
    chance: random.Random
    before_each: Callable[[], Awaitable[None]] = _at_once
    _requests: dict[str, tuple[str, str, Any, str]] = field(default_factory=dict)

    async def register(self, activity: str, *, waiting_list: bool, windows: int = 1) -> Wish:
        """Ask for a seat, or a place in line; in several windows at once if need be."""
        key, command = self._new_key(activity)
        wish = Wish("register", self.visitor.person, activity, command, command)
        body = {"pool": "onsite", "waiting_list": waiting_list}
        self._requests[command] = ("POST", f"/activities/{activity}/registrations", body, key)
        await self.before_each()
        self.ledger.open(wish)
        await asyncio.gather(
            self._insist(self.visitor, wish), *(self.again(wish) for _ in range(windows - 1))
        )
        return wish

    async def cancel(self, held: Wish) -> Wish:
        """Give back what the wish has brought."""
        key, command = self._new_key(held.activity)
        wish = Wish("cancel", self.visitor.person, held.activity, command, held.registration)
        self._requests[command] = ("DELETE", f"/registrations/{held.registration}", None, key)
        await self.before_each()
        self.ledger.open(wish)
        await self._insist(self.visitor, wish)
        return wish

    async def again(self, wish: Wish) -> None:
        """The same request once more under the same key, in another window, whatever came of the first."""
        window = self.visitor.double()
        await self._insist(window, wish)
        window.leave()

    def _new_key(self, activity: str) -> tuple[str, str]:
        key = f"k-{len(self._requests)}"
        return key, command_id(self.visitor.person, f"activity:{activity}", key)

    async def _insist(self, window: Visitor, wish: Wish) -> None:
        """Up to `PATIENCE` seconds; a wish that is not decided then stays open in the ledger."""
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE
        pause = 0.02
        while loop.time() < end:
            answer = await self._try(window, wish)
            if answer is not None and _decides(answer):
                return
            if answer is not None and answer.status == 202 and self.chance.random() < 0.5:
                await _watch(window, answer)
            if answer is not None and answer.status == 429:
                await asyncio.sleep(float(answer.headers["retry-after"]))
                continue
            await asyncio.sleep(self.chance.uniform(0.5, 1.0) * pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _try(self, window: Visitor, wish: Wish) -> Answer | None:
        sent = time.time()
        try:
            answer = await window.ask(*self._requests[wish.command])
        except Unanswered:
            self.ledger.answered(wish, None)
            return None
        self.ledger.answered(wish, answer.status, _told(answer) if _decides(answer) else None, sent)
        return answer


async def _watch(window: Visitor, pending: Answer) -> None:
    """Look at the command's own address until it is decided; then the first answer can be had again."""
    path = pending.headers["location"].removeprefix("/api/v1")
    for _ in range(5):
        try:
            answer = await window.ask("GET", path)
        except Unanswered:
            return
        if answer.status != 200 or answer.json()["status"] != "pending":
            return
        await asyncio.sleep(LONGEST_PAUSE)


def _decides(answer: Answer) -> bool:
    """Neither "taken" nor "you are in line" does."""
    return answer.status not in UNDECIDED and answer.status < 500


def _told(answer: Answer) -> Told:
    body = answer.json() or {}
    if answer.status in (200, 201):
        return Told(answer.status, registration=body.get("id", ""), standing=body.get("status", ""))
    return Told(answer.status, body.get("code", ""))
