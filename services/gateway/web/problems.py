"""A problem as a page, and what each kind of problem is: where the `type` of a problem leads."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from gateway.problems import KINDS, Described, Problem, describe
from gateway.web.asking import frame, page


def render_problem(request: Request, problem: Described) -> Response:
    """What went wrong, in words, and where to go from here. The caller sets the status."""
    address = None if request.method in ("GET", "HEAD") else "/"
    return page(request, "problem.html", frame(request, "", address), problem=problem)


async def explain(request: Request) -> Response:
    """GET /problems/{code}: the kind of problem, without what it was about in any case."""
    code = request.path_params["code"]
    if code not in KINDS:
        raise Problem("not_found")
    return page(
        request, "problem.html", frame(request, ""), problem=describe(Problem(code), request.state.language)
    )
