"""The gateway's database: its collections and how to open it. The installation declares their indexes."""

from __future__ import annotations

from typing import Any

from pymongo import AsyncMongoClient, MongoClient, ReadPreference, WriteConcern
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.database import Database
from pymongo.read_concern import ReadConcern

Document = dict[str, Any]

ACTIVITIES = "activities"
REGISTRATIONS = "registrations"
SCHOOLS = "schools"
ROLES = "roles"
SIGS = "sigs"
SIG_MEMBERS = "sig_members"
READ_MODEL = (ACTIVITIES, REGISTRATIONS, SCHOOLS, ROLES, SIGS, SIG_MEMBERS)
"""Collections that are made of facts alone; there may be several generations of them, see `generations`."""
PEOPLE = "people"
COMMANDS = "commands"
IDENTITIES = "identities"
PROVIDERS = "providers"
SESSIONS = "sessions"
SIGN_IN_ATTEMPTS = "sign_in_attempts"
MAIL_LINKS = "mail_links"
STALE = "stale"
CALENDARS = "calendars"
CONSENTS = "consents"
EXPORTS = "exports"
ERASURES = "erasures"
ERASED = "erased"
ROSTER_VIEWS = "roster_views"
TOKENS = "tokens"


def open_for_web(uri: str) -> AsyncDatabase[Document]:
    """The database that the URI names, for pages: an absent store is noticed within half a second.

    A command may look into the store three times, one after the other, and its answer is due within seconds. The
    driver looks for a store every half second, so that anything between is rounded up.

    A store that is merely slow is waited for: its heartbeat may take as long as any operation. With less patience
    one late heartbeat made the driver drop a store that was about to answer, and all that was asked of it.

    Its writes are not waited for on disk. What of the read model is lost with a store that dies is written
    again by the worker, whose facts are acknowledged only when they are on disk.
    """
    client: AsyncMongoClient[Document] = AsyncMongoClient(
        uri,
        tz_aware=True,
        appname="gateway web",
        serverSelectionTimeoutMS=500,
        connectTimeoutMS=5_000,
        socketTimeoutMS=5_000,
        maxPoolSize=20,
    )
    return client.get_default_database(write_concern=WriteConcern(w=1))


async def look(database: AsyncDatabase[Document]) -> None:
    """Return if the store is there. Raises PyMongoError if it is away."""
    await database.command("ping")


def open_for_worker(uri: str) -> Database[Document]:
    """The database that the URI names, for facts: acknowledged means on disk, and only what is there is seen."""
    client: MongoClient[Document] = MongoClient(
        uri, tz_aware=True, appname="gateway worker", serverSelectionTimeoutMS=5_000, socketTimeoutMS=20_000
    )
    return client.get_default_database(
        write_concern=WriteConcern(w="majority", j=True),
        read_concern=ReadConcern("majority"),
        read_preference=ReadPreference.PRIMARY,
    )
