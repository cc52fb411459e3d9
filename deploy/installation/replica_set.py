"""A single MongoDB as a replica set of one, which its journalled and majority-acknowledged writes ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from installation.stores import StoreAway, StoreRefused

_ALREADY_INITIALIZED = 23


@dataclass(frozen=True)
class ReplicaSet:
    """Its name, and the `host:port` under which clients find its member."""

    name: str
    member: str

    @classmethod
    def parse(cls, text: str) -> ReplicaSet:
        """Of `name/host:port`. Raises ValueError."""
        name, slash, member = text.partition("/")
        host, colon, port = member.rpartition(":")
        if not (name and slash and host and colon and port.isdecimal()):
            raise ValueError("must be like name/host:port")
        return cls(name, member)


def initiate(client: MongoClient[Any], wanted: ReplicaSet) -> str:
    """Make it one unless it is one; what stands then, in a line. `client` is connected to the member directly.

    Raises StoreAway until the member can be written to, and StoreRefused when it belongs to another set.
    """
    try:
        hello = client.admin.command("hello")
        if "setName" not in hello:
            _begin(client, wanted)
            hello = client.admin.command("hello")
    except OperationFailure as error:
        raise StoreRefused(f"replica set {wanted.name}: {error}") from error
    except PyMongoError as error:
        raise StoreAway(str(error)) from error
    if hello.get("setName", wanted.name) != wanted.name:
        raise StoreRefused(f"the store belongs to the replica set {hello['setName']}, not {wanted.name}")
    if not hello.get("isWritablePrimary"):
        raise StoreAway(f"replica set {wanted.name} has no primary yet")
    return f"store: replica set {wanted.name} of {wanted.member}"


def _begin(client: MongoClient[Any], wanted: ReplicaSet) -> None:
    config = {"_id": wanted.name, "members": [{"_id": 0, "host": wanted.member}]}
    try:
        client.admin.command("replSetInitiate", config)
    except OperationFailure as error:
        if error.code != _ALREADY_INITIALIZED:
            raise
