"""The description of the API (OpenAPI 3.1), made of the declarations of its operations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter

from gateway.access import permissions
from gateway.access.tokens import SCOPES
from gateway.api import examples
from gateway.api.bodies import PREFIX
from gateway.api.openapi_answers import COMPONENTS, answers
from gateway.api.operations import PARAMETERS, Operation
from gongxue_contracts.contract import Contract

ABOUT = """The learning network between universities: activities, registrations, schools.

Programs sign in with a token (`Authorization: Bearer gx_…`) that somebody makes for them; it acts as that person, in
those of their roles that it has the scopes of. Times are RFC 3339 in UTC. Every write takes an `Idempotency-Key`: sent
again, the same wish gets the first answer again. What cannot be answered as asked is a problem (RFC 9457) whose `code`
is for programs and whose words are in the language of `Accept-Language`. Lists go on with `Link: rel="next"`. Readings
have an `ETag`; `If-Match` is compared with the representation in the read model, as `GET` would answer it, and the
service decides again. How often one may ask is in `RateLimit-Policy` and `RateLimit`."""


def _header(name: str, description: str, **schema: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": description,
        "schema": {"type": "string", **schema},
    }


_KEY = _header(
    "Idempotency-Key",
    "The same for the same wish: sent again, it gets the first answer again.",
    pattern="^[!-~]{1,200}$",
)
_IF_NONE_MATCH = _header(
    "If-None-Match", "The ETag of what one has: if it is still so, the answer is 304 without a body."
)
_IF_MATCH = _header(
    "If-Match",
    "The ETag of what one has seen (RFC 9110). It is compared with the representation that the read model has now, in"
    " its part before the dot, which stands for what a PATCH can change: if that is another one, nothing is asked for."
    " The service decides again, on what it knows.",
)
_LAST_EVENT_ID = _header(
    "Last-Event-ID", "The id of the last event that one has: nothing is sent until something is different."
)


def description(operations: Sequence[Operation], public_url: str) -> dict[str, Any]:
    """The whole document."""
    plugin = Plugin(schema_name_resolver=_name)
    spec = APISpec(
        title="Gongxue",
        version="1.0.0",
        openapi_version="3.1.0",
        plugins=[plugin],
        info={"description": ABOUT, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        servers=[{"url": public_url + PREFIX}],
        tags=[{"name": tag} for tag in dict.fromkeys(one.tag for one in operations)],
        security=[{}, {"session": []}, {"bearer": []}],
    )
    spec.components.security_scheme("session", {"type": "apiKey", "in": "cookie", "name": "session"})
    spec.components.security_scheme(
        "bearer",
        {
            "type": "http",
            "scheme": "bearer",
            "description": f"A token; its scopes are some of: {', '.join(SCOPES)}.",
        },
    )
    for one in operations:
        described = _operation(one, plugin)
        if links := _links(one, operations):
            described["responses"]["201"]["links"] = links
        spec.path(path=one.path, operations={one.method.lower(): described})
    document = spec.to_dict()
    document["components"] |= COMPONENTS
    _close(document)
    for name, example in examples.OF_SCHEMAS.items():
        document["components"]["schemas"][name]["examples"] = [example]
    return document


class Converter(OpenAPIConverter):
    """Says of a schema also that it wants at least one of its fields."""

    def schema2jsonschema(self, schema: Any) -> dict[str, Any]:
        """The JSON Schema of a contract."""
        found: dict[str, Any] = super().schema2jsonschema(schema)  # type: ignore[no-untyped-call]
        if getattr(schema, "at_least_one", False):
            found["minProperties"] = 1
        return found


class Plugin(MarshmallowPlugin):
    """With our converter."""

    Converter = Converter


def _close(document: dict[str, Any]) -> None:
    """What is sent has no fields that nobody knows; what is answered may have more one day."""
    schemas = document["components"]["schemas"]
    sent = [
        one["requestBody"]
        for path in document["paths"].values()
        for one in path.values()
        if "requestBody" in one
    ]
    for name in {name for one in sent for name in _reached(one, schemas)}:
        schemas[name]["additionalProperties"] = False


def _reached(value: Any, schemas: dict[str, Any]) -> Iterator[str]:
    """The schemas that this one is made of."""
    if isinstance(value, dict):
        if "$ref" in value:
            name = value["$ref"].rpartition("/")[2]
            yield name
            yield from _reached(schemas[name], schemas)
        for inner in value.values():
            yield from _reached(inner, schemas)
    elif isinstance(value, list):
        for inner in value:
            yield from _reached(inner, schemas)


def _operation(one: Operation, plugin: MarshmallowPlugin) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": one.action,
        "tags": [one.tag],
        "summary": one.summary,
        "parameters": _parameters(one, plugin),
        "responses": answers(one),
        "security": _security(one),
    }
    if one.handle.__doc__:
        described["description"] = one.handle.__doc__.strip()
    if one.body is not None:
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": one.body}},
        }
    if one.signed_in:
        described["x-allowed"] = [asdict(row) for row in permissions.TABLE[one.action]]
    return described


def _links(one: Operation, operations: Sequence[Operation]) -> dict[str, Any]:
    """What can be done with what has been made: the operations whose address its id is the only part of."""
    made = one.returns.get(201)
    parameter = _MADE.get(type(made).__name__)
    named = {"operationId": "", "parameters": {parameter: "$response.body#/id"}}
    return {
        other.action: {**named, "operationId": other.action}
        for other in operations
        if parameter and re.findall(r"{(\w+)}", other.path) == [parameter] and other is not one
    }


_MADE = {"Activity": "activity", "Registration": "registration", "School": "school", "MadeToken": "token"}


def _security(one: Operation) -> list[dict[str, list[str]]]:
    """Any one of them is enough."""
    found: list[dict[str, list[str]]] = [{"session": []}]
    if one.signed_in:
        return found + [{"bearer": [scope]} for scope in one.scopes]
    return [{}, *found, {"bearer": []}] if one.method == "GET" else [{}, *found]


def _parameters(one: Operation, plugin: MarshmallowPlugin) -> list[Any]:
    parameters: list[Any] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "pattern": PARAMETERS[name][0]},
            "example": examples.OF_PARAMETERS[name],
        }
        for name in re.findall(r"{(\w+)}", one.path)
    ]
    parameters += _query(one, plugin)
    if one.command or one.keyed:
        parameters.append({**_KEY, "required": one.method != "PUT"})
    if one.method == "GET":
        parameters.append(_LAST_EVENT_ID if one.stream else _IF_NONE_MATCH)
    if "precondition_failed" in one.refusals:
        parameters.append(_IF_MATCH)
    return parameters


def _query(one: Operation, plugin: MarshmallowPlugin) -> list[Any]:
    if one.query is None:
        return []
    assert plugin.converter is not None  # noqa: S101 - for the type checker: the spec has initialised it
    found = []
    for name, field in one.query.fields.items():
        schema = plugin.converter.field2property(field)
        described: dict[str, Any] = {"name": field.data_key or name, "in": "query", "required": False}
        if schema.get("type") == "array":
            described |= {"style": "form", "explode": False}
        found.append({**described, "schema": schema})
    return found


def _name(schema: Any) -> str:
    kind: type[Contract] = schema if isinstance(schema, type) else type(schema)
    partial = getattr(schema, "partial", None)
    return f"Sparse{kind.__name__}" if partial is True and not kind.at_least_one else kind.__name__
