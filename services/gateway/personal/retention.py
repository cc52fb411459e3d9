"""How long what is kept: one table, applied by a timer. docs/privacy.md shows it, and a test holds the two together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pymongo.database import Database

from gateway.personal.erasures import begun_erasure
from gateway.read_model.generations import read_pointer
from gateway.storage import (
    CALENDARS,
    COMMANDS,
    CONSENTS,
    ERASED,
    ERASURES,
    EXPORTS,
    IDENTITIES,
    MAIL_LINKS,
    PEOPLE,
    REGISTRATIONS,
    ROLES,
    ROSTER_VIEWS,
    SESSIONS,
    SIGN_IN_ATTEMPTS,
    STALE,
    TOKENS,
    Document,
)
from gongxue_chassis.log.mongo import reachable

NONE = timedelta()
DAY = timedelta(days=1)
YEAR = timedelta(days=365)
UNUSED = 3 * YEAR

End = Literal["deleted", "person erased", "index", "with the person", "never"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What is kept in a collection, and for how long after the time in `since`.

    `end` says how: `deleted` here, by an `index` of the store, `with the person` when they are erased. `only` narrows
    it to some documents.
    """

    collection: str
    what: str
    end: End
    after: timedelta | None = None
    since: str = ""
    only: tuple[tuple[str, object], ...] = ()


TABLE = (
    Rule(PEOPLE, "name, e-mail address, language, school", "person erased", UNUSED, "kept"),
    Rule(IDENTITIES, "issuer and subject of the university's account", "with the person"),
    Rule(SESSIONS, "when and with which browser one is signed in", "index", NONE, "expires"),
    Rule(SIGN_IN_ATTEMPTS, "that somebody began to sign in", "index", NONE, "expires"),
    Rule(MAIL_LINKS, "e-mail address that a link was sent to", "index", NONE, "expires"),
    Rule(STALE, "that something about a person's session has changed", "index", timedelta(minutes=10), "at"),
    Rule(TOKENS, "name, scopes and use of a token", "index", 30 * DAY, "expires"),
    Rule(CALENDARS, "that there is a secret address", "with the person"),
    Rule(CONSENTS, "what was agreed to, when, to which words", "with the person"),
    Rule(COMMANDS, "wishes that were not answered at once", "index", 7 * DAY, "created"),
    Rule(EXPORTS, "a copy of what our other services hold", "deleted", 7 * DAY, "asked_at"),
    Rule(ROSTER_VIEWS, "who saw which roster or whose membership of a SIG", "deleted", 2 * YEAR, "at"),
    Rule(ERASURES, "how far an erasure has got", "deleted", YEAR, "done_at", (("state", "done"),)),
    Rule(ERASED, "the opaque id of who was erased", "never"),
    Rule(REGISTRATIONS, "what an opaque id was registered for", "never"),
    Rule(ROLES, "which role an opaque id held, where and when", "never"),
)

_BY_COLLECTION: Mapping[str, Rule] = {rule.collection: rule for rule in TABLE}


class Retention:
    """Applies the table. Raises Unavailable when the store is away."""

    def __init__(self, database: Database[Document]) -> None:
        self._database = database

    def apply(self, now: datetime) -> Mapping[str, int]:
        """How many documents were deleted in each collection, and under `people` how many erasures were begun."""
        gone: dict[str, int] = {}
        with reachable():
            for rule in TABLE:
                if rule.end == "deleted" and rule.after is not None:
                    old = {**dict(rule.only), rule.since: {"$lt": now - rule.after}}
                    gone[rule.collection] = self._database[rule.collection].delete_many(old).deleted_count
            gone[PEOPLE] = self._erase_unused(now)
        return {collection: count for collection, count in gone.items() if count}

    def _erase_unused(self, now: datetime) -> int:
        """Whoever has not been here for years is erased as if they had asked for it."""
        people = self._database[PEOPLE]
        # Since when they are unused is not known of those who were kept before it was noted: it begins today.
        people.update_many({"kept": {"$exists": False}}, {"$set": {"kept": now}})
        count = 0
        for person in list(people.find({"kept": {"$lt": now - UNUSED}})):
            if self._used_since(person["_id"], now - UNUSED):
                people.update_one({"_id": person["_id"]}, {"$set": {"kept": now}})
                continue
            begun = begun_erasure(person["_id"], person, "unused", now)
            self._database[ERASURES].update_one({"_id": begun["_id"]}, {"$setOnInsert": begun}, upsert=True)
            count += 1
        return count

    def _used_since(self, person: str, then: datetime) -> bool:
        """Whether they were signed in, or anything happened to a registration of theirs."""
        seen = {"person": person, "seen": {"$gt": then}}
        changed = {"person": person, "changed_at": {"$gt": then}}
        registrations = f"{REGISTRATIONS}{read_pointer(self._database).active}"
        return bool(
            self._database[SESSIONS].find_one(seen) or self._database[registrations].find_one(changed)
        )


def rule_of(collection: str) -> Rule:
    """What holds for a collection. Raises KeyError."""
    return _BY_COLLECTION[collection]
