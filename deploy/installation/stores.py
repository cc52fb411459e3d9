"""The databases: a user each that can reach nothing else, and the indexes that the services rely on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pymongo import ASCENDING, IndexModel, MongoClient
from pymongo.database import Database
from pymongo.errors import OperationFailure, PyMongoError

DATABASES = ("gateway", "registration", "directory", "notification")
_USER_NOT_FOUND = 11


@dataclass(frozen=True)
class Index:
    """An index over `keys`, all ascending. `expires`: seconds after the time in its only key."""

    keys: tuple[str, ...]
    unique: bool = False
    sparse: bool = False
    expires: int | None = None
    only: Mapping[str, Any] = field(default_factory=dict)

    def model(self) -> IndexModel:
        """As pymongo takes it. The name follows from the keys, so that a change of options is refused, not doubled."""
        options: dict[str, Any] = {"name": "_".join(self.keys)}
        if self.unique:
            options["unique"] = True
        if self.sparse:
            options["sparse"] = True
        if self.expires is not None:
            options["expireAfterSeconds"] = self.expires
        if self.only:
            options["partialFilterExpression"] = dict(self.only)
        return IndexModel([(key, ASCENDING) for key in self.keys], **options)


KEPT_COMMANDS_SECONDS = 7 * 24 * 3600
"""How long one can ask what became of a command that was not answered in time."""
KEPT_TOKENS_SECONDS = 30 * 24 * 3600
"""How long it is known of a token that it has been there."""

KEPT_NOTICES_SECONDS = 10 * 60
"""Twice as long as a session goes without being looked up."""

COMMIT_LOG = {
    "commits": (
        Index(("stream", "seq"), unique=True),
        Index(("pending", "stream", "seq"), sparse=True),
        Index(("seq", "stream"), only={"seq": 1}),
    ),
    "pieces": (Index(("stream", "seq", "piece")),),
    "timers": (Index(("armed", "next"), sparse=True),),
}

INDEXES: Mapping[str, Mapping[str, tuple[Index, ...]]] = {
    "registration": COMMIT_LOG,
    "directory": COMMIT_LOG,
    "gateway": {
        "activities": (
            Index(("listed", "sort")),
            Index(("listed", "host", "sort")),
            Index(("listed", "kind", "sort")),
        ),
        "registrations": (
            Index(("person", "activity")),
            Index(("activity", "pool", "status", "order")),
            Index(("activity", "school", "status")),
        ),
        "roles": (Index(("person",)), Index(("scope",))),
        "sig_members": (Index(("sig", "status")), Index(("person",))),
        "people": (Index(("untold",), sparse=True), Index(("school",))),
        "commands": (Index(("created",), expires=KEPT_COMMANDS_SECONDS), Index(("person",))),
        "identities": (Index(("person",)),),
        "sessions": (
            Index(("person",)),
            Index(("issuer", "sub")),
            Index(("issuer", "sid")),
            Index(("expires",), expires=0),
        ),
        "sign_in_attempts": (Index(("client", "at")), Index(("expires",), expires=0)),
        "mail_links": (Index(("address", "at")), Index(("client", "at")), Index(("expires",), expires=0)),
        "stale": (Index(("at",), expires=KEPT_NOTICES_SECONDS),),
        "calendars": (Index(("person",), unique=True),),
        "consents": (Index(("person",)),),
        "exports": (Index(("person",)), Index(("complete",))),
        "erasures": (Index(("address",), unique=True), Index(("state",))),
        "roster_views": (Index(("activity", "at")), Index(("at",))),
        "tokens": (
            Index(("person", "kind")),
            Index(("school", "kind")),
            Index(("expires",), expires=KEPT_TOKENS_SECONDS),
        ),
    },
    "notification": {
        "activities": (Index(("activity",)),),
        "deliveries": (Index(("state", "due")), Index(("person", "state")), Index(("done",), sparse=True)),
        "registrations": (Index(("activity",)), Index(("person",))),
        "sign_in_mails": (Index(("expires",), expires=0),),
    },
}
"""Database -> collection -> its indexes."""


class StoreAway(Exception):
    """The store does not answer (yet)."""


class StoreRefused(Exception):
    """The store does not take a user or an index; the message says which."""


def apply(client: MongoClient[Any], passwords: Mapping[str, str]) -> Iterator[str]:
    """Create what is missing, and say what was done, a line for each database. Doing it again changes nothing.

    `passwords`: database -> the password of its user, who has the database's name. Raises StoreAway, StoreRefused.
    """
    for name in DATABASES:
        try:
            _user(client, name, passwords[name])
            count = create_indexes(client[name], name)
        except OperationFailure as error:
            raise StoreRefused(f"database {name}: {error}") from error
        except PyMongoError as error:
            raise StoreAway(str(error)) from error
        yield f"store: database {name} with its user and {count} indexes"


def create_indexes(database: Database[Any], service: str) -> int:
    """Create what this service's collections need, here; how many indexes that are. Raises pymongo's errors."""
    count = 0
    for collection, indexes in INDEXES[service].items():
        database[collection].create_indexes([index.model() for index in indexes])
        count += len(indexes)
    return count


def _user(client: MongoClient[Any], name: str, password: str) -> None:
    roles = [{"role": "readWrite", "db": name}]
    try:
        client[name].command("updateUser", name, pwd=password, roles=roles)
    except OperationFailure as error:
        if error.code != _USER_NOT_FOUND:
            raise
        client[name].command("createUser", name, pwd=password, roles=roles)
