"""Whatever is wrong with a field is said in both languages."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError, fields

from gateway.api import OPERATIONS
from gateway.api.operations import NOTHING, load
from gateway.api.query_schemas import LIST_ACTIVITIES
from gateway.api.schemas import NEW_ACTIVITY, SCHOOL_CHANGES
from gateway.field_words import WORDS, recognised
from gateway.problems import Problem, describe
from gongxue_contracts import contract, directory, moment, plain, registration
from gongxue_contracts import fields as contract_fields
from gongxue_contracts.contract import Contract, Part
from gongxue_contracts.fields import Exact

ASKED = {one.body for one in OPERATIONS} | {one.query for one in OPERATIONS} | {NOTHING}
SENT = {kind(writing=True) for module in (directory, registration) for kind in module.COMMANDS.values()}
SCHEMAS: list[Contract] = [schema for schema in ASKED | SENT if schema is not None]
"""All that a request is read by, and the commands it becomes."""

_ERRORS = ("ValidationError", "ValueError")
DEEP: Any = "deep"
for _ in range(plain.MAX_DEPTH + 1):
    DEEP = [DEEP]
BAD: tuple[Any, ...] = (
    None, "", "\n", "\x00", "x" * 20_000, "http://", 0, -1, 101, 10**40, 1.5, float("inf"), True, "yes", [], [None],
    [[0]] * 2_000, {}, {"wrong": 1}, object(), "2026-13-01T00:00:00Z", "2026-11-23", "0001-01-01T00:00:00+23:00", DEEP,
)  # fmt: skip


def declared(schema: Contract) -> Iterator[str]:
    """The messages that its fields and their validators have ready, with stand-ins for what is filled in."""
    yield from map(str, schema.error_messages.values())
    for field in schema.fields.values():
        yield from _declared_by(field)


def _declared_by(field: Any) -> Iterator[str]:
    # An exact field speaks for itself, see `spoken`, but for what marshmallow looks at before it is asked.
    own = ("required", "null", "validator_failed") if isinstance(field, Exact) else field.error_messages
    yield from (str(field.error_messages[key]) for key in own)
    for validator in [*field.validators, getattr(field, "_check", None)]:
        if validator is not None:
            yield _refusal(validator)
    if isinstance(field, Part):
        yield from declared(field.schema)
    elif isinstance(field, fields.List):
        yield from _declared_by(field.inner)


def _refusal(validator: Any) -> str:
    for value in (10**9, "no", "map", "new", "x" * 5_000):
        try:
            validator(value)
        except (ValidationError, TypeError) as error:
            if isinstance(error, ValidationError):
                return str(error.messages[0])
    raise AssertionError(f"nothing is wrong for {validator}")


def spoken() -> Iterator[str]:
    """The words of every error in the contracts' sources."""
    for module in (contract, contract_fields, moment):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in _ERRORS:
                yield from _sentences(node)
    for node in ast.walk(ast.parse(inspect.getsource(plain))):
        if isinstance(node, ast.Return | ast.Assign):
            yield from (words for words in _sentences(node) if words.endswith(".") and " " in words)


def _sentences(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.JoinedStr):
        yield "".join(part.value if isinstance(part, ast.Constant) else "7" for part in node.values)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    else:
        for child in ast.iter_child_nodes(node):
            yield from _sentences(child)


def messages(schema: Contract, value: Any) -> list[tuple[str, str]]:
    """What is answered to these values, if anything."""
    try:
        load(schema, value)
    except Problem as problem:
        return [*describe(problem, "zh-Hant").errors]
    return []


def is_chinese(words: str) -> bool:
    return re.search("[一-鿿]", words) is not None


@pytest.mark.parametrize("message", sorted({words for schema in SCHEMAS for words in declared(schema)}))
def test_what_schemas_have_ready_to_say(message: str) -> None:
    assert recognised(message), message


@pytest.mark.parametrize("message", sorted(set(spoken())))
def test_what_the_contracts_say_themselves(message: str) -> None:
    assert recognised(message), message


def test_the_words_are_found_in_the_sources() -> None:
    found = set(spoken())
    assert {
        "Not a text.",
        "Longer than 7 characters.",
        "At least one of: 7.",
        "Not a finite number.",
    } <= found


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: type(schema).__name__)
def test_whatever_is_sent(schema: Contract) -> None:
    for bad in BAD:
        said = messages(schema, bad) + messages(schema, dict.fromkeys(schema.fields, bad))
        for name, field in schema.fields.items():
            if isinstance(field, Part):
                said += messages(schema, {name: dict.fromkeys(field.schema.fields, bad)})
        assert [words for _, words in said if not is_chinese(words)] == []


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=3)
    )
)
def test_what_is_not_plain(value: Any) -> None:
    found = plain.fault({"field": value})
    if found:
        assert recognised(found[1])


@pytest.mark.parametrize("value", [DEEP, 2**70, float("nan"), "\ud800", object(), {1: 2}, {"\0": 1}])
def test_what_cannot_travel(value: Any) -> None:
    found = plain.fault(value)
    assert found
    assert recognised(found[1])


def test_pointers_stay_and_what_is_spoken_of_is_named() -> None:
    wrong = {"title": {"zh": "x" * 301}, "pools": {}, "waiting_limit": -1}
    try:
        load(NEW_ACTIVITY, wrong)
    except Problem as problem:
        chinese, english = (dict(describe(problem, tag).errors) for tag in ("zh-Hant", "en"))
    assert chinese.keys() == english.keys()
    assert (chinese["/title/zh"], english["/title/zh"]) == (
        "超過 300 個字元。",
        "Longer than 300 characters.",
    )
    assert chinese["/title/en"] == "此欄位必填。"
    assert chinese["/pools"] == "至少要有下列之一：onsite, online。"
    assert chinese["/waiting_limit"] == "須為 0 到 2147483647 的整數。"
    assert messages(LIST_ACTIVITIES, {"limit": "101"}) == [("/limit", "須為 1 到 100 的整數。")]
    assert messages(SCHOOL_CHANGES, {"website": "ftp://a.example"}) == [("/website", "不是有效的網址。")]


def test_what_none_of_us_says_is_passed_on() -> None:
    problem = Problem("invalid_request", errors=(("/a", "100% new"),))
    assert describe(problem, "zh-Hant").errors == problem.errors


def test_english_stays_as_it_was() -> None:
    for words in WORDS:
        message = re.sub(r"%\(\w+\)s", "7", words)
        assert describe(Problem("invalid_request", errors=(("", message),)), "en").errors == (("", message),)


def test_no_message_is_taken_for_another() -> None:
    assert [recognised(re.sub(r"%\(\w+\)s", "7", words))[0] for words in WORDS] == list(WORDS)  # type: ignore[index]
