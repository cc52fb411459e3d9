"""What people may do with their own data, on the real store: agree, take away, have erased; and what ends by itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pymongo.database import Database

from gateway import storage
from gateway.actions import Person
from gateway.api.bodies import plain
from gateway.people import Card, People, document_of
from gateway.personal import holdings, retention
from gateway.personal.calendar_addresses import CalendarAddresses
from gateway.personal.consents import Consents
from gateway.personal.erasing import PATIENCE, Erasing
from gateway.personal.erasures import Erasures, erasure_id
from gateway.personal.exporting import Exporting
from gateway.personal.exports import Exports
from gateway.personal.retention import UNUSED, Retention
from gateway.personal.roster_views import RosterViews
from gateway.personal.tombstones import PersonErased
from gateway.queries import Queries
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import BATCH, CloudEvent, batch_from_json, from_json
from installation.stores import INDEXES

KEY = "a secret of the tests, long enough"
LIN = Person("lin", "林美惠", "Lin@nchu.example", "zh-Hant", "nchu")
NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
ROOT = Path(__file__).parents[3]
SCHEMA = ROOT / "services/gateway/personal/personal-data.v1.schema.json"

Documents = Database[dict[str, Any]]


@dataclass
class Sink:
    """Keeps what is published."""

    messages: list[Any] = field(default_factory=list)

    def publish(self, messages: Any) -> None:
        self.messages += messages

    def close(self) -> None:
        """Nothing is open."""

    def events(self) -> list[CloudEvent]:
        """What was published, commands out of their bundles, since the last time."""
        found = []
        for message in self.messages:
            found += (
                batch_from_json(message.body) if message.content_type == BATCH else [from_json(message.body)]
            )
        self.messages.clear()
        return found


@dataclass
class World:
    """The web's view of the database (`run` what it promises) and the worker's."""

    runner: asyncio.Runner
    mine: Any
    database: Documents
    sink: Sink
    told: list[CloudEvent] = field(default_factory=list)
    parked: list[str] = field(default_factory=list)

    def run(self, wish: Any) -> Any:
        return self.runner.run(wish)

    async def tell(self, event: CloudEvent) -> None:
        self.told.append(event)

    @property
    def erasures(self) -> Erasures:
        return Erasures(self.mine, KEY)

    @property
    def exports(self) -> Exports:
        return Exports(self.mine, self.tell, Queries(self.mine))

    @property
    def people(self) -> People:
        return People(self.mine, self.tell)

    @property
    def erasing(self) -> Erasing:
        return Erasing(self.database, self.sink, self._clear)

    def _clear(self, person: str) -> int:
        self.parked.append(person)
        return 0

    def erasure(self) -> dict[str, Any]:
        """As it is stored."""
        return self.database["erasures"].find_one({"_id": erasure_id("lin")}) or {}

    def words(self) -> str:
        """Everything that is stored, as text."""
        return str([list(self.database[name].find()) for name in self.database.list_collection_names()])


@pytest.fixture
def world(mongo_uri: str) -> Iterator[World]:
    database = storage.open_for_worker(mongo_uri)
    with asyncio.Runner() as runner:

        async def opened() -> Any:
            return storage.open_for_web(mongo_uri)

        mine = runner.run(opened())
        yield World(runner, mine, database, Sink())
        runner.run(mine.client.close())
    database.client.close()


@pytest.fixture
def lin(world: World) -> World:
    """Somebody of whom there is something in every collection that may hold something."""
    for holding in holdings.HOLDINGS:
        query = holdings.named(holding, "lin", LIN.email)
        world.database[holding.collection].insert_one(
            {"_id": f"{holding.collection}-1", "x": LIN.email, **query}
        )
    world.database["people"].replace_one({"_id": "lin"}, document_of(Card(LIN, 3, untold=False)))
    return world


def register(world: World, activity: str, status: str = "confirmed", *, days: int = 7) -> str:
    id = f"0b6cbb1e-3a0e-4f8e-9d0c-{len(activity):012}"
    seats = {"onsite": {"limit": 10, "taken": 1, "waiting": 0}}
    world.database["activities"].insert_one(
        {"_id": activity, "status": "published", "ends_at": NOW + days * DAY, "seats": seats}
    )
    standing = {"activity": activity, "person": "lin", "school": "nchu", "pool": "onsite", "status": status}
    world.database["registrations"].insert_one({"_id": id, "changed_at": NOW, "v": {}, **standing})
    return id


def forgotten(world: World) -> CloudEvent:
    data = {"person": "lin", "erasure": erasure_id("lin")}
    return CloudEvent(
        "f", "/center/notification", "notification.person_forgotten.v1", "person:lin", NOW, data
    )


def test_every_collection_is_exported_and_erased_or_holds_opaque_ids_alone() -> None:
    named = {value for name, value in vars(storage).items() if name.isupper() and isinstance(value, str)}
    known = {holding.collection for holding in holdings.HOLDINGS} | holdings.OPAQUE.keys()

    assert (named | INDEXES["gateway"].keys()) - known == set()


def test_an_erasure_deletes_at_once_and_keeps_the_opaque_id_alone(lin: World) -> None:
    lin.run(lin.erasures.begin("lin"))
    lin.erasing.go_on(NOW)

    assert LIN.email not in lin.words()
    assert LIN.name not in lin.words()
    assert lin.database["erased"].find_one({"_id": "lin"}) is not None
    assert lin.parked == ["lin"]
    assert lin.database["stale"].find_one({"person": "lin"}) is not None


def test_registrations_that_stand_are_given_back_before_anybody_is_told(lin: World) -> None:
    standing = register(lin, "to-come")
    register(lin, "over", days=-1)
    register(lin, "given-back", "cancelled")
    lin.run(lin.erasures.begin("lin"))

    lin.erasing.go_on(NOW)

    [wish] = lin.sink.events()
    assert (wish.type, wish.subject) == ("registration.CancelRegistration.v1", "activity:to-come")
    assert (wish.data["registration"], wish.data["by"]["person"]) == (standing, "lin")
    assert lin.erasure()["state"] == "giving_back"
    lin.erasing.go_on(NOW + timedelta(seconds=5))
    assert lin.sink.events() == []
    lin.erasing.go_on(NOW + timedelta(minutes=2))
    assert [one.id for one in lin.sink.events()] == [wish.id]

    lin.database["registrations"].update_one({"_id": standing}, {"$set": {"status": "cancelled"}})
    lin.erasing.go_on(NOW + timedelta(minutes=3))

    assert [one.type for one in lin.sink.events()] == ["gateway.person_erased.v1", "gateway.erasure_asked.v1"]
    assert (lin.erasure()["state"], lin.erasure()["given_back"]) == ("forgetting", 1)


def test_roles_that_are_held_are_revoked_in_the_name_of_whoever_may(lin: World) -> None:
    today = NOW.date().isoformat()
    for scope, role, more in (
        ("nchu", "host", {"ends_on": None}),
        ("center", "operator", {"ends_on": "2999-01-01"}),
        ("nchu", "window", {"ends_on": "2020-01-01"}),
        ("center", "center", {"ends_on": today, "revoked": True}),
    ):
        held = {"scope": scope, "person": "lin", "role": role, "revoked": False, **more}
        lin.database["roles"].insert_one(held)
    lin.run(lin.erasures.begin("lin"))

    lin.erasing.go_on(NOW)

    wishes = sorted((one.subject, one.data["role"], one.data["by"]["role"]) for one in lin.sink.events())
    assert wishes == [("roles:center", "operator", "operator"), ("roles:nchu", "host", "center")]
    assert lin.erasure()["state"] == "giving_back"


def test_what_cannot_be_given_back_does_not_hold_the_erasure_up_for_ever(lin: World) -> None:
    register(lin, "to-come")
    lin.run(lin.erasures.begin("lin"))
    lin.erasing.go_on(NOW)

    lin.erasing.go_on(NOW + PATIENCE + timedelta(minutes=1))

    assert lin.erasure()["state"] == "forgetting"


def test_services_are_asked_until_they_have_answered(lin: World) -> None:
    lin.run(lin.erasures.begin("lin"))
    lin.erasing.go_on(NOW)
    first = lin.sink.events()
    lin.erasing.go_on(NOW + timedelta(seconds=30))
    assert lin.sink.events() == []
    lin.erasing.go_on(NOW + timedelta(minutes=2))
    again = lin.sink.events()
    assert [one.id for one in first] == [one.id for one in again]
    assert first[0].data == {"person": "lin"}

    lin.erasing.hear([forgotten(lin)])
    lin.erasing.go_on(NOW + timedelta(minutes=3))

    assert lin.erasure()["state"] == "done"
    assert lin.erasure()["answered"] == {"notification": NOW}


def test_whoever_is_erased_stays_erased(lin: World) -> None:
    lin.run(lin.erasures.begin("lin"))

    for wish in (
        lambda: lin.people.keep(LIN),
        lambda: lin.exports.ask("lin"),
        lambda: Consents(lin.mine).say("lin", {"photos": True}),
    ):
        with pytest.raises(PersonErased):
            lin.run(wish())


def test_what_was_under_way_and_comes_back_is_deleted_again(lin: World) -> None:
    lin.run(lin.erasures.begin("lin"))
    lin.erasing.go_on(NOW)
    lin.erasing.hear([forgotten(lin)])
    lin.erasing.go_on(NOW)
    lin.database["people"].insert_one(document_of(Card(LIN, 4, untold=True)))
    standing = register(lin, "late")
    lin.sink.events()

    assert lin.erasing.look_after(NOW + timedelta(hours=1)) == 1

    assert LIN.email not in lin.words()
    assert [one.data["registration"] for one in lin.sink.events()] == [standing]


def test_the_secret_address_shows_how_far_it_has_got_and_is_the_same_when_asked_again(lin: World) -> None:
    secret = lin.run(lin.erasures.begin("lin"))

    assert lin.run(lin.erasures.begin("lin")) == secret
    assert lin.run(lin.erasures.at(secret)).state == "asked"
    assert lin.run(lin.erasures.at(erasure_id("lin"))) is None
    assert secret not in lin.words()
    assert [one.id for one in lin.run(lin.erasures.latest())] == [erasure_id("lin")]


def test_an_export_waits_for_every_part_and_fits_its_schema(world: World) -> None:
    world.run(world.people.keep(LIN))
    world.run(Consents(world.mine).say("lin", {"photos": True}))
    world.run(CalendarAddresses(world.mine, KEY).renew("lin"))
    export = world.run(world.exports.ask("lin"))
    assert world.run(world.exports.ask("lin")).id == export.id
    assert [one.type for one in world.told] == ["gateway.export_asked.v1"]
    exporting = Exporting(world.database, world.sink)
    told = {"kind": "confirmed", "state": "sent", "happened_at": "2026-11-20T03:04:05.000Z"}

    exporting.hear([_part(export.id, 1, True, {"deliveries": [told]})])
    assert not world.run(world.exports.latest("lin")).complete
    exporting.go_on(datetime.now(UTC) + timedelta(minutes=2))
    assert [one.type for one in world.sink.events()] == ["gateway.export_asked.v1"]
    exporting.hear([_part(export.id, 0, False, {"deliveries": [told], "contact": None})])

    complete = world.run(world.exports.latest("lin"))
    whole = plain(world.run(world.exports.whole(complete)))
    assert complete.complete
    jsonschema.validate(whole, json.loads(SCHEMA.read_text("utf-8")))
    assert whole["gateway"]["people"][0]["email"] == LIN.email
    assert whole["gateway"]["consents"][0]["history"][0]["wording"] == "2026-11"
    assert len(whole["notification"]["deliveries"]) == 2


def test_a_part_of_somebody_elses_export_is_not_taken(world: World) -> None:
    export = world.run(world.exports.ask("lin"))
    foreign = _part(export.id, 0, True, {"deliveries": []})
    foreign.data["person"] = "wu"

    Exporting(world.database, world.sink).hear([foreign])

    assert not world.run(world.exports.latest("lin")).complete


def test_consents_remember_when_and_to_which_words(world: World) -> None:
    consents = Consents(world.mine)
    for given in ({}, {"photos": True}, {"photos": True, "newsletter": True}, {"newsletter": True}):
        world.run(consents.say("lin", given))

    said = world.run(consents.of("lin"))
    photos = world.database["consents"].find_one({"_id": "lin/photos"}) or {}
    assert {name: one.given for name, one in said.items()} == {"photos": False, "newsletter": True}
    assert [one["given"] for one in photos["history"]] == [True, False]


def test_a_calendars_address_can_be_shown_again_renewed_and_taken_away(world: World) -> None:
    addresses = CalendarAddresses(world.mine, KEY)
    assert world.run(addresses.secret_of("lin")) is None
    first = world.run(addresses.renew("lin"))
    assert world.run(addresses.secret_of("lin")) == first
    assert first not in world.words()
    second = world.run(addresses.renew("lin"))
    assert [world.run(addresses.person_of(one)) for one in (first, second)] == [None, "lin"]
    assert world.run(CalendarAddresses(world.mine, "another key").secret_of("lin")) is None
    world.run(addresses.revoke("lin"))
    assert world.run(addresses.person_of(second)) is None


def test_people_learn_who_saw_them_on_a_roster_since_they_stand_on_it(world: World) -> None:
    world.database["people"].insert_one(
        document_of(Card(Person("wu", "吳", "w@x.example", "en", "ncku"), 1, False))
    )
    views = [("a", "wu", -1), ("a", "wu", 1), ("a", "gone", 2), ("other", "wu", 1)]
    for activity, who, hours in views:
        at = NOW + timedelta(hours=hours)
        world.database["roster_views"].insert_one(
            {"who": who, "role": "host", "activity": activity, "at": at}
        )
    registration: Any = {"activity": "a", "registered_at": NOW}

    found = world.run(RosterViews(world.mine).of([registration]))

    assert [(one.name, one.role) for one in found] == [("", "host"), ("吳", "host")]


@pytest.mark.parametrize(
    "rule", [one for one in retention.TABLE if one.end == "deleted"], ids=lambda one: one.collection
)
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


def _part(export: str, part: int, last: bool, data: dict[str, Any]) -> CloudEvent:
    type = "notification.export_part.v1"
    whole = {"person": "lin", "export": export, "part": part, "last": last, "data": data}
    catalogue.write(type, whole)
    return CloudEvent("p", "/center/notification", type, "person:lin", NOW, whole)
