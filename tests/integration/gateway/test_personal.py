"""What people may do with their own data, on the real store: agree, take away, have erased."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from toys.personal_world import DAY, KEY, LIN, NOW, World, forgotten

from gateway import storage
from gateway.actions import Person
from gateway.api.bodies import plain
from gateway.people import Card, document_of
from gateway.personal import holdings
from gateway.personal.calendar_addresses import CalendarAddresses
from gateway.personal.consents import Consents
from gateway.personal.erasing import PATIENCE
from gateway.personal.erasures import SERVICES, erasure_id
from gateway.personal.exporting import Exporting
from gateway.personal.roster_views import RosterViews
from gateway.personal.tombstones import PersonErased
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import CloudEvent
from installation.stores import INDEXES

ROOT = Path(__file__).parents[3]
SCHEMA = ROOT / "services/gateway/personal/personal-data.v1.schema.json"


def register(world: World, activity: str, status: str = "confirmed", *, days: int = 7) -> str:
    id = f"0b6cbb1e-3a0e-4f8e-9d0c-{len(activity):012}"
    seats = {"onsite": {"limit": 10, "taken": 1, "waiting": 0}}
    world.database["activities"].insert_one(
        {"_id": activity, "status": "published", "ends_at": NOW + days * DAY, "seats": seats}
    )
    standing = {"activity": activity, "person": "lin", "school": "nchu", "pool": "onsite", "status": status}
    world.database["registrations"].insert_one({"_id": id, "changed_at": NOW, "v": {}, **standing})
    return id


def hold_role(world: World) -> None:
    """Granted by a window and revoked by the Center, as the read model has it."""
    term = {"starts_on": None, "ends_on": "2026-12-31", "reason": None}
    acts = {
        "1": {
            "act": "granted",
            "at": NOW,
            "by": {"person": "wu", "school": "nchu", "role": "window"},
            **term,
        },
        "2": {
            "act": "revoked",
            "at": NOW,
            "by": {"person": "wu", "school": "center", "role": "center"},
            "starts_on": None,
            "ends_on": None,
            "reason": "另有計畫",
        },
    }
    held = {"scope": "nchu", "person": "lin", "role": "host", "starts_on": None, "ends_on": "2026-12-31"}
    world.database["roles"].insert_one({"_id": "nchu/lin/host", **held, "revoked": True, "history": acts})


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
    answered = {"gateway": NOW, "directory": NOW, "registration": NOW + timedelta(minutes=3)}
    assert lin.erasure()["answered"] == answered


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

    lin.erasing.go_on(lin.erasure()["asked_at"] + PATIENCE + timedelta(minutes=1))

    assert lin.erasure()["state"] == "forgetting"
    assert lin.erasure()["answered"].keys() == {"gateway", "directory"}


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

    lin.erasing.hear([forgotten()])
    lin.erasing.go_on(NOW + timedelta(minutes=3))

    assert lin.erasure()["state"] == "done"
    assert lin.erasure()["answered"] == dict.fromkeys(SERVICES, NOW)


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
    lin.erasing.hear([forgotten()])
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
    hold_role(world)
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
    [role] = whole["roles"]
    assert (role["scope"], role["role"], role["ends_on"], role["revoked"]) == (
        "nchu",
        "host",
        "2026-12-31",
        True,
    )
    assert [(act["act"], act["by"]) for act in role["history"]] == [
        ("granted", "window"),
        ("revoked", "center"),
    ]
    assert "wu" not in str(whole["roles"])


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

    found = world.run(RosterViews(world.mine).of("lin", [registration]))

    assert [(one.name, one.role) for one in found] == [("", "host"), ("吳", "host")]


def test_people_learn_who_else_saw_them_among_those_of_a_sig_while_they_were(world: World) -> None:
    views = [("soil", "wu", -1), ("soil", "wu", 1), ("soil", "lin", 1), ("soil", "wu", 3), ("other", "wu", 1)]
    for sig, who, hours in views:
        at = NOW + timedelta(hours=hours)
        look = {"who": who, "role": "staff", "activity": f"sig:{sig}", "at": at}
        world.database["roster_views"].insert_one(look)
    membership: Any = {"sig": "soil", "listed": [(NOW, NOW + timedelta(hours=2))]}

    found = world.run(RosterViews(world.mine).of("lin", [], [membership]))

    assert [(one.sig, one.activity, one.at) for one in found] == [("soil", None, NOW + timedelta(hours=1))]


def _part(export: str, part: int, last: bool, data: dict[str, Any]) -> CloudEvent:
    type = "notification.export_part.v1"
    whole = {"person": "lin", "export": export, "part": part, "last": last, "data": data}
    catalogue.write(type, whole)
    return CloudEvent("p", "/center/notification", type, "person:lin", NOW, whole)
