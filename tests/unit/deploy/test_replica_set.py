"""A store is made a replica set of one, once. The store here is a script of what MongoDB answers on its way there."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import bson
import pytest
from pymongo import MongoClient
from pymongo.server_api import ServerApi

from installation.replica_set import ReplicaSet, initiate
from installation.stores import StoreAway, StoreRefused

WANTED = ReplicaSet("gongxue", "mongo:27017")
OP_MSG = 2013
FRESH = {"isreplicaset": True, "isWritablePrimary": False, "info": "Does not have a valid replica set config"}
CANDIDATE = {"setName": "gongxue", "isWritablePrimary": False, "secondary": True}
PRIMARY = {"setName": "gongxue", "isWritablePrimary": True, "hosts": [WANTED.member]}
ALONE = {"isWritablePrimary": True}

Json = dict[str, Any]


class Member(socketserver.ThreadingTCPServer):
    """Answers with `hello` until it is told to initiate, then with `after` it."""

    daemon_threads = True

    def __init__(self, hello: Json, after: Json, initiated: Json) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.hello, self.after, self.initiated = hello, after, initiated
        self.configs: list[Json] = []

    def answer(self, command: Json) -> Json:
        if "replSetInitiate" in command:
            self.configs.append(command["replSetInitiate"])
            self.hello = self.after
            return self.initiated
        return {"ok": 1, "maxWireVersion": 25, "minWireVersion": 0, "connectionId": 1, **self.hello}


class Conversation(socketserver.StreamRequestHandler):
    server: Member
    header: ClassVar[struct.Struct] = struct.Struct("<iiii")

    def handle(self) -> None:
        while head := self.rfile.read(self.header.size):
            length, request, _, _ = self.header.unpack(head)
            body = self.rfile.read(length - self.header.size)
            reply = b"\0\0\0\0\0" + bson.encode(self.server.answer(bson.decode(body[5:])))
            self.wfile.write(self.header.pack(len(reply) + self.header.size, 0, request, OP_MSG) + reply)


@contextmanager
def member(hello: Json, after: Json = PRIMARY, initiated: Json | None = None) -> Iterator[tuple[Member, Any]]:
    with Member(hello, after, initiated or {"ok": 1}) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        client: Any = MongoClient(
            f"mongodb://127.0.0.1:{server.server_address[1]}/?directConnection=true",
            server_api=ServerApi("1"),  # or it would greet in the words of long ago
            serverSelectionTimeoutMS=5_000,
            serverMonitoringMode="poll",
        )
        try:
            yield server, client
        finally:
            client.close()
            server.shutdown()


def test_a_fresh_store_is_initiated_under_the_name_that_clients_use() -> None:
    with member(FRESH) as (server, client):
        assert initiate(client, WANTED) == "store: replica set gongxue of mongo:27017"
        assert initiate(client, WANTED) == "store: replica set gongxue of mongo:27017"
        assert server.configs == [{"_id": "gongxue", "members": [{"_id": 0, "host": "mongo:27017"}]}]


def test_it_is_away_until_it_has_elected_itself() -> None:
    with member(FRESH, after=CANDIDATE) as (server, client):
        with pytest.raises(StoreAway):
            initiate(client, WANTED)
        server.hello = PRIMARY
        assert initiate(client, WANTED)
        assert len(server.configs) == 1


def test_somebody_else_may_have_initiated_it_in_the_meantime() -> None:
    already = {"ok": 0, "code": 23, "codeName": "AlreadyInitialized", "errmsg": "already initialized"}
    with member(FRESH, initiated=already) as (_, client):
        assert initiate(client, WANTED)


def test_a_store_of_another_set_is_left_alone() -> None:
    with member(PRIMARY | {"setName": "other"}) as (server, client):
        with pytest.raises(StoreRefused, match="belongs to the replica set other, not gongxue"):
            initiate(client, WANTED)
        assert server.configs == []


def test_a_store_that_was_not_started_for_it_says_so() -> None:
    not_started = {
        "ok": 0,
        "code": 76,
        "codeName": "NoReplicationEnabled",
        "errmsg": "not started with --replSet",
    }
    with (
        member(ALONE, initiated=not_started) as (_, client),
        pytest.raises(StoreRefused, match="not started with --replSet"),
    ):
        initiate(client, WANTED)


def test_a_store_that_nobody_reaches_is_away() -> None:
    client: Any = MongoClient("mongodb://127.0.0.1:1/?directConnection=true", serverSelectionTimeoutMS=100)
    with client, pytest.raises(StoreAway):
        initiate(client, WANTED)
