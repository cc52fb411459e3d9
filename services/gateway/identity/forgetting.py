"""What identity keeps of a person, for whoever exports or erases it."""

from __future__ import annotations

from typing import Any

from pymongo.asynchronous.database import AsyncDatabase

from gateway.identity.notices import Notices
from gateway.identity.sealing import fingerprint
from gateway.storage import IDENTITIES, MAIL_LINKS, SESSIONS, SIGN_IN_ATTEMPTS, Document

_HELD = ((IDENTITIES, "person"), (SESSIONS, "person"), (SIGN_IN_ATTEMPTS, "person"))


async def forget(database: AsyncDatabase[Document], notices: Notices, person: str, email: str) -> int:
    """Erase it all; how many documents that were. Whoever is signed in as the person is nobody within two seconds.

    Raises PyMongoError; it may be called again.
    """
    erased = 0
    for collection, field in _HELD:
        erased += (await database[collection].delete_many({field: person})).deleted_count
    asked = await database[MAIL_LINKS].delete_many({"address": fingerprint(email.lower())})
    await notices.mark_stale(person=person)
    return erased + asked.deleted_count


async def held(database: AsyncDatabase[Document], person: str) -> dict[str, list[dict[str, Any]]]:
    """The same as plain values, for an export."""
    ways = await database[IDENTITIES].find({"person": person}).to_list()
    sessions = await database[SESSIONS].find({"person": person}).to_list()
    return {
        "identities": [{name: one[name] for name in ("issuer", "sub", "linked_at")} for one in ways],
        "sessions": [
            {name: one[name] for name in ("begun", "seen", "expires", "provider", "agent")}
            for one in sessions
        ],
    }
