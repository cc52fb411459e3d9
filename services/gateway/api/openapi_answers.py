"""The answers of an operation as the description has them: bodies, headers, and every problem there may be."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from gateway import problems
from gateway.access import permissions
from gateway.api import schemas
from gateway.api.operations import Operation
from gongxue_contracts.contract import Contract

EVENTS = "text/event-stream"
_JSON = "application/json"
_EVENT = {
    "description": "Each event; its data is JSON, its id is for Last-Event-ID.",
    "type": "object",
    "properties": {
        "event": {"type": "string"},
        "data": {"type": "string", "contentMediaType": "application/json"},
        "id": {"type": "string"},
        "retry": {"type": "integer", "description": "Milliseconds after which to come back."},
    },
}


def _header(description: str, example: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string"}, "example": example}


HEADERS: dict[str, dict[str, Any]] = {
    "RateLimit-Policy": _header("How often one may ask: `q` times in `w` seconds.", '"token";q=600;w=60'),
    "RateLimit": _header("What is left of that: `r` for the next `t` seconds.", '"token";r=599;t=60'),
    "Retry-After": _header("After so many seconds one may ask again.", "2"),
    "ETag": _header(
        "Stands for what is answered; see If-None-Match and If-Match.", '"5f3c5a1b7e.6d5a6a9e6f"'
    ),
    "Link": _header("Where the first and the next page are.", '</api/v1/schools?limit=20>; rel="first"'),
    "Location": _header("The address of what has been made, or of the command.", "/api/v1/activities/story"),
    "WWW-Authenticate": _header("How to sign in.", 'Bearer realm="gongxue"'),
    "Allow": _header("The methods that there are.", "GET, HEAD, OPTIONS"),
}

COMPONENTS: dict[str, Any] = {
    "headers": HEADERS,
    "examples": {
        code: {
            "summary": kind.title,
            "value": problems.describe(problems.Problem(code), "en").as_json(),
        }
        for code, kind in problems.KINDS.items()
    },
}
"""Every problem is there as an example, under its code."""


def answers(one: Operation) -> dict[str, Any]:
    """By status."""
    found: dict[str, Any] = {}
    for status, schema in one.returns.items():
        found[str(status)] = _answer(
            HTTPStatus(status).phrase, schema, _headers(one, status), sparse=_sparse(one)
        )
    if one.stream:
        found["200"]["content"] = {EVENTS: {"schema": _EVENT}}
    elif one.method == "GET":
        found["304"] = _answer("Not Modified", None, ("ETag", *_COUNTED))
    if one.command:
        words = "Taken, not decided yet: see Location"
        found["202"] = _answer(words, schemas.COMMAND_STATUS, ("Location", "Retry-After", *_COUNTED))
    codes: dict[int, list[str]] = {}
    for code in dict.fromkeys((*one.refusals, *checks(one))):
        codes.setdefault(problems.kind(code).status, []).append(code)
    for status, listed in sorted(codes.items()):
        found[str(status)] = _problem(status, listed)
    return found


def checks(one: Operation) -> list[str]:
    """Codes of what is looked at before the operation is asked anything."""
    codes = ["unavailable", "rate_limited", "invalid_token", "bad_host", "misdirected", "too_large"]
    codes.append("address_too_long")
    if one.signed_in:
        codes.append("not_signed_in")
        if not any(row.role == "staff" for row in permissions.TABLE[one.action]):
            codes.append("forbidden")
    if one.signed_in or one.method != "GET":
        codes.append("insufficient_scope" if one.scopes else "not_by_token")
    if (one.command or one.keyed) and one.method != "PUT":
        codes.append("missing_idempotency_key")
    if one.query is not None or one.method not in ("GET", "DELETE"):
        codes.append("invalid_request")
    if one.method != "GET":
        codes.append("cross_site")
    if one.method not in ("GET", "DELETE"):
        codes += ["malformed_json", "unsupported_media_type", "too_slow"]
    return codes


_COUNTED = ("RateLimit-Policy", "RateLimit")
_OF_STATUS = {401: ("WWW-Authenticate",), 429: ("Retry-After",), 503: ("Retry-After",)}


def _headers(one: Operation, status: int) -> tuple[str, ...]:
    found = list(_COUNTED)
    if one.method == "GET" and not one.stream:
        found.append("ETag")
    if one.query is not None and "limit" in one.query.fields:
        found.append("Link")
    if status == HTTPStatus.CREATED and one.command:
        found.append("Location")
    return tuple(found)


def _sparse(one: Operation) -> bool:
    return one.query is not None and "shown" in one.query.fields


def _answer(
    words: str, schema: Contract | None, headers: tuple[str, ...], *, sparse: bool = False
) -> dict[str, Any]:
    described: dict[str, Any] = {"description": words, "headers": _refs(headers)}
    if schema is not None:
        shown: Any = {"anyOf": [schema, _sparser(schema)]} if sparse else schema
        described["content"] = {_JSON: {"schema": shown}}
    return described


def _problem(status: int, codes: list[str]) -> dict[str, Any]:
    examples = {code: {"$ref": f"#/components/examples/{code}"} for code in codes}
    content = {problems.MEDIA_TYPE: {"schema": schemas.PROBLEM, "examples": examples}}
    headers = _refs((*_OF_STATUS.get(status, ()),))
    return {"description": ", ".join(codes), "headers": headers, "content": content}


def _refs(names: tuple[str, ...]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _sparser(schema: Contract) -> Contract:
    """The same where not all fields were asked for: of a page, those of its items."""
    page = schemas.SPARSE_PAGES.get(type(schema))
    return page or type(schema)(partial=True)
