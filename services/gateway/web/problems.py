"""A problem as a page, and what each kind of problem is: where the `type` of a problem leads."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from gateway.problems import KINDS, Described, Problem, describe
from gateway.web.asking import frame, page

BEGIN_AGAIN = frozenset(
    {
        "sign_in_expired",
        "sign_in_used",
        "sign_in_other_browser",
        "sign_in_cancelled",
        "provider_refused",
        "provider_away",
        "wrong_issuer",
        "wrong_audience",
        "wrong_nonce",
        "wrong_algorithm",
        "wrong_signature",
        "expired_token",
        "wrong_subject",
        "malformed_token",
        "mail_not_of_school",
        "no_way_in",
        "school_not_open",
        "link_expired",
        "link_used",
    }
)
"""Problems of a sign-in that ended: from their page one begins anew."""


def render_problem(request: Request, problem: Described) -> Response:
    """What went wrong, in words, and where to go from here. The caller sets the status."""
    again = problem.code in BEGIN_AGAIN
    address = None if request.method in ("GET", "HEAD") and not again else "/"
    around = frame(request, "", address)
    return page(request, "problem.html", around, problem=problem, begin_again=again)


async def explain(request: Request) -> Response:
    """GET /problems/{code}: the kind of problem, without what it was about in any case."""
    code = request.path_params["code"]
    if code not in KINDS:
        raise Problem("not_found")
    described = describe(Problem(code), request.state.language)
    around = frame(request, "")
    return page(request, "problem.html", around, problem=described, begin_again=code in BEGIN_AGAIN)
