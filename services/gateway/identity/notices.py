"""Notices that what the signed cookies of a session, or of a person, say may not be so any more.

    {"_id": ObjectId, "session": "<its hash>" | "person": "p0123…", "at": datetime}

Whoever revokes a session or changes what somebody may do writes one; every web process reads the new ones once a
second. So a request costs no look-up, and a revocation holds everywhere within two seconds, as long as the store takes
no longer than one to tell them.
"""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime, timedelta

from bson import ObjectId
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import PyMongoError

from gateway.storage import STALE, Document

EVERY_SECONDS = 1.0
SKEW_SECONDS = 5.0
"""By how much the clocks of two processes may differ. So long after a notice one is looked up at each request."""
REMEMBERED_SECONDS = 300.0
"""A cookie that was looked up longer ago is looked up anyway: what is older need not be remembered."""

_log = logging.getLogger(__name__)


def notice(now: datetime, *, person: str | None = None, session: str | None = None) -> Document:
    """A notice as it is stored, for whoever writes with a driver of their own. One of the two is given."""
    whose = {"person": person} if person is not None else {"session": session}
    return {"_id": ObjectId(), **whose, "at": now}


class Notices:
    """What this process knows of what is stale."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._stale = database[STALE]
        self._known: dict[tuple[str, str], float] = {}
        self._read_at = 0.0

    async def mark_stale(self, *, person: str | None = None, session: str | None = None) -> None:
        """Have everything that cookies say of the person, or the session, looked up anew.

        Call it after the change is written. Raises PyMongoError.
        """
        written = notice(datetime.now(UTC), person=person, session=session)
        self._note(written)
        await self._stale.insert_one(written)

    async def outdate(self, person: str) -> None:
        """What cookies say of the person is not so any more. Raises PyMongoError."""
        await self.mark_stale(person=person)

    def is_stale(self, session: str, person: str, looked_up_at: float) -> bool:
        """Whether what was looked up at that time (seconds since the epoch) must be looked up anew."""
        known = self._known
        if not known:
            return False
        newest = max(known.get(("session", session), 0.0), known.get(("person", person), 0.0))
        return newest > looked_up_at - SKEW_SECONDS

    async def read(self) -> None:
        """Take in what others have written since the last time. Raises PyMongoError."""
        now = time.time()
        since = max(self._read_at, now - REMEMBERED_SECONDS) - SKEW_SECONDS
        written = {"$gt": datetime.fromtimestamp(since, UTC)}
        for found in await self._stale.find({"at": written}).to_list():
            self._note(found)
        self._read_at = now
        oldest = now - REMEMBERED_SECONDS - SKEW_SECONDS
        self._known = {whose: at for whose, at in self._known.items() if at > oldest}

    async def follow(self) -> None:
        """Read for as long as the process runs."""
        away = False
        while True:
            begun = time.monotonic()
            try:
                await self.read()
                away = False
            except PyMongoError as error:
                if not away:
                    _log.warning("notices are not read: %s", error)
                away = True
            await asyncio.sleep(pause(time.monotonic() - begun))

    def _note(self, found: Document) -> None:
        kind = "person" if "person" in found else "session"
        whose = (kind, str(found[kind]))
        at: datetime = found["at"]
        self._known[whose] = max(self._known.get(whose, 0.0), at.timestamp())


def pause(took: float) -> float:
    """Seconds until it is time to read again, after a reading that took so long: readings begin once a second."""
    return max(EVERY_SECONDS - took, 0.0)


KEPT = timedelta(seconds=2 * REMEMBERED_SECONDS)
"""How long the store keeps a notice; the installation's index says the same."""
