"""People at the API: signed in, each wish with a key of its own, every answer held against its declaration."""

from __future__ import annotations

import re
import uuid
from typing import Any, Self

import httpx
from marshmallow import RAISE

from gateway.api import OPERATIONS
from gateway.api.bodies import PREFIX
from gateway.api.schemas import SPARSE_PAGES, Problem
from gateway.problems import MEDIA_TYPE

_PATHS = [(one, re.compile(re.sub(r"{\w+}", "[^/]+", PREFIX + one.path)).fullmatch) for one in OPERATIONS]


class Visitor:
    """A browser or program of one person. Asks in English unless told otherwise."""

    def __init__(self, url: str, person: str | None = None) -> None:
        self.token = ""
        self.http = httpx.Client(base_url=url, headers={"accept-language": "en"}, timeout=30)
        if person is not None:
            assert self.ask("POST", "/session", {"person": person}).status_code == 200

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.http.close()

    def ask(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, **headers: str
    ) -> httpx.Response:
        """One request below the API's prefix; a new key unless one is given."""
        asked = {"idempotency-key": key or uuid.uuid4().hex, **headers}
        response = self.http.request(method, PREFIX + path, json=body, headers=asked)
        as_declared(response)
        return response

    def get(self, path: str, status: int = 200) -> Any:
        response = self.ask("GET", path)
        assert response.status_code == status, response.text
        return response.json()

    def want(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        response = self.ask(method, path, body)
        assert response.status_code == status, response.text
        return response.json()

    def refused(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """Status and code of a problem."""
        problem = self.ask(method, path, body).json()
        return problem["status"], problem["code"]


def as_declared(response: httpx.Response) -> None:
    """The answer is one that the operation declares: status, media type, exactly the fields it says."""
    path, method = response.request.url.path, response.request.method
    operation = next((one for one, matches in _PATHS if one.method == method and matches(path)), None)
    if operation is None:
        return
    if response.headers.get("content-type") == MEDIA_TYPE:
        problem = response.json()
        Problem(unknown=RAISE).load(problem)
        assert problem["status"] == response.status_code
        return
    if operation.method == "GET" and response.status_code == 304:
        assert response.content == b""
        return
    assert response.status_code in operation.returns or (operation.command and response.status_code == 202)
    schema = operation.returns.get(response.status_code)
    if schema is None:
        return
    if "fields" in response.request.url.params:
        page = SPARSE_PAGES.get(type(schema))
        type(page or schema)(unknown=RAISE, partial=None if page else True).load(response.json())
        return
    type(schema)(unknown=RAISE).load(response.json())
