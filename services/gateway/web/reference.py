"""The reference of the API as a page, made of its description: nothing is loaded from elsewhere, nothing needs scripts.

The frame speaks both languages; what comes from the description is English, as it is for programs.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from gateway.web.asking import answer, frame
from gateway.web.remembered import alike
from gateway.web.rendering import pages

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of an object. `schema` names the object that it holds, if any."""

    name: str
    where: str
    required: bool
    type: str
    schema: str | None
    about: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered with a status; `codes` of the problems, or the object that the body is."""

    status: str
    words: str
    schema: str | None
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address. `scopes` of a token; none for what tokens cannot do, `public` for who is nobody."""

    id: str
    method: str
    path: str
    summary: str
    about: str
    public: bool
    scopes: tuple[str, ...]
    parameters: tuple[Field, ...]
    body: str | None
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Object:
    """What bodies are made of."""

    name: str
    about: str
    fields: tuple[Field, ...]


def page_of(description: Mapping[str, Any]) -> Endpoint:
    """GET /api."""
    view = view_of(description)

    async def reference(request: Request) -> Response:
        around, language = frame(request, "api"), request.state.language

        def make() -> bytes:
            return pages().render("reference.html", language, around, **view).encode()

        return answer(request, alike(around, ("reference", language), (description,), make))

    return reference


def view_of(description: Mapping[str, Any]) -> dict[str, Any]:
    """What the template shows."""
    groups = operations_of(description)
    return {
        "groups": groups,
        "objects": objects_of(description),
        "paragraphs": [words.split("`") for words in description["info"]["description"].split("\n\n")],
        "server": description["servers"][0]["url"],
        "everywhere": _everywhere(groups),
    }


def _everywhere(groups: Mapping[str, list[Operation]]) -> list[str]:
    """Codes of the problems that every operation may answer with: said once."""
    codes = [
        {code for answer in one.answers for code in answer.codes} for all in groups.values() for one in all
    ]
    return sorted(set.intersection(*codes))


def operations_of(description: Mapping[str, Any]) -> dict[str, list[Operation]]:
    """By tag, in the order of the description."""
    groups: dict[str, list[Operation]] = {tag["name"]: [] for tag in description["tags"]}
    for path, methods in description["paths"].items():
        for method, said in methods.items():
            groups[said["tags"][0]].append(_operation(method.upper(), path, said))
    return groups


def objects_of(description: Mapping[str, Any]) -> list[Object]:
    """All that bodies are made of; those that only lack fields of others are left out."""
    found = []
    for name, schema in sorted(description["components"]["schemas"].items()):
        if name.startswith("Sparse"):
            continue
        required = schema.get("required", [])
        fields = [
            _field(field, "", field in required, said, "") for field, said in schema["properties"].items()
        ]
        found.append(Object(name, schema.get("description", ""), tuple(fields)))
    return found


def _operation(method: str, path: str, said: Mapping[str, Any]) -> Operation:
    security = said["security"]
    body = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return Operation(
        id=said["operationId"],
        method=method,
        path=path,
        summary=said["summary"],
        about=said.get("description", ""),
        public={} in security,
        scopes=tuple(scope for one in security for scope in one.get("bearer", ())),
        parameters=tuple(
            _field(one["name"], one["in"], one["required"], one["schema"], one.get("description", ""))
            for one in said["parameters"]
        ),
        body=_named(body) if body else None,
        answers=tuple(_answer(status, one) for status, one in sorted(said["responses"].items())),
    )


def _answer(status: str, said: Mapping[str, Any]) -> Answer:
    content = said.get("content", {})
    problem = content.get("application/problem+json")
    if problem:
        return Answer(status, "", None, tuple(problem["examples"]))
    schema = content.get("application/json", {}).get("schema")
    return Answer(status, said["description"], _named(schema) if schema else None, ())


def _field(name: str, where: str, required: bool, schema: Mapping[str, Any], about: str) -> Field:
    return Field(name, where, required, _type(schema), _named(schema), about)


def _named(schema: Mapping[str, Any]) -> str | None:
    """The object that is meant, also within a list or where it may be null."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    inner = [
        *schema.get("anyOf", ()),
        *schema.get("allOf", ()),
        *([schema["items"]] if "items" in schema else ()),
    ]
    return next((name for one in inner if (name := _named(one)) and not name.startswith("Sparse")), None)


def _type(schema: Mapping[str, Any]) -> str:
    kinds = schema.get("type", "object" if _named(schema) else "")
    words = [" or ".join(kinds) if isinstance(kinds, list) else str(kinds)]
    inner = schema.get("items")
    if inner:
        words.append(f"of {_type(inner)}")
    if "enum" in schema:
        words.append(": " + ", ".join(str(one) for one in schema["enum"] if one is not None))
    for key, word in _LIMITS.items():
        if key in schema:
            words.append(f"{word} {schema[key]}")
    return " ".join(words).replace(" :", ":")


_LIMITS = {
    "format": "as",
    "minimum": "from",
    "maximum": "to",
    "maxLength": "up to",
    "maxItems": "up to",
    "default": "· default",
}
