"""A real provider (oidc-provider, in a process of its own) and Gongxue's web side, both on real ports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from identity.ports import held_port
from identity.real_provider import RealProvider, client, real_provider
from identity.site import CLIENT, OTHER_CLIENT
from pymongo import MongoClient
from pymongo.database import Database


@pytest.fixture(scope="session")
def site_port() -> Iterator[int]:
    """Where the web side is found: providers are told before it runs."""
    with held_port() as port:
        yield port


@pytest.fixture(scope="module")
def provider(site_port: int) -> Iterator[RealProvider]:
    """A certified provider that knows us as two clients: of two schools. Skipped where there is no Node."""
    base = f"http://localhost:{site_port}"
    with real_provider(client(base, *CLIENT), client(base, *OTHER_CLIENT)) as found:
        yield found


@pytest.fixture
def database(mongo_uri: str) -> Iterator[Database[dict[str, Any]]]:
    """Two schools that take part, one that rests."""
    with MongoClient[dict[str, Any]](mongo_uri, tz_aware=True) as store:
        found = store.get_default_database()
        found["schools"].insert_many(
            [
                _school("nchu", "國立中興大學", "National Chung Hsing University"),
                _school("ncue", "國立彰化師範大學", "National Changhua University of Education"),
                {**_school("rest", "休息大學", ""), "status": "suspended", "reason": "休息"},
            ]
        )
        yield found


def _school(id: str, zh: str, en: str) -> dict[str, Any]:
    return {
        "_id": id,
        "name": {"zh": zh, "en": en},
        "summary": {"zh": "", "en": ""},
        "county": "taichung",
        "ror": None,
        "moe_code": None,
        "website": None,
        "status": "admitted",
        "reason": None,
        "merged_into": None,
        "v": {"name": 1, "profile": 1, "status": 1},
    }
