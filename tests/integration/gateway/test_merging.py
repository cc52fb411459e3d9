"""A school becomes part of one that is there, and whole: what the merged school's own stream cannot know."""

from __future__ import annotations

import asyncio

import pytest
from toys.unanswered import SCHOOL, unanswered

from gateway import storage
from gateway.actions import Outcome, Pending, Person, Refused
from gateway.problems import Problem

CENTER = Person("chen", "Chen", "chen@center.example", "en", "center", frozenset({"staff", "center"}))
STAFF = Person("lin", "Lin", "lin@nchu.example", "en", "old", frozenset({"staff"}))
MERGED = {**SCHOOL, "status": "merged", "merged_into": "new"}
SCHOOLS = [
    {"_id": "old", **SCHOOL},
    {"_id": "new", **SCHOOL},
    {"_id": "resting", **SCHOOL, "status": "suspended"},
    {"_id": "gone", **MERGED},
    {"_id": "rumoured", "former_names": {}},
    {"_id": "went-into-gone", **MERGED, "merged_into": "gone"},
]


def merge(amqp_uri: str, mongo_uri: str, person: Person, school: str, into: str) -> Outcome:
    """What comes of it where nobody answers: Pending has been sent."""

    async def story() -> Outcome:
        database = storage.open_for_web(mongo_uri)
        await database[storage.SCHOOLS].insert_many(SCHOOLS)
        try:
            async with unanswered(amqp_uri, database) as gateway:
                return await gateway.merge_school(person, school, into, key="k")
        finally:
            await database.client.close()

    return asyncio.run(story())


@pytest.mark.parametrize("into", ["nowhere", "gone", "rumoured"])
def test_a_target_that_is_not_there(amqp_uri: str, mongo_uri: str, into: str) -> None:
    outcome = merge(amqp_uri, mongo_uri, CENTER, "old", into)
    assert isinstance(outcome, Refused)
    assert outcome.code == "unknown_target"


@pytest.mark.parametrize(
    ("person", "school", "into"),
    [
        (CENTER, "old", "new"),
        (CENTER, "old", "resting"),
        (CENTER, "went-into-gone", "gone"),  # asked for again: the first answer is the log's to give
        (CENTER, "nowhere", "nowhere"),  # into itself, which the directory refuses
    ],
)
def test_what_the_directory_decides(
    amqp_uri: str, mongo_uri: str, person: Person, school: str, into: str
) -> None:
    assert isinstance(merge(amqp_uri, mongo_uri, person, school, into), Pending)


@pytest.mark.parametrize("into", ["new", "nowhere"])
def test_only_the_center_learns_what_there_is(amqp_uri: str, mongo_uri: str, into: str) -> None:
    with pytest.raises(Problem, match="forbidden"):
        merge(amqp_uri, mongo_uri, STAFF, "old", into)
