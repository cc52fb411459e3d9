"""Being signed in: sessions on the server, and the signed cookie that stands for one.

    {"_id": "<hash of the session's id>", "person", "begun", "seen", "expires", "provider": "nchu", "issuer", "sub",
     "sid", "agent": "Firefox · Windows"}

The cookie holds the id, the person as they were when they were looked up last, and when that was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase
from starlette.requests import Request

from gateway.identity import agents
from gateway.identity.notices import Notices
from gateway.identity.sealing import fingerprint, fresh
from gateway.people import Card, document_of
from gateway.storage import SESSIONS, Document

MOST_SHOWN = 100
DEVELOPMENT = "development"


def cookie_name(secure: bool) -> str:
    """With the prefix, a browser takes it from this host alone, over TLS alone."""
    return "__Host-session" if secure else "session"


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody came in: the school (or `development`), and who the provider says they are."""

    provider: str
    issuer: str = ""
    sub: str = ""
    sid: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """One of a person's sessions. `id` names it without being of any use to a thief."""

    id: str
    person: str
    begun: datetime
    seen: datetime
    expires: datetime
    way: Way
    agent: str


class Sessions:
    """Begins, lists and ends sessions. Raises PyMongoError when the store is away. Lifetimes in seconds."""

    def __init__(
        self, database: AsyncDatabase[Document], notices: Notices, *, idle: float, longest: float
    ) -> None:
        self._sessions = database[SESSIONS]
        self._notices = notices
        self._idle = timedelta(seconds=idle)
        self._longest = timedelta(seconds=longest)

    async def begin(self, request: Request, card: Card, way: Way, asked_at: float) -> None:
        """Sign somebody in, in a new session; the one that this browser had ends. `asked_at` as in `remember`."""
        before = request.session.get("id")
        secret, now = fresh(), datetime.now(UTC)
        expires = min(now + self._idle, now + self._longest)
        await self._sessions.insert_one(
            {
                "_id": fingerprint(secret),
                "person": card.person.id,
                "begun": now,
                "seen": now,
                "expires": expires,
                "provider": way.provider,
                "issuer": way.issuer,
                "sub": way.sub,
                "sid": way.sid,
                "agent": agents.named(request.headers.get("user-agent", "")),
            }
        )
        remember(request.session, secret, card, expires, asked_at)
        request.state.person, request.state.session_id = card.person, fingerprint(secret)
        if isinstance(before, str):
            await self._end(fingerprint(before))

    async def sign_out(self, request: Request) -> Session | None:
        """Be nobody again; the session that has ended."""
        secret = request.session.get("id")
        request.session.clear()
        request.state.person = request.state.session_id = None
        return await self._end(fingerprint(secret)) if isinstance(secret, str) else None

    async def still(self, session: str) -> datetime | None:
        """Note that the session is used; until when it lasts then, None if it has ended."""
        now = datetime.now(UTC)
        found = await self._sessions.find_one({"_id": session})
        if found is None or found["expires"] <= now:
            return None
        expires: datetime = min(now + self._idle, found["begun"] + self._longest)
        await self._sessions.update_one({"_id": session}, {"$set": {"seen": now, "expires": expires}})
        return expires

    async def sessions_of(self, person: str) -> list[Session]:
        """A person's sessions that last, the latest used first."""
        found = await self._sessions.find({"person": person}).limit(MOST_SHOWN).to_list()
        now = datetime.now(UTC)
        lasting = [_session(one) for one in found if one["expires"] > now]
        return sorted(lasting, key=lambda one: one.seen, reverse=True)

    async def revoke(self, person: str, session: str) -> bool:
        """End one of a person's own sessions, within two seconds everywhere. Whether there was one."""
        if await self._sessions.find_one({"_id": session, "person": person}) is None:
            return False
        return await self._end(session) is not None

    async def revoke_all(self, person: str, *, but: str | None = None) -> int:
        """End all sessions of a person, but the one that is kept; how many they were."""
        return await self._end_all({"person": person}, but)

    async def revoke_from(self, issuer: str, *, sub: str | None, sid: str | None) -> int:
        """End what a provider has ended: the session `sid` of its, or all that `sub` began there."""
        whose: dict[str, Any] = {"issuer": issuer}
        if sid is not None:
            whose["sid"] = sid
        if sub is not None:
            whose["sub"] = sub
        return await self._end_all(whose, None)

    async def _end_all(self, whose: Mapping[str, Any], but: str | None) -> int:
        found = await self._sessions.find(whose, {"_id": 1}).to_list()
        ended = [one["_id"] for one in found if one["_id"] != but]
        for session in ended:
            await self._end(session)
        return len(ended)

    async def _end(self, session: str) -> Session | None:
        """First from the store, then the notice: whoever hears of it finds it gone."""
        found = await self._sessions.find_one({"_id": session})
        await self._sessions.delete_one({"_id": session})
        await self._notices.mark_stale(session=session)
        return _session(found) if found else None


def remember(held: dict[str, Any], secret: str, card: Card, expires: datetime, asked_at: float) -> None:
    """What the cookie says from now on. `asked_at`: when the look-up began, in seconds since the epoch."""
    held.clear()
    held["id"] = secret
    held["person"] = document_of(card)
    held["at"] = int(asked_at * 1000) / 1000  # never later: a millisecond may be another day
    held["until"] = int(expires.timestamp())


def _session(found: Document) -> Session:
    way = Way(found["provider"], found["issuer"], found["sub"], found["sid"])
    return Session(
        found["_id"], found["person"], found["begun"], found["seen"], found["expires"], way, found["agent"]
    )
