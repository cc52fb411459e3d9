"""`kill -9` at random moments, among people who go on registering.

Chance comes from a seed: which process, after how many wishes, how much later, for how long it is away. A kill is
due when so many wishes have been begun; nobody begins the next one before it has happened, so that every kill meets
people who wait for an answer.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from onemachine.stack import Stack

VICTIMS = ("registration", "broker", "store", "gateway", "notification", "gateway-worker")
LONGEST_DELAY = 0.05
LONGEST_OUTAGE = 1.0


@dataclass(frozen=True, slots=True)
class Kill:
    """Kill these together when `after` wishes have been begun, `delay` seconds later, and leave them dead a while."""

    after: int
    victims: tuple[str, ...]
    delay: float
    outage: float


def plan(seed: int, wishes: int, kills: int) -> list[Kill]:
    """Kills spread over so many wishes. Each six of them hit every process once; in long plans some hit two at once."""
    chance = random.Random(seed)
    moments = sorted(chance.sample(range(wishes // 20, wishes * 19 // 20), kills))
    victims = list(islice(_victims(chance), kills))
    return [
        Kill(after, who, chance.uniform(0, LONGEST_DELAY), chance.uniform(0, LONGEST_OUTAGE))
        for after, who in zip(moments, victims, strict=True)
    ]


def _victims(chance: random.Random) -> Iterator[tuple[str, ...]]:
    yield from ((name,) for name in chance.sample(VICTIMS, len(VICTIMS)))
    while True:
        for name in chance.sample(VICTIMS, len(VICTIMS)):
            another = chance.choice([other for other in VICTIMS if other != name])
            yield (name, another) if chance.random() < 0.25 else (name,)


@dataclass
class Killer:
    """Carries a plan out. `died` are processes that ended by themselves, which is never right."""

    stack: Stack
    plan: list[Kill]
    done: list[Kill] = field(default_factory=list)
    died: list[str] = field(default_factory=list)
    _begun: int = 0
    _moved: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def let_begin(self) -> None:
        """Called before each wish: waits while a kill is due that has not happened yet."""
        async with self._moved:
            await self._moved.wait_for(lambda: self._due is None or self._begun < self._due.after)
            self._begun += 1
            self._moved.notify_all()

    async def run(self) -> None:
        """Until the plan is done and all is alive again."""
        for kill in self.plan:
            async with self._moved:
                await self._moved.wait_for(lambda: self._begun >= kill.after)  # noqa: B023 - waited for here
            await asyncio.sleep(kill.delay)
            self._note_deaths()
            for name in kill.victims:
                self.stack.process(name).kill9()
            async with self._moved:
                self.done.append(kill)
                self._moved.notify_all()
            await asyncio.sleep(kill.outage)
            self.revive()
            await self._all_back()

    def revive(self) -> None:
        """Start whatever is dead."""
        for process in self.stack.processes:
            process.start()

    @property
    def _due(self) -> Kill | None:
        return self.plan[len(self.done)] if len(self.done) < len(self.plan) else None

    async def _all_back(self) -> None:
        while not all([await asyncio.to_thread(process.is_ready) for process in self.stack.processes]):
            self._note_deaths()
            await asyncio.sleep(0.05)

    def _note_deaths(self) -> None:
        for process in self.stack.processes:
            if not process.running:
                self.died.append(f"{process.name}: exit {process.exit_code}: {process.last_words(2_000)}")
                process.start()
