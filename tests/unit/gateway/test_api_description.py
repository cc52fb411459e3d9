"""The declarations of the operations: what they refuse, and that the description says the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import openapi_spec_validator
import pytest

from gateway import problems
from gateway.access import permissions
from gateway.api import OPERATIONS, examples, schemas
from gateway.api.openapi import description
from gateway.api.operations import PARAMETERS, Operation, load, operation, pointers
from gateway.problems import Problem

DESCRIBED = description(OPERATIONS, "https://gongxue.example.org")


def refs(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for item in value.values():
            yield from refs(item)
    elif isinstance(value, list):
        for item in value:
            yield from refs(item)


def described(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = DESCRIBED["paths"][operation.path][operation.method.lower()]
    return found


def test_it_is_json_of_openapi_3_1() -> None:
    assert json.loads(json.dumps(DESCRIBED))["openapi"] == "3.1.0"
    assert DESCRIBED["servers"] == [{"url": "https://gongxue.example.org/api/v1"}]


def test_every_reference_leads_somewhere() -> None:
    names = {
        f"#/components/{kind}/{name}" for kind, named in DESCRIBED["components"].items() for name in named
    }
    assert set(refs(DESCRIBED)) <= names


def test_every_schema_is_one() -> None:
    for schema in DESCRIBED["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: f"{one.method} {one.path}")
def test_what_the_door_refuses_is_described_everywhere(operation: Operation) -> None:
    at_the_door = {"400", "401", "413", "414", "421", "429", "503"}
    if operation.method not in ("GET", "DELETE"):
        at_the_door |= {"403", "408", "415"}

    assert at_the_door <= set(described(operation)["responses"])


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: f"{one.method} {one.path}")
def test_every_operation_is_described(operation: Operation) -> None:
    said = described(operation)
    assert said["summary"]
    named = {one["name"] for one in said["parameters"] if one["in"] == "path"}
    assert named == set(re.findall(r"{(\w+)}", operation.path))
    keys = [one for one in said["parameters"] if one["name"] == "Idempotency-Key"]
    keyed = operation.command or operation.keyed
    assert [one["required"] for one in keys] == ([operation.method != "PUT"] if keyed else [])
    assert ({} in said["security"]) is not operation.signed_in
    assert ("requestBody" in said) == (operation.body is not None)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: f"{one.method} {one.path}")
def test_every_refusal_is_described_under_its_status(operation: Operation) -> None:
    responses = described(operation)["responses"]
    for code in operation.refusals:
        assert code in problems.KINDS
        assert code in responses[str(problems.kind(code).status)]["description"].split(", ")


def test_an_operation_that_the_table_of_permissions_does_not_have_is_none() -> None:
    async def fly(call: Any) -> Any: ...

    with pytest.raises(KeyError, match="fly is not in the table of permissions"):
        operation("POST", "/fly", tag="Air", summary="Fly", returns={})(fly)


@pytest.mark.parametrize("one", OPERATIONS, ids=lambda one: f"{one.method} {one.path}")
def test_the_description_says_who_may(one: Operation) -> None:
    said, rows = described(one), permissions.TABLE[one.action]
    assert (said["operationId"], "x-allowed" in said) == (one.action, one.signed_in)
    assert said.get("x-allowed", []) == [
        {"role": row.role, "where": row.where} for row in rows if row.where != "public"
    ]
    if one.signed_in:
        assert "not_signed_in" in said["responses"]["401"]["description"].split(", ")


def test_it_is_valid() -> None:
    openapi_spec_validator.validate(DESCRIBED)


def test_every_problem_is_described_as_an_example() -> None:
    shown = DESCRIBED["components"]["examples"]
    assert shown.keys() == problems.KINDS.keys()
    for code, example in shown.items():
        assert (example["value"]["code"], example["value"]["type"]) == (code, f"/problems/{code}")
        assert schemas.PROBLEM.load(example["value"])


@pytest.mark.parametrize("name", sorted(examples.OF_SCHEMAS))
def test_every_example_is_one(name: str) -> None:
    whole = {"$ref": f"#/components/schemas/{name}", "components": DESCRIBED["components"]}
    jsonschema.Draft202012Validator(whole).validate(examples.OF_SCHEMAS[name])


def test_every_example_of_a_parameter_is_one() -> None:
    for name, (pattern, _) in PARAMETERS.items():
        assert re.fullmatch(pattern, examples.OF_PARAMETERS[name])


@pytest.mark.parametrize("one", OPERATIONS, ids=lambda one: f"{one.method} {one.path}")
def test_every_answer_says_what_its_headers_are(one: Operation) -> None:
    answers = described(one)["responses"]
    good = next(answers[str(status)] for status in one.returns)
    assert {"RateLimit", "RateLimit-Policy"} <= good["headers"].keys()
    assert ("ETag" in good["headers"]) is (one.method == "GET" and not one.stream)
    assert ("304" in answers) is (one.method == "GET" and not one.stream)
    assert ("Link" in good["headers"]) is (one.query is not None and "cursor" in one.query.fields)
    assert {"Retry-After"} == answers["429"]["headers"].keys() == answers["503"]["headers"].keys()
    assert "WWW-Authenticate" in answers["401"]["headers"]


SCOPES = {
    "list_activities": ("read",),
    "my_registrations": ("read",),
    "register": ("register",),
    "cancel_registration": ("register", "host", "window", "center"),
    "change_activity": ("host", "window", "center"),
    "describe_school": ("window", "center"),
    "admit_school": ("center",),
    "make_token": (),
    "my_tokens": (),
    "sign_in": (),
    "sign_out": (),
}


@pytest.mark.parametrize("action", SCOPES)
def test_a_token_needs_a_scope_of_the_roles_that_may(action: str) -> None:
    one = next(one for one in OPERATIONS if one.action == action)
    assert one.scopes == SCOPES[action]
    if one.signed_in:
        assert described(one)["security"] == [{"session": []}, *({"bearer": [scope]} for scope in one.scopes)]


def test_no_token_can_do_what_has_no_scope() -> None:
    """Whatever is added later for all who are signed in is nothing for tokens until somebody says so."""
    writes = [one for one in OPERATIONS if one.method != "GET" and "register" in one.scopes]
    assert {one.action for one in writes} == {"register", "cancel_registration", "join_sig", "leave_sig"}


def test_operation_ids_are_unique() -> None:
    ids = [described(one)["operationId"] for one in OPERATIONS]
    assert len(ids) == len(set(ids))


def test_every_address_has_a_method_once() -> None:
    pairs = [(one.method, one.path) for one in OPERATIONS]
    assert len(pairs) == len(set(pairs))


def wrong(schema: Any, given: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(Problem) as raised:
        load(schema, given)
    assert raised.value.code == "invalid_request"
    return dict(raised.value.errors)


def test_wrong_fields_are_named_by_pointer() -> None:
    found = wrong(
        schemas.NEW_ACTIVITY,
        {
            "kind": "party",
            "host": "nchu",
            "title": {"zh": "", "fr": "x"},
            "pools": {"onsite": -1, "balcony": 3},
            "starts_at": "tomorrow",
            "a/b~c": 1,
        },
    )
    assert found.keys() >= {
        "/kind",
        "/title/zh",
        "/title/en",
        "/title/fr",
        "/pools/onsite",
        "/pools/balcony",
        "/starts_at",
        "/summary",
        "/a~1b~0c",
    }


def test_only_named_changes_are_needed_but_one_is() -> None:
    assert load(schemas.ACTIVITY_CHANGES, {"pools": {"onsite": 30}}) == {"pools": {"onsite": 30}}
    assert set(wrong(schemas.ACTIVITY_CHANGES, {})) == {""}
    assert set(wrong(schemas.ACTIVITY_CHANGES, {"host": "ncku"})) == {"/host"}
    assert set(wrong(schemas.SCHOOL_CHANGES, {"name": {"zh": "甲", "en": ""}})) == {"/name"}


@pytest.mark.parametrize(
    "given",
    [
        {"pool": 5},
        {"pool": "onsite", "waiting_list": "yes"},
        {"pool": "onsite", "name": ""},
        {"pool": "onsite", "name": "two\nlines"},
        {"pool": "onsite", "name": "x" * 101},
        {"pool": "onsite", "language": "fr"},
        {"pool": "onsite", "person": "wu"},
        {},
    ],
)
def test_a_registration_is_refused(given: dict[str, Any]) -> None:
    assert wrong(schemas.NEW_REGISTRATION, given)


def test_one_waits_unless_one_says_no() -> None:
    assert load(schemas.NEW_REGISTRATION, {"pool": "onsite"}) == {"pool": "onsite", "waiting_list": True}


def test_messages_of_lists_point_to_their_item() -> None:
    assert pointers({"items": {0: {"name": ["Wrong."]}}}) == [("/items/0/name", "Wrong.")]
