"""A problem as a page."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from gateway.problems import Described
from gateway.web.asking import frame, page


def render_problem(request: Request, problem: Described) -> Response:
    """What went wrong, in words, and where to go from here. The caller sets the status."""
    address = None if request.method in ("GET", "HEAD") else "/"
    return page(request, "problem.html", frame(request, "", address), problem=problem)
