"""What operators look at: whether all answers, how old the pages are, and how far erasures have got."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from gateway.api import operating_schemas as schemas
from gateway.api.bodies import plain
from gateway.api.listing import listed, part
from gateway.api.operations import Call, operation
from gateway.personal.desk import Desk
from gateway.personal.erasures import Erasure
from gateway.read_model.freshness import parts
from gateway.read_model.generations import Rebuild
from gateway.serving.answering import Json
from gongxue_contracts import moment

TAG = "Operation"


@operation(
    "GET",
    "/health",
    tag=TAG,
    summary="Who answers, what waits and is parked, and how old what is shown is",
    returns={200: schemas.HEALTH},
)
async def read_health(call: Call) -> Response:
    """As the worker told a moment ago."""
    found = call.queries.freshness()
    return Json(
        plain(
            {
                "lag": None if found.lag is None else round(found.lag, 3),
                "old": found.old,
                "as_of": found.as_of,
                "parts": [
                    {"name": one.name, "answers": one.good, "waiting": one.waiting, "parked": one.parked}
                    for one in parts(found, broker=call.gateway.available)
                ],
                "unroutable": found.parked().get("unroutable", 0),
                "rebuild": _rebuild(found.rebuild) if found.rebuild else None,
            }
        )
    )


@operation(
    "GET",
    "/erasures",
    tag=TAG,
    summary="Erasures under way and the last ones done, without saying whose",
    query=schemas.LIST_ERASURES,
    returns={200: schemas.ERASURE_PAGE},
    refusals=("bad_cursor",),
)
async def list_erasures(call: Call) -> Response:
    """A page of them, the latest first."""
    desk: Desk = call.request.app.state.personal
    found = sorted(await desk.erasures.latest(), key=_order, reverse=True)
    shown, following = part(call, found, _order, down=True)
    return listed(call, [_erasure(one) for one in shown], following)


def _order(erasure: Erasure) -> str:
    return f"{moment.write(erasure.asked_at)}~{erasure.id}"


def _rebuild(rebuild: Rebuild) -> dict[str, Any]:
    return {
        "phase": rebuild.phase,
        "running": rebuild.running,
        "asked_at": rebuild.asked_at,
        "applied": rebuild.applied,
        "replayed": [{"service": service, **told} for service, told in sorted(rebuild.done.items())],
    }


def _erasure(erasure: Erasure) -> dict[str, Any]:
    names = ("id", "state", "why", "asked_at", "done_at", "given_back")
    body: dict[str, Any] = plain({name: getattr(erasure, name) for name in names})
    answered = [
        {"service": service, "at": moment.write(at)} for service, at in sorted(erasure.answered.items())
    ]
    return {**body, "answered": answered}


OPERATIONS = (read_health, list_erasures)
