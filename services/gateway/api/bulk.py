"""Registering several people of one's school at once: each has an answer of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from gateway.access import permissions
from gateway.actions import Accepted, BusUnavailable, InLine, Outcome, Person, Refused
from gateway.api import bodies, bulk_schemas
from gateway.api.activities import visible
from gateway.api.operations import Call, operation
from gateway.people import People
from gateway.problems import Problem, describe
from gateway.serving.answering import Json

TAG = "Registrations"


@operation(
    "POST",
    "/activities/{activity}/registrations/batch",
    tag=TAG,
    summary="Register people of one's school, each with an answer of their own",
    body=bulk_schemas.PEOPLE_TO_REGISTER,
    returns={200: bulk_schemas.REGISTERED_PEOPLE},
    keyed=True,
    refusals=("unknown_activity",),
)
async def register_people(call: Call) -> Response:
    """The wishes go out together, in their order. Sent again under the same key, each gets its first answer again."""
    await visible(call, call["activity"])
    wishes = call.body["items"]
    # Looked up before any is sent: whoever is named first comes first.
    people = await asyncio.gather(*(_colleague(call, wish["person"]) for wish in wishes))
    asked = (_one(call, number, *one) for number, one in enumerate(zip(people, wishes, strict=True)))
    return Json({"items": await asyncio.gather(*asked)})


async def _one(call: Call, number: int, colleague: Person | None, wish: Mapping[str, Any]) -> dict[str, Any]:
    if colleague is None:
        return _answer(call, wish["person"], problem=Problem("unknown_colleague"))
    try:
        outcome = await call.gateway.register_other(
            call.person,
            colleague,
            call["activity"],
            pool=wish["pool"],
            waiting_list=wish["waiting_list"],
            key=f"{call.key}\n{number}",
        )
    except Problem as problem:
        return _answer(call, wish["person"], problem=problem)
    except InLine as in_line:
        return _answer(call, wish["person"], problem=Problem("waiting_room", {"place": in_line.place}))
    except BusUnavailable:
        return _answer(call, wish["person"], problem=Problem("unavailable"))
    return _answer(call, wish["person"], outcome)


async def _colleague(call: Call, id: str) -> Person | None:
    """Somebody of a school that one may register people of. Others are not told apart from nobody."""
    people: People = call.request.app.state.people
    card = await people.card(id)
    if card is None or not permissions.allowed(call.person, call.action, school=card.person.school):
        return None
    return card.person


def _answer(
    call: Call, person: str, outcome: Outcome | None = None, problem: Problem | None = None
) -> dict[str, Any]:
    if isinstance(outcome, Refused):
        problem = Problem(outcome.code, outcome.details)
    said = describe(problem, call.request.scope["state"]["language"]).as_json() if problem else None
    made = bodies.new_registration(outcome.facts[0]) if isinstance(outcome, Accepted) else None
    undecided = HTTPStatus.CREATED if made else HTTPStatus.ACCEPTED
    return {
        "person": person,
        "status": problem.status if problem else undecided,
        "command": outcome.command if outcome else None,
        "registration": made,
        "problem": said,
    }


OPERATIONS = (register_people,)
