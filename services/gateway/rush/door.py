"""What can be answered at the door: that no seat is left, or that an activity takes nobody, without asking its service.

Nobody may be refused while a seat is free. What this process remembers is only a reason to look: the refusal itself
rests on a read of the store that began after the wish came. And whoever makes room writes that into the store before
anybody is told of it (`own_writes`): room that anybody can know of is there to be seen. Whoever comes while a read is
under way waits for the next one, so that a crowd costs one read after the other, whatever its size.

A wish is sent on, and its service decides, whenever it may have been decided before: its person holds a registration,
its command is kept, or it was sent from here and has no answer yet, or only just has one; shortly after a start, when
the last process may have left wishes without an answer; and whenever the store does not answer soon, or the read model
is old.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from pymongo.errors import PyMongoError

from gateway.actions import Refused
from gateway.read_model.documents import Activity

START_SECONDS = 5.0
"""For so long after a start all wishes are sent on."""
LOOK_SECONDS = 0.5
"""A store that takes longer is not waited for."""
UNANSWERED_SECONDS = 600.0
"""For so long a wish that was sent is sent again when it comes again."""
ANSWERED_SECONDS = 60.0
"""For so long once it has its answer: by then the store has heard of it, even if it did not take it at once."""
MOST_REMEMBERED = 50_000

_WHY_NOT_OPEN = {"draft": "not_published", "closed": "closed", "cancelled": "activity_cancelled"}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody asks for a seat; `command` is the id under which the service would know it."""

    command: str
    person: str
    activity: str
    pool: str
    waiting_list: bool


class Known(Protocol):
    """What the door reads. Raises PyMongoError when the store is away."""

    async def activity(self, activity: str) -> Activity | None:
        """As it was a moment ago; None if that says nothing of now."""
        ...

    async def activity_now(self, activity: str) -> Activity | None:
        """As it is, read from the store."""
        ...

    async def maybe_decided(self, activity: str, wishes: dict[str, str]) -> set[str]:
        """Of these commands (command -> person) those that may have been decided, or kept, before."""
        ...


class _Lately:
    """What was added within the last `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._added: dict[str, float] = {}

    def add(self, key: str) -> None:
        now = asyncio.get_running_loop().time()
        self._added.pop(key, None)
        self._added[key] = now
        while self._added[oldest := next(iter(self._added))] < now - self._seconds:
            del self._added[oldest]

    def discard(self, key: str) -> None:
        self._added.pop(key, None)

    def __contains__(self, key: str) -> bool:
        added = self._added.get(key)
        return added is not None and added >= asyncio.get_running_loop().time() - self._seconds


@dataclass(slots=True)
class _Doubt:
    """A wish that waits to be looked at."""

    wish: Wish
    found: asyncio.Future[Refused | None]


class Door:
    """Times in seconds. One for each process."""

    def __init__(self, known: Known, start: float = START_SECONDS) -> None:
        self._known = known
        self._opens = time.monotonic() + start
        self._doubts: dict[str, list[_Doubt]] = {}
        self._looking: dict[str, asyncio.Task[None]] = {}
        self._refused: dict[str, Refused] = {}
        self._unanswered = _Lately(UNANSWERED_SECONDS)
        self._answered = _Lately(ANSWERED_SECONDS)

    async def refusal(self, wish: Wish) -> Refused | None:
        """Why the wish is refused here and now; None: send it on."""
        try:
            remembered = await self._known.activity(wish.activity)
        except PyMongoError:
            return None
        if why_not(remembered, wish, datetime.now(UTC)) is None:
            return None
        if time.monotonic() < self._opens:
            return None
        if wish.command in self._unanswered or wish.command in self._answered:
            return None
        if (before := self._refused.get(wish.command)) is not None:
            return before  # asked again under the same key, it gets the same answer
        return await self._doubt(wish)

    def sent(self, wish: Wish) -> None:
        """The wish goes to its service: until it is `answered` it may have been decided."""
        self._unanswered.add(wish.command)

    def answered(self, wish: Wish) -> None:
        """What became of the wish is known: if it was granted, the store has it, or will have it soon."""
        self._unanswered.discard(wish.command)
        self._answered.add(wish.command)

    async def _doubt(self, wish: Wish) -> Refused | None:
        doubt = _Doubt(wish, asyncio.get_running_loop().create_future())
        self._doubts.setdefault(wish.activity, []).append(doubt)
        if wish.activity not in self._looking:
            self._looking[wish.activity] = asyncio.create_task(self._look(wish.activity))
        return await doubt.found

    async def _look(self, activity: str) -> None:
        """Read for those who have come, then for those who came meanwhile, until nobody has."""
        try:
            while doubts := self._doubts.pop(activity, None):
                refusals = await self._refusals(activity, [doubt.wish for doubt in doubts])
                for doubt in doubts:
                    if not doubt.found.done():
                        doubt.found.set_result(refusals.get(doubt.wish.command))
        finally:
            del self._looking[activity]
            for doubt in self._doubts.pop(activity, ()):
                doubt.found.cancel()

    async def _refusals(self, activity: str, wishes: list[Wish]) -> dict[str, Refused]:
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                now = await self._known.activity_now(activity)
                found = {wish.command: refused for wish, refused in _refused(now, wishes)}
                if found:
                    people = {wish.command: wish.person for wish in wishes if wish.command in found}
                    for command in await self._known.maybe_decided(activity, people):
                        del found[command]
        except (PyMongoError, TimeoutError) as error:
            _log.warning("the door sends everybody on: %r", error)
            return {}
        self._remember(found)
        return found

    def _remember(self, found: dict[str, Refused]) -> None:
        self._refused |= found
        while len(self._refused) > MOST_REMEMBERED:
            del self._refused[next(iter(self._refused))]


def why_not(activity: Activity | None, wish: Wish, now: datetime) -> str | None:
    """The code with which the activity's service would refuse the wish, as far as this document tells; or None."""
    if activity is None:
        return None
    if activity["status"] != "published":
        return _WHY_NOT_OPEN.get(activity["status"])
    if now >= activity["ends_at"]:
        return "activity_over"
    pool = activity["seats"].get(wish.pool)
    if pool is None or pool["taken"] < pool["limit"]:
        return None
    if not wish.waiting_list:
        return "pool_full"
    return "waiting_list_full" if pool["waiting"] >= activity["waiting_limit"] else None


def _refused(activity: Activity | None, wishes: Iterable[Wish]) -> Iterable[tuple[Wish, Refused]]:
    now = datetime.now(UTC)
    for wish in wishes:
        code = why_not(activity, wish, now)
        if code is not None:
            details = {"pool": wish.pool} if code in ("pool_full", "waiting_list_full") else {}
            yield wish, Refused(wish.command, code, details)
