"""Users and indexes in a real store: they are there, they stay as they are, and nobody reaches another one's data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import DuplicateKeyError, OperationFailure

from installation.stores import DATABASES, INDEXES, StoreAway, StoreRefused, apply
from onemachine.services import passwords
from onemachine.stack import Stack

NOT_AUTHORIZED = 13


@pytest.fixture
def operator(infrastructure: Stack) -> Iterator[MongoClient[Any]]:
    with MongoClient[Any](infrastructure.store.mongo_uri) as client:
        yield client


@pytest.fixture
def connect(infrastructure: Stack) -> Iterator[Callable[..., MongoClient[Any]]]:
    """`connect("gateway")`: a client as the user of that database; with a `password` if not its own."""
    opened: list[MongoClient[Any]] = []
    known = passwords(infrastructure.folder, "store")

    def as_user(name: str, password: str | None = None) -> MongoClient[Any]:
        opened.append(MongoClient(infrastructure.store.uri_of(name, password or known[name], name)))
        return opened[-1]

    yield as_user
    for client in opened:
        client.close()


@pytest.mark.parametrize("name", DATABASES)
def test_every_index_is_there(operator: MongoClient[Any], name: str) -> None:
    for collection, indexes in INDEXES[name].items():
        there = operator[name][collection].index_information()
        for index in indexes:
            found = there["_".join(index.keys)]
            assert [key for key, _ in found["key"]] == list(index.keys)
            assert bool(found.get("unique")) == index.unique
            assert bool(found.get("sparse")) == index.sparse
            assert found.get("expireAfterSeconds") == index.expires


def test_two_commits_of_a_stream_cannot_have_one_number(mongo_uri: str) -> None:
    with MongoClient[Any](mongo_uri) as client:
        commits = client.get_default_database()["commits"]
        commits.insert_one({"_id": "activity:a@1", "stream": "activity:a", "seq": 1})
        with pytest.raises(DuplicateKeyError):
            commits.insert_one({"_id": "another", "stream": "activity:a", "seq": 1})


def test_applying_again_changes_nothing(infrastructure: Stack, operator: MongoClient[Any]) -> None:
    before = {name: operator[name]["commits"].index_information() for name in DATABASES}
    lines = infrastructure.store.install(passwords(infrastructure.folder, "store"))
    assert lines == [
        f"store: database {name} with its user and {sum(map(len, INDEXES[name].values()))} indexes"
        for name in DATABASES
    ]
    assert {name: operator[name]["commits"].index_information() for name in DATABASES} == before


@pytest.mark.parametrize("name", DATABASES)
def test_a_user_works_in_its_own_database_and_in_no_other(
    connect: Callable[..., MongoClient[Any]], name: str
) -> None:
    client = connect(name)
    client[name]["trial"].insert_one({"_id": 1})
    client[name].drop_collection("trial")
    for other in (*DATABASES, "admin"):
        if other == name:
            continue
        for attempt in (client[other]["commits"].find_one, lambda: client[other]["commits"].insert_one({})):  # noqa: B023
            with pytest.raises(OperationFailure) as refusal:
                attempt()
            assert refusal.value.code == NOT_AUTHORIZED


def test_nobody_comes_in_without_a_password(infrastructure: Stack) -> None:
    with (
        MongoClient[Any](f"mongodb://127.0.0.1:{infrastructure.folder.port('store')}/") as client,
        pytest.raises(OperationFailure),
    ):
        client["gateway"]["people"].find_one()


def test_a_new_password_takes_the_place_of_the_old(
    infrastructure: Stack, connect: Callable[..., MongoClient[Any]]
) -> None:
    known = passwords(infrastructure.folder, "store")
    try:
        infrastructure.store.install(known | {"directory": "another-password"})
        connect("directory", "another-password")["directory"]["commits"].find_one()
        with pytest.raises(OperationFailure):
            connect("directory")["directory"]["commits"].find_one()
    finally:
        infrastructure.store.install(known)
    connect("directory")["directory"]["commits"].find_one()


def test_an_index_that_stands_with_other_options_is_named(
    infrastructure: Stack, operator: MongoClient[Any]
) -> None:
    people = operator["gateway"]["people"]
    (name,) = next(index.keys for index in INDEXES["gateway"]["people"] if index.sparse)
    people.drop_index(name)
    people.create_index([(name, 1)], name=name)
    try:
        with pytest.raises(StoreRefused, match=rf"database gateway: .*{name}"):
            infrastructure.store.install(passwords(infrastructure.folder, "store"))
    finally:
        people.drop_index(name)
        infrastructure.store.install(passwords(infrastructure.folder, "store"))


def test_a_store_that_is_away_is_reported_as_away() -> None:
    with (
        MongoClient[Any]("mongodb://127.0.0.1:9/", serverSelectionTimeoutMS=200) as client,
        pytest.raises(StoreAway),
    ):
        list(apply(client, dict.fromkeys(DATABASES, "-")))
