"""People of a network's tests, with the roles that they hold, where its gateway keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pymongo import MongoClient
from toys.offices import give

from gateway.access.roles import scope_of
from onemachine.stack import Stack


def settle(stack: Stack, people: Mapping[str, tuple[str, Sequence[str]]]) -> None:
    """Put them there: id -> (school, roles besides staff)."""
    roles = [(scope_of(role, school), id, role) for id, (school, held) in people.items() for role in held]
    with MongoClient[dict[str, Any]](stack.store.mongo_uri) as client:
        client["gateway"]["people"].insert_many(
            {
                "_id": id,
                "name": "Lin",
                "email": f"{id}@school.example",
                "language": "en",
                "school": school,
                "roles": ["staff"],
                "version": 1,
                "untold": True,
            }
            for id, (school, _) in people.items()
        )
    if roles:
        give(stack, *roles)
