"""Notification's store and dispatch on the real store, a mail server that can be unwell, and a clock that obeys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pymongo.database import Database

from gongxue_chassis.log.mongo import connect
from notification.dispatch import Dispatch
from notification.storage import Store

from .mailserver import MailServer
from .office import LETTERS, Clock


@pytest.fixture
def database(mongo_uri: str) -> Iterator[Database[dict[str, Any]]]:
    found = connect(mongo_uri)
    yield found
    found.client.close()


@pytest.fixture
def store(database: Database[dict[str, Any]]) -> Store:
    return Store(database)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def sending(store: Store, mail_server: MailServer, clock: Clock) -> Dispatch:
    return Dispatch(store, LETTERS, mail_server.server, clock=clock)
