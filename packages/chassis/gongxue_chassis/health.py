"""Health of a service process over HTTP: `/health/live` (the loop turns) and `/health/ready` (it consumes)."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from typing import Any

import eventlet
from eventlet import wsgi

Check = Callable[[], bool]


def application(checks: dict[str, Check]) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """A WSGI application; ready when every check says so."""

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path not in {"/health/live", "/health/ready"}:
            start_response("404 Not Found", [("Content-Type", "application/json")])
            return [b'{"status": "no such page"}']
        states = {} if path == "/health/live" else {name: check() for name, check in checks.items()}
        good = all(states.values())
        start_response(
            "200 OK" if good else "503 Service Unavailable", [("Content-Type", "application/json")]
        )
        return [json.dumps({"status": "ok" if good else "not ready", **states}).encode()]

    return serve


def serve(host: str, port: int, checks: dict[str, Check]) -> None:
    """Answer at this address in a greenlet."""
    listener = eventlet.listen((host, port))
    quiet = logging.getLogger("health")
    quiet.setLevel(logging.ERROR)
    eventlet.spawn(wsgi.server, listener, application(checks), log=quiet, log_output=False)
