"""What ends by itself: the table of retention, applied, and held to indexes and page."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from toys.personal_world import DAY, NOW, World

from gateway.actions import Person
from gateway.people import Card, document_of
from gateway.personal import retention
from gateway.personal.retention import UNUSED, Retention
from installation.stores import INDEXES

ROOT = Path(__file__).parents[3]
DELETED = [rule for rule in retention.TABLE if rule.end == "deleted"]


@pytest.mark.parametrize("rule", DELETED, ids=lambda rule: rule.collection)
def test_what_was_kept_long_enough_is_deleted(world: World, rule: retention.Rule) -> None:
    kept = {**dict(rule.only), rule.since: NOW - (rule.after or DAY) + timedelta(minutes=1)}
    old = {**dict(rule.only), rule.since: NOW - (rule.after or DAY) - timedelta(minutes=1)}
    world.database[rule.collection].insert_many(
        [{"_id": "kept", "address": "1", **kept}, {"_id": "old", "address": "2", **old}]
    )

    Retention(world.database).apply(NOW)

    assert [one["_id"] for one in world.database[rule.collection].find()] == ["kept"]


def test_whoever_was_not_here_for_years_is_erased_unless_something_happened(world: World) -> None:
    for name in ("gone", "seen", "registered", "new"):
        person = Person(name, name, f"{name}@x.example", "en", "nchu")
        kept = NOW if name == "new" else NOW - UNUSED - DAY
        world.database["people"].insert_one(document_of(Card(person, 1, False)) | {"kept": kept})
    world.database["sessions"].insert_one({"person": "seen", "seen": NOW})
    world.database["registrations"].insert_one({"person": "registered", "changed_at": NOW})

    Retention(world.database).apply(NOW)

    assert [(one["person"], one["why"]) for one in world.database["erasures"].find()] == [("gone", "unused")]


def test_the_table_says_what_the_indexes_do() -> None:
    for rule in retention.TABLE:
        expires = {
            index.keys: index.expires
            for index in INDEXES["gateway"].get(rule.collection, ())
            if index.expires is not None
        }
        seconds = rule.after.total_seconds() if rule.end == "index" and rule.after is not None else None
        assert expires == ({(rule.since,): seconds} if seconds is not None else {}), rule.collection


def test_the_page_on_privacy_shows_the_table() -> None:
    page = (ROOT / "docs/privacy.md").read_text("utf-8")

    assert [
        rule.collection for rule in retention.TABLE if f"| `{rule.collection}` | {rule.what} |" not in page
    ] == []
