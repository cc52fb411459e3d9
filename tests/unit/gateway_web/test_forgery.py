"""What other sites may make a browser send, for every form and every write of the API as they are declared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.routing import Mount, Route

from gateway.api import OPERATIONS
from gateway.api.bodies import PREFIX
from gateway.serving.front import SAFE
from gateway.web.routes import ROUTES

ORIGIN = "http://127.0.0.1:8000"
FROM_SERVERS = frozenset({"/sign-in/{school}/back-channel-logout"})
"""Addresses that other servers post to, which show who they are by other means than a cookie."""
SAMPLES = {
    "activity": "co-training-2026-winter",
    "registration": "0b6cbb1e-3a0e-4f8e-9d0c-6f6a3a5c2b11",
    "command": "0b6cbb1e-3a0e-4f8e-9d0c-6f6a3a5c2b11",
    "school": "nchu",
    "person": "lin-mei-hui",
}
FORM = {"content-type": "application/x-www-form-urlencoded"}
TEXT = {"content-type": "text/plain"}
JSON = {"content-type": "application/json", "idempotency-key": "k"}
EVIL = "https://evil.example"
FORGED: dict[str, dict[str, str]] = {
    "a form of another site": {"origin": EVIL, "sec-fetch-site": "cross-site", **FORM},
    "a form of another site, by a browser that says no origin": {"sec-fetch-site": "cross-site", **FORM},
    "a form of another site, by a browser of old": {"origin": EVIL, **FORM},
    "a form of a browser that says nothing": {**FORM},
    "text of a browser that says nothing": {**TEXT},
    "a form of a neighbour": {"origin": "http://127.0.0.1:8001", "sec-fetch-site": "same-site", **FORM},
    "a sandboxed frame": {"origin": "null", **FORM},
    "a script of another site": {"origin": EVIL, "sec-fetch-site": "cross-site", **JSON},
    "a script of another site, by a browser of old": {"origin": EVIL, **JSON},
    "the same by TLS": {"origin": ORIGIN.replace("http:", "https:"), **FORM},
}


def writes() -> Iterator[tuple[str, str]]:
    for method, path in _declared():
        if method not in SAFE and path not in FROM_SERVERS:
            yield method, re.sub(r"{(\w+)(?::\w+)?}", lambda found: SAMPLES.get(found[1], "x"), path)


def _declared() -> Iterator[tuple[str, str]]:
    for route in ROUTES:
        assert isinstance(route, Route | Mount)
        if isinstance(route, Route):
            yield from ((method, route.path) for method in route.methods or ())
    yield from ((one.method, PREFIX + one.path) for one in OPERATIONS)


def test_there_are_writes() -> None:
    assert {("POST", "/sign-out"), ("POST", f"{PREFIX}/activities")} <= {*writes()}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED.keys())
def test_what_is_forged_does_nothing(site: Any, network: Any, forged: dict[str, str]) -> None:
    site.sign_in()
    for method, path in sorted(set(writes())):
        answer = site.runner.run(site.client.request(method, path, headers=forged, content=b"{}"))
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_site"), (method, path)
        assert "set-cookie" not in answer.headers
    assert network.asked == []
