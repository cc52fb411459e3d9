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
        states = (
            {}
            if environ["PATH_INFO"] == "/health/live"
            else {name: check() for name, check in checks.items()}
        )
        known = environ["PATH_INFO"] in {"/health/live", "/health/ready"}
        good = known and all(states.values())
        status = "200 OK" if good else "503 Service Unavailable" if known else "404 Not Found"
        start_response(status, [("Content-Type", "application/json")])
        return [json.dumps({"status": "ok" if good else "not ready", **states}).encode()]

    return serve


def serve(port: int, checks: dict[str, Check]) -> None:
    """Answer on this port, on all interfaces of the machine or container, in a greenlet."""
    listener = eventlet.listen(("0.0.0.0", port))  # noqa: S104 - probes come from outside the container
    quiet = logging.getLogger("health")
    quiet.setLevel(logging.ERROR)
    eventlet.spawn(wsgi.server, listener, application(checks), log=quiet, log_output=False)
