"""The golden samples: one of every type, readable for ever, never changed once published."""

import json

import pytest

from gongxue_contracts import catalogue, envelope, samples

TYPES = [entry.type for entry in catalogue.entries()]


def test_every_type_has_a_golden_sample_and_every_sample_a_type() -> None:
    assert samples.types() == sorted(TYPES)


@pytest.mark.parametrize("type", TYPES)
def test_a_published_sample_is_unchanged(type: str) -> None:
    published = samples.published().get(type)
    assert published is not None, f"{type} is new: add its line to golden/SHA256SUMS in the same change."
    assert samples.digest(type) == published, (
        f"The golden sample of {type} is not what was published. Partners read by it: put it back, and publish "
        f"what is different as a new version of the type. (Not published yet? Then renew its line in SHA256SUMS.)"
    )


def test_no_published_sample_is_gone() -> None:
    assert sorted(samples.published()) == samples.types()


@pytest.mark.parametrize("type", TYPES)
def test_a_sample_read_and_written_is_the_same(type: str) -> None:
    event = envelope.from_json(samples.sample(type))
    assert event.type == type
    assert envelope.to_dict(event) == json.loads(samples.sample(type))
    assert catalogue.write(type, catalogue.read(type, event.data)) == event.data


@pytest.mark.parametrize("entry", catalogue.entries(), ids=lambda entry: entry.type)
def test_a_sample_is_addressed_as_its_kind_is(entry: catalogue.Entry) -> None:
    event = envelope.from_json(samples.sample(entry.type))
    assert event.source == ("/center/gateway" if entry.kind == "command" else event.source)
    assert (event.deadline is not None) == (entry.kind == "command")
    if entry.kind == "fact":
        assert event.id.startswith(f"{event.subject}@")
        assert event.sequence is not None
