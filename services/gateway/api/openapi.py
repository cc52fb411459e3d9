"""The description of the API (OpenAPI 3.1), made of the declarations of its operations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from gateway import permissions, problems
from gateway.api import schemas
from gateway.api.bodies import PREFIX
from gateway.api.operations import PARAMETERS, Operation
from gongxue_contracts.contract import Contract


def description(operations: Sequence[Operation], public_url: str) -> dict[str, Any]:
    """The whole document."""
    spec = APISpec(
        title="Gongxue",
        version="1.0.0",
        openapi_version="3.1.0",
        plugins=[MarshmallowPlugin(schema_name_resolver=_name)],
        info={
            "description": "The learning network between universities: activities, registrations, schools."
        },
        servers=[{"url": public_url + PREFIX}],
        tags=[{"name": tag} for tag in dict.fromkeys(one.tag for one in operations)],
    )
    spec.components.security_scheme("session", {"type": "apiKey", "in": "cookie", "name": "session"})
    for one in operations:
        spec.path(path=one.path, operations={one.method.lower(): _operation(one)})
    return spec.to_dict()


def _operation(one: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": one.action,
        "tags": [one.tag],
        "summary": one.summary,
        "parameters": _parameters(one),
        "responses": _responses(one),
    }
    if one.body is not None:
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": one.body}},
        }
    if one.signed_in:
        described["security"] = [{"session": []}]
        described["x-allowed"] = [asdict(row) for row in permissions.TABLE[one.action]]
    return described


def _parameters(one: Operation) -> list[Any]:
    parameters: list[Any] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "pattern": PARAMETERS[name][0]},
        }
        for name in re.findall(r"{(\w+)}", one.path)
    ]
    if one.query is not None:
        parameters.append({"in": "query", "schema": one.query})
    if one.command:
        parameters.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": one.method != "PUT",
                "description": "The same for the same wish: sent again, it gets the first answer again.",
                "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
            }
        )
    return parameters


def _responses(one: Operation) -> dict[str, Any]:
    responses: dict[str, Any] = {
        str(status): _response(HTTPStatus(status).phrase, schema, "application/json")
        for status, schema in one.returns.items()
    }
    if one.command:
        responses["202"] = _response(
            "Taken, not decided yet: see Location", schemas.COMMAND_STATUS, "application/json"
        )
    codes: dict[int, list[str]] = {}
    for code in (*one.refusals, *_checks(one)):
        codes.setdefault(problems.kind(code).status, []).append(code)
    for status, listed in sorted(codes.items()):
        responses[str(status)] = _response(", ".join(listed), schemas.PROBLEM, problems.MEDIA_TYPE)
    return responses


def _checks(one: Operation) -> list[str]:
    """Codes of the checks that the declaration asks for."""
    codes = ["unavailable"]
    if one.signed_in:
        codes.append("not_signed_in")
        if not any(row.role == "staff" for row in permissions.TABLE[one.action]):
            codes.append("forbidden")
    if one.command and one.method != "PUT":
        codes.append("missing_idempotency_key")
    if one.query is not None or one.method not in ("GET", "DELETE"):
        codes.append("invalid_request")
    if one.method != "GET":
        codes.append("cross_site")
    if one.method not in ("GET", "DELETE"):
        codes += ["malformed_json", "unsupported_media_type", "too_large"]
    return codes


def _response(words: str, schema: Contract | None, media_type: str) -> dict[str, Any]:
    if schema is None:
        return {"description": words}
    return {"description": words, "content": {media_type: {"schema": schema}}}


def _name(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__
