"""The envelope: what is written can be read, and nothing that can be sent makes a reader fall over."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongxue_contracts import envelope, samples
from gongxue_contracts.envelope import CloudEvent, MalformedEvent

SAMPLE = samples.sample("registration.seat_confirmed.v1")

attributes = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=200)
times = st.datetimes(
    min_value=datetime.fromisoformat("1900-01-02"),
    max_value=datetime.fromisoformat("2999-12-30"),
    timezones=st.builds(
        timezone, st.integers(-14 * 60, 14 * 60).map(lambda minutes: timedelta(minutes=minutes))
    ),
)
integers = st.integers(-(2**63), 2**63 - 1)
texts = st.text(max_size=20)
names = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=10)
plain = st.recursive(
    st.none() | st.booleans() | integers | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=10,
)
events = st.builds(
    CloudEvent,
    id=attributes,
    source=attributes,
    type=attributes,
    subject=attributes,
    time=times,
    data=st.dictionaries(names, plain, max_size=4),
    tenant=attributes,
    sequence=st.none() | st.integers(1, 10**12 - 1),
    correlationid=st.none() | attributes,
    causationid=st.none() | attributes,
    traceparent=st.none() | attributes,
    deadline=st.none() | times,
)


def to_the_millisecond(time: datetime) -> datetime:
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


def an_event(**changes: Any) -> CloudEvent:
    return replace(envelope.from_json(SAMPLE), **changes)


def document(**changes: Any) -> dict[str, Any]:
    return {**json.loads(SAMPLE), **changes}


def errors_of(raw: bytes) -> dict[str, list[str]]:
    with pytest.raises(MalformedEvent) as caught:
        envelope.from_json(raw)
    return caught.value.errors


@settings(deadline=None)
@given(events)
def test_what_is_written_is_read_again_to_the_millisecond(event: CloudEvent) -> None:
    expected = replace(
        event,
        time=to_the_millisecond(event.time),
        deadline=event.deadline and to_the_millisecond(event.deadline),
    )
    assert envelope.from_json(envelope.to_json(event)) == expected


@settings(deadline=None)
@given(st.lists(events, max_size=4))
def test_a_batch_keeps_its_events_and_their_order(batch: list[CloudEvent]) -> None:
    once = envelope.batch_from_json(envelope.batch_to_json(batch))
    assert [event.id for event in once] == [event.id for event in batch]
    assert envelope.batch_from_json(envelope.batch_to_json(once)) == once


def is_read_or_refused(raw: bytes) -> None:
    for read in (envelope.from_json, envelope.batch_from_json, envelope.batch_parts):
        with suppress(MalformedEvent):
            read(raw)


@settings(deadline=None, max_examples=300)
@given(st.binary() | st.text().map(str.encode) | plain.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_an_event_or_malformed(raw: bytes) -> None:
    is_read_or_refused(raw)


@settings(deadline=None, max_examples=300)
@given(st.integers(0, len(SAMPLE)), st.integers(0, 30), st.binary(max_size=10) | st.just(b"1e999"))
def test_a_damaged_event_is_an_event_or_malformed(start: int, length: int, put: bytes) -> None:
    is_read_or_refused(SAMPLE[:start] + put + SAMPLE[start + length :])


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(sorted(envelope.ATTRIBUTES)), plain | st.just(float("nan")) | st.just("\ud800"))
def test_an_event_with_any_value_in_an_attribute_is_an_event_or_malformed(name: str, value: Any) -> None:
    is_read_or_refused(json.dumps(document(**{name: value})).encode())
    is_read_or_refused(json.dumps([document(**{name: value})]).encode())


def test_on_the_wire_an_event_is_cloudevents_1_0() -> None:
    event = CloudEvent(
        id="activity:sig-112-11-13@3.0",
        source="/center/registration",
        type="registration.activity_closed.v1",
        subject="activity:sig-112-11-13",
        time=datetime(2023, 11, 13, 9, 30, 0, 123999, timezone(timedelta(hours=8))),
        data={"activity": "sig-112-11-13"},
        tenant="npust",
        sequence=7,
    )
    assert json.loads(envelope.to_json(event)) == {
        "specversion": "1.0",
        "id": "activity:sig-112-11-13@3.0",
        "source": "/center/registration",
        "type": "registration.activity_closed.v1",
        "subject": "activity:sig-112-11-13",
        "datacontenttype": "application/json",
        "tenant": "npust",
        "time": "2023-11-13T01:30:00.123Z",
        "sequence": "000000000007",
        "data": {"activity": "sig-112-11-13"},
    }


def test_unknown_attributes_are_ignored_and_null_ones_are_absent() -> None:
    read = envelope.from_dict(document(dataschema="https://nchu.example", partner=[1], deadline=None))
    assert read == envelope.from_json(SAMPLE)


def test_a_time_of_another_offset_and_finer_than_a_millisecond_is_read_as_utc() -> None:
    read = envelope.from_dict(document(time="2023-11-09T09:00:00.123456789+08:00"))
    assert read.time == datetime(2023, 11, 9, 1, 0, 0, 123000, UTC)
    assert read.time.tzinfo is UTC


@pytest.mark.parametrize("name", ["id", "source", "type", "subject", "time", "tenant", "data"])
def test_a_missing_or_null_attribute_is_named(name: str) -> None:
    whole = document()
    del whole[name]
    assert errors_of(json.dumps(whole).encode()) == {name: ["Missing required attribute."]}
    assert errors_of(json.dumps(document(**{name: None})).encode()) == {name: ["Missing required attribute."]}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("specversion", "0.3"),
        ("specversion", 1.0),
        ("id", ""),
        ("id", 5),
        ("id", "x" * 201),
        ("subject", "with space"),
        ("source", "/center/報名"),
        ("type", "registration.seat_confirmed.v1\n"),
        ("tenant", ["pu"]),
        ("correlationid", 7),
        ("traceparent", "\x00"),
        ("time", "2023-11-09T09:00:00"),
        ("time", "2023-11-09"),
        ("time", "20231109T010000Z"),
        ("time", "2023-11-09 01:00:00Z"),
        ("time", "2023-11-09T09:00:60Z"),
        ("time", "2023-11-09T09:00:00Z\n"),
        ("time", "0001-01-01T00:00:00+08:00"),
        ("time", 1699491600),
        ("deadline", "now"),
        ("sequence", 42),
        ("sequence", "0"),
        ("sequence", "-1"),
        ("sequence", "١"),
        ("sequence", "1" * 13),
        ("data", []),
        ("data", "e30="),
    ],
)
def test_a_wrong_attribute_is_named(name: str, value: Any) -> None:
    assert list(errors_of(json.dumps(document(**{name: value})).encode())) == [name]


def test_all_wrong_attributes_are_named_at_once() -> None:
    found = errors_of(json.dumps(document(id=1, time="x", sequence="y", data=None)).encode())
    assert sorted(found) == ["data", "id", "sequence", "time"]


@pytest.mark.parametrize(
    "value", ["NaN", "-Infinity", "1e999", "9223372036854775808", '"\\ud800"', "[" * 40 + "]" * 40]
)
def test_a_value_that_others_could_not_read_is_found_in_data(value: str) -> None:
    raw = json.dumps(document(data={"seats": {"limit": [0, "HERE"]}})).replace('"HERE"', value).encode()
    (path,) = errors_of(raw)
    assert path.startswith("data.seats.limit.1")


@pytest.mark.parametrize("key", ['"\\u0000"', '"\\udc00"'])
def test_a_field_name_that_a_store_could_not_hold_is_found(key: str) -> None:
    raw = json.dumps(document(data={"HERE": 1})).replace('"HERE"', key).encode()
    (path,) = errors_of(raw)
    assert path.startswith("data.'\\")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff\xfe{}",
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b"9" * 5_000,
        b"{} {}",
        b"'id'",
        b"null",
        b"[]",
        b'"x"',
    ],
)
def test_what_is_not_a_json_object_is_malformed_as_a_whole(raw: bytes) -> None:
    assert list(errors_of(raw)) == ["_schema"]


def test_an_attribute_given_twice_is_malformed() -> None:
    raw = SAMPLE.replace(b'"specversion"', b'"tenant": "nchu", "specversion"')
    assert errors_of(raw) == {"tenant": ["Given twice."]}


def test_an_event_of_the_greatest_size_is_read_and_one_byte_more_is_not() -> None:
    greatest = SAMPLE + b" " * (envelope.MAX_BYTES - len(SAMPLE))
    assert envelope.from_json(greatest) == envelope.from_json(SAMPLE)
    assert errors_of(greatest + b" ") == {"_schema": ["Larger than 262144 bytes."]}


def test_an_event_too_large_to_be_read_is_not_written() -> None:
    with pytest.raises(MalformedEvent) as caught:
        envelope.to_json(an_event(data={"summary": "共" * (envelope.MAX_BYTES // 3)}))
    assert caught.value.errors == {"_schema": ["Larger than 262144 bytes."]}


def test_a_batch_may_be_larger_than_an_event_but_none_of_its_events() -> None:
    half = json.dumps(document(data={"summary": "x" * (envelope.MAX_BYTES // 2)})).encode()
    whole = json.dumps(document(data={"summary": "x" * envelope.MAX_BYTES})).encode()
    assert len(envelope.batch_from_json(b"[" + half + b"," + half + b"]")) == 2
    with pytest.raises(MalformedEvent) as caught:
        envelope.batch_from_json(b"[" + half + b"," + whole + b"]")
    assert list(caught.value.errors) == ["1._schema"]


@settings(deadline=None)
@given(st.lists(plain, max_size=5), st.sampled_from([None, 1]))
def test_the_parts_of_a_batch_are_what_stands_in_it(values: list[Any], indent: int | None) -> None:
    raw = json.dumps(values, indent=indent, ensure_ascii=False).encode()
    parts = envelope.batch_parts(b" " + raw + b"\n")
    assert [json.loads(part) for part in parts] == values
    assert all(part in raw for part in parts)


@pytest.mark.parametrize("raw", [b"", b"{}", b"[", b"[1,]", b"[1] 2", b"\xff", b"[" * 100_000])
def test_what_is_no_array_has_no_parts(raw: bytes) -> None:
    with pytest.raises(MalformedEvent) as caught:
        envelope.batch_parts(raw)
    assert list(caught.value.errors) == ["_schema"]


def test_a_malformed_event_of_a_batch_is_named_with_its_place() -> None:
    with pytest.raises(MalformedEvent) as caught:
        envelope.batch_from_json(json.dumps([document(), document(time="soon", id="")]).encode())
    assert sorted(caught.value.errors) == ["1.id", "1.time"]
    with pytest.raises(MalformedEvent) as caught:
        envelope.batch_to_json([an_event(), an_event(), an_event(sequence=0)])
    assert list(caught.value.errors) == ["2.sequence"]
    with pytest.raises(MalformedEvent) as caught:
        envelope.batch_from_json(SAMPLE)
    assert list(caught.value.errors) == ["_schema"]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"id": ""}, "id"),
        ({"tenant": None}, "tenant"),
        ({"time": datetime(2023, 11, 9)}, "time"),  # noqa: DTZ001 - a naive time is the point
        ({"time": "2023-11-09T01:00:00Z"}, "time"),
        ({"deadline": datetime.min.replace(tzinfo=timezone(timedelta(hours=8)))}, "deadline"),
        ({"sequence": 10**12}, "sequence"),
        ({"sequence": True}, "sequence"),
        ({"causationid": "two words"}, "causationid"),
        ({"data": None}, "data"),
        ({"data": {"at": datetime(2023, 11, 9, tzinfo=UTC)}}, "data.at"),
        ({"data": {"limit": float("inf")}}, "data.limit"),
        ({"data": {"pools": ("onsite",)}}, "data.pools"),
        ({"data": {"pools": {1: "onsite"}}}, "data.pools.1"),
    ],
)
def test_what_nobody_could_read_is_not_written(changes: dict[str, Any], path: str) -> None:
    with pytest.raises(MalformedEvent) as caught:
        envelope.to_json(an_event(**changes))
    assert list(caught.value.errors) == [path]
