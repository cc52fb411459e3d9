"""The catalogue: tolerant in, strict out, at every depth of every type."""

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from marshmallow import Schema, ValidationError

from gongxue_contracts import catalogue, samples
from gongxue_contracts.catalogue import ContractError, UnknownType, WrongSchema
from gongxue_contracts.contract import Part
from gongxue_contracts.parts import Text

ADDED_LATER = {"county", "sdgs", "by"}
TYPES = [entry.type for entry in catalogue.entries()]
Path = tuple[str, ...]


def sample_data(type: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(samples.sample(type))["data"]
    return data


def at(data: Any, path: Path) -> Any:
    for name in path:
        data = data[name]
    return data


def objects(schema: Schema, data: Any, path: Path = ()) -> Iterator[tuple[Path, Schema]]:
    """Every object of the data that has a schema, from the outermost in."""
    yield path, schema
    for name, field in schema.fields.items():
        if isinstance(field, Part) and data.get(name) is not None:
            yield from objects(field.schema, data[name], (*path, name))


def every_object(type: str) -> Iterator[tuple[Path, Schema]]:
    return objects(catalogue.schema(type)(), sample_data(type))


def errors_of(direction: Any, type: str, data: Any) -> dict[str, list[str]]:
    with pytest.raises(WrongSchema) as caught:
        direction(type, data)
    assert caught.value.type == type
    return caught.value.errors


def changed(type: str, path: str, value: Any) -> dict[str, Any]:
    data = sample_data(type)
    *within, name = path.split(".")
    at(data, tuple(within))[name] = value
    return data


@pytest.mark.parametrize("type", TYPES)
def test_reading_leaves_out_unknown_fields_at_every_depth(type: str) -> None:
    expected, data = catalogue.read(type, sample_data(type)), sample_data(type)
    for path, _ in every_object(type):
        at(data, path)["added_later"] = {"any": ["thing"]}
    assert catalogue.read(type, data) == expected


@pytest.mark.parametrize("type", TYPES)
def test_writing_refuses_an_unknown_field_at_every_depth(type: str) -> None:
    for path, _ in every_object(type):
        data = catalogue.read(type, sample_data(type))
        at(data, path)["misspelt"] = 1
        assert errors_of(catalogue.write, type, data) == {".".join((*path, "misspelt")): ["Unknown field."]}


@pytest.mark.parametrize("type", TYPES)
def test_a_missing_field_is_refused_at_every_depth_in_both_directions(type: str) -> None:
    for path, schema in every_object(type):
        for name in [name for name, field in schema.fields.items() if field.required and not schema.partial]:
            data, read = sample_data(type), catalogue.read(type, sample_data(type))
            del at(data, path)[name], at(read, path)[name]
            expected = {".".join((*path, name)): ["Missing data for required field."]}
            assert errors_of(catalogue.read, type, data) == expected
            assert errors_of(catalogue.write, type, read) == expected


@pytest.mark.parametrize("type", TYPES)
def test_neither_direction_changes_what_it_is_given(type: str) -> None:
    data = sample_data(type)
    read = catalogue.read(type, data)
    assert data == sample_data(type)
    before = copy.deepcopy(read)
    catalogue.write(type, read)
    assert read == before


@pytest.mark.parametrize("data", [None, [], "data", 7, [{}]])
def test_data_that_is_no_object_is_refused_as_a_whole(data: Any) -> None:
    assert errors_of(catalogue.read, "registration.Register.v1", data) == {"_schema": ["Invalid input type."]}


@pytest.mark.parametrize(
    ("type", "path", "value"),
    [
        ("registration.Register.v1", "activity", "Co-Training"),
        ("registration.Register.v1", "activity", "co-training\n"),
        ("registration.Register.v1", "activity", None),
        ("registration.Register.v1", "registration", "the-first"),
        ("registration.Register.v1", "school", "1nchu"),
        ("registration.Register.v1", "pool", "hallway"),
        ("registration.Register.v1", "pool", ["onsite"]),
        ("registration.Register.v1", "waiting_list", 1),
        ("registration.Register.v1", "waiting_list", "true"),
        ("registration.Register.v1", "by", {"person": "p-lin", "school": "nchu"}),
        ("registration.Register.v1", "by", "p-lin"),
        ("registration.seat_confirmed.v1", "by", {"person": "p-lin", "school": "nchu", "role": "boss"}),
        ("registration.placed_on_waiting_list.v1", "place", 0),
        ("registration.seat_confirmed.v1", "seats.onsite.taken", -1),
        ("registration.seat_confirmed.v1", "seats.onsite.taken", True),
        ("registration.seat_confirmed.v1", "seats.onsite.taken", 1.0),
        ("registration.seat_confirmed.v1", "seats.onsite.taken", "3"),
        ("registration.seat_confirmed.v1", "seats.onsite.taken", 2**31),
        ("registration.seat_confirmed.v1", "seats.online", None),
        ("registration.seat_confirmed.v1", "seats", {}),
        ("registration.activity_published.v1", "details.pools", {}),
        ("registration.activity_published.v1", "details.title", {"zh": "", "en": "Forum"}),
        ("registration.activity_published.v1", "details.title.zh", "論壇\r\nBcc: all@nchu.example"),
        ("registration.activity_published.v1", "details.title.en", "x" * 301),
        ("registration.activity_published.v1", "details.kind", "party"),
        ("registration.activity_published.v1", "details.county", "atlantis"),
        ("registration.activity_published.v1", "details.sdgs", [18]),
        ("registration.activity_published.v1", "details.sdgs", [0]),
        ("registration.activity_published.v1", "details.sdgs", "4"),
        ("registration.activity_published.v1", "details.starts_at", "2023-11-09T09:00:00"),
        ("registration.activity_published.v1", "details.starts_at", 1699491600),
        ("registration.activity_changed.v1", "changed", ["Venue"]),
        ("registration.activity_changed.v1", "changed", "venue"),
        ("directory.school_admitted.v1", "profile.website", "javascript:alert(1)"),
        ("directory.school_admitted.v1", "profile.website", "javascript://nchu.edu.tw/%0Aalert(1)"),
        ("directory.school_admitted.v1", "profile.county", "atlantis"),
        ("directory.school_admitted.v1", "profile.ror", "https://ror.org/05vn3ca78"),
        ("directory.school_admitted.v1", "profile.moe_code", "6"),
        ("gateway.contact_card.v1", "email", "nobody"),
        ("gateway.contact_card.v1", "name", "林曉青\nBcc: all@nchu.example"),
        ("gateway.contact_card.v1", "language", "fr"),
        ("registration.command_refused.v1", "details", {"places": float("nan")}),
        ("registration.command_refused.v1", "command_type", "registration.register"),
        ("bus.answer.v1", "outcome", "maybe"),
        ("bus.answer.v1", "facts", [{"specversion": "1.0"}]),
        ("bus.answer.v1", "refusal", {"code": "No such thing.", "details": {}}),
    ],
)
def test_a_wrong_value_is_refused_by_its_path(type: str, path: str, value: Any) -> None:
    found = errors_of(catalogue.read, type, changed(type, path, value))
    assert all(each == path or each.startswith(f"{path}.") for each in found)


def test_times_are_aware_in_utc_when_read_and_text_when_written() -> None:
    type = "registration.activity_published.v1"
    read = catalogue.read(type, changed(type, "details.starts_at", "2023-11-09T09:00:00.5+08:00"))
    assert read["details"]["starts_at"] == datetime(2023, 11, 9, 1, 0, 0, 500000, UTC)
    assert catalogue.write(type, read)["details"]["starts_at"] == "2023-11-09T01:00:00.500Z"


@pytest.mark.parametrize("time", ["2023-11-09T01:00:00.000Z", datetime.fromisoformat("2023-11-09"), None])
def test_only_an_aware_datetime_is_written_as_a_time(time: Any) -> None:
    type = "registration.activity_published.v1"
    read = catalogue.read(type, sample_data(type))
    read["details"]["ends_at"] = time
    assert list(errors_of(catalogue.write, type, read)) == ["details.ends_at"]


def test_changes_may_be_any_of_the_details_but_each_of_them_whole() -> None:
    type = "registration.ChangeActivity.v1"
    assert catalogue.read(type, changed(type, "changes", {}))["changes"] == {}
    assert catalogue.read(type, changed(type, "changes", {"waiting_limit": 0}))["changes"] == {
        "waiting_limit": 0
    }
    assert list(errors_of(catalogue.read, type, changed(type, "changes", {"title": {"en": "Forum"}}))) == [
        "changes.title.zh"
    ]


@pytest.mark.parametrize("name", ["host", "kind"])
def test_host_and_kind_are_no_changes(name: str) -> None:
    type = "registration.ChangeActivity.v1"
    data = changed(type, "changes", {name: "forum"})
    assert catalogue.read(type, data)["changes"] == {}
    assert errors_of(catalogue.write, type, data) == {f"changes.{name}": ["Unknown field."]}


def test_the_facts_of_an_answer_are_read_as_events_without_unknown_attributes() -> None:
    (fact,) = sample_data("bus.answer.v1")["facts"]
    data = changed("bus.answer.v1", "facts", [{**fact, "added": 1}])
    assert catalogue.read("bus.answer.v1", data)["facts"] == [fact]
    assert errors_of(catalogue.write, "bus.answer.v1", data) == {"facts.0.added": ["Unknown field."]}


def test_a_refusal_is_strict_within_an_answer_too() -> None:
    refusal = {"code": "waiting_list_full", "details": {"pool": "onsite"}}
    data = changed("bus.answer.v1", "refusal", {**refusal, "added": 1})
    assert catalogue.read("bus.answer.v1", data)["refusal"] == refusal
    assert errors_of(catalogue.write, "bus.answer.v1", data) == {"refusal.added": ["Unknown field."]}


@pytest.mark.parametrize("use", [catalogue.read, catalogue.write, lambda type, _: catalogue.schema(type)])
def test_an_unknown_type_is_named(use: Any) -> None:
    with pytest.raises(UnknownType, match=r"registration\.SeatSold\.v9") as caught:
        use("registration.SeatSold.v9", {})
    assert caught.value.type == "registration.SeatSold.v9"
    assert isinstance(caught.value, ContractError)


def test_a_part_used_in_another_schema_takes_its_way_with_unknown_fields() -> None:
    form = Schema.from_dict({"title": Part(Text)})
    title = {"zh": "論壇", "en": "", "fr": "forum"}
    with pytest.raises(ValidationError) as caught:
        form().load({"title": title})
    assert caught.value.messages == {"title": {"fr": ["Unknown field."]}}
    assert form(unknown="exclude").load({"title": title}) == {"title": {"zh": "論壇", "en": ""}}


def test_types_are_named_after_their_service_kind_and_version() -> None:
    for entry in catalogue.entries():
        service, name, version = entry.type.split(".")
        assert service == entry.service
        assert name[0].isupper() == (entry.kind == "command")
        assert version == "v1"


def test_only_a_pool_and_what_was_added_later_may_be_absent() -> None:
    optional = {
        (type, ".".join((*path, name)))
        for type in TYPES
        for path, schema in every_object(type)
        for name, field in schema.fields.items()
        if not field.required
    }
    assert {path.rsplit(".", 1)[-1] for _, path in optional} == {"onsite", "online", *ADDED_LATER}


def test_facts_hold_no_personal_data() -> None:
    public = [entry for entry in catalogue.entries() if entry.kind == "fact"]
    told = {name for entry in public for _, schema in every_object(entry.type) for name in schema.fields}
    assert told & {"email", "phone", "address", "language"} == set()
    # A name is a school's, nothing else has one.
    assert {entry.service for entry in public if '"name"' in samples.sample(entry.type).decode()} == {
        "directory"
    }


def test_routing_keys_are_built_from_owner_and_type() -> None:
    assert catalogue.fact_key("pu", "registration.seat_confirmed.v1") == "pu.registration.seat_confirmed.v1"
    assert catalogue.command_key("center", "registration.Register.v1") == "center.registration.Register"
