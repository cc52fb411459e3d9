"""The export: what it says of an event is what the catalogue does with it."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError, validators

from gongxue_contracts import catalogue, envelope, json_schema, samples
from gongxue_contracts.__main__ import main

ENTRIES = catalogue.entries()
WRONG: list[Any] = [
    None,
    "",
    "?",
    "\n",
    " ",
    "\u3000",
    "?\n",
    0,
    -1,
    2**40,
    1.5,
    True,
    [],
    ["?"],
    {},
    {"zh": 1},
    "x" * 20_000,
]
# Not of the contract's own making: an answer's facts are events, a refusal's details are open.
OPEN = {"details.pool", "details.into", "facts.0"}


def pattern_of_ecma_262(_: Any, pattern: str, text: Any, __: Any) -> Iterator[ValidationError]:
    """As JSON Schema wants it: there `$` is the very end, while in Python a line break may follow."""
    if isinstance(text, str) and not re.search(pattern.replace("$", r"\Z"), text):
        yield ValidationError(f"{text!r} does not match {pattern}")


Validator = validators.extend(Draft202012Validator, {"pattern": pattern_of_ecma_262})


def validator(entry: catalogue.Entry) -> Draft202012Validator:
    schema = json_schema.event(entry)
    Validator.check_schema(schema)
    return Validator(schema)


def is_read(document: Any) -> bool:
    try:
        event = envelope.from_dict(document)
        catalogue.read(event.type, event.data)
    except (envelope.MalformedEvent, catalogue.ContractError):
        return False
    return True


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place within the value, outermost first."""
    if path:
        yield path
    if ".".join(map(str, path[1:])) in OPEN:
        return
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, (*path, key))


def without(document: Any, path: tuple[Any, ...]) -> Any:
    document = copy.deepcopy(document)
    within = document
    for key in path[:-1]:
        within = within[key]
    del within[path[-1]]
    return document


def with_value(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    document = copy.deepcopy(document)
    within = document
    for key in path[:-1]:
        within = within[key]
    within[path[-1]] = value
    return document


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.type)
def test_the_golden_sample_validates(entry: catalogue.Entry) -> None:
    validator(entry).validate(json.loads(samples.sample(entry.type)))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.type)
def test_export_and_catalogue_agree_about_missing_unknown_and_wrong_fields(entry: catalogue.Entry) -> None:
    exported, sample = validator(entry), json.loads(samples.sample(entry.type))
    # The export asks for a fact's sequence, which is no business of the envelope alone.
    paths = [path for path in places(sample) if path not in {("sequence",), ("type",)}]
    damaged = [(path, "missing", without(sample, path)) for path in paths]
    damaged += [(path, value, with_value(sample, path, value)) for path in paths for value in WRONG]
    damaged += [
        (path, "added", with_value(sample, (*path[:-1], "added"), 1))
        for path in paths
        if isinstance(path[-1], str)
    ]
    disputed = [
        (path, change) for path, change, event in damaged if exported.is_valid(event) != is_read(event)
    ]
    assert disputed == []


def test_a_fact_without_its_sequence_does_not_validate() -> None:
    entry = next(entry for entry in ENTRIES if entry.kind == "fact")
    assert not validator(entry).is_valid(without(json.loads(samples.sample(entry.type)), ("sequence",)))


def test_an_event_does_not_validate_as_another_type() -> None:
    sample = json.loads(samples.sample("registration.seat_confirmed.v1"))
    assert [entry.type for entry in ENTRIES if validator(entry).is_valid(sample)] == [sample["type"]]


def test_the_command_line_exports_a_schema_for_each_type(tmp_path: Path) -> None:
    assert main(["export", str(tmp_path / "schemas")]) == 0
    written = {path.name: json.loads(path.read_text("utf-8")) for path in (tmp_path / "schemas").iterdir()}
    assert written == {f"{entry.type}.json": json_schema.event(entry) for entry in ENTRIES}


def test_the_command_line_lists_every_type(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [[entry.kind, entry.service, entry.type] for entry in ENTRIES]
