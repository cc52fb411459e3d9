"""One's own data: consents, the calendar's address, exports, erasure. Only people who are signed in change them."""

from __future__ import annotations

from http import HTTPStatus

from starlette.responses import Response

from gateway.api import bodies, personal_schemas
from gateway.api.operations import Call, operation
from gateway.identity.arriving import door_of
from gateway.personal.desk import Desk
from gateway.personal.erasures import SERVICES, Erasure
from gateway.personal.exports import Export
from gateway.personal.purposes import OPTIONAL
from gateway.problems import Problem
from gateway.serving.answering import Json

TAG = "One's own data"
_NEVER_SHOWN = {"Cache-Control": "private, no-store"}


@operation(
    "GET",
    "/me/consents",
    tag=TAG,
    summary="What one has agreed to, when, and to which words",
    returns={200: personal_schemas.CONSENTS},
)
async def my_consents(call: Call) -> Response:
    """Every purpose that needs consent."""
    return await _consents(call)


@operation(
    "PUT",
    "/me/consents",
    tag=TAG,
    summary="Agree, or take it back",
    body=personal_schemas.NEW_CONSENTS,
    returns={200: personal_schemas.CONSENTS},
    by_token=False,
    refusals=("person_erased",),
)
async def change_consents(call: Call) -> Response:
    """All of them as they are now."""
    await _desk(call).consents.say(call.person.id, call.body)
    return await _consents(call)


@operation(
    "GET",
    "/me/calendar",
    tag=TAG,
    summary="The secret address of one's calendar",
    returns={200: personal_schemas.CALENDAR},
    by_token=False,
)
async def my_calendar(call: Call) -> Response:
    """The address, null if there is none."""
    return _calendar(call, await _desk(call).addresses.secret_of(call.person.id))


@operation(
    "PUT",
    "/me/calendar",
    tag=TAG,
    summary="Give one's calendar an address; the one before is good for nothing any more",
    returns={200: personal_schemas.CALENDAR},
    by_token=False,
)
async def renew_calendar(call: Call) -> Response:
    """The new address."""
    return _calendar(call, await _desk(call).addresses.renew(call.person.id))


@operation(
    "DELETE",
    "/me/calendar",
    tag=TAG,
    summary="Take the address of one's calendar away",
    returns={204: None},
    by_token=False,
)
async def revoke_calendar(call: Call) -> Response:
    """Nothing."""
    await _desk(call).addresses.revoke(call.person.id)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@operation(
    "POST",
    "/me/exports",
    tag=TAG,
    summary="Ask for all that is held about oneself; whoever asks again within an hour gets the same",
    returns={202: personal_schemas.EXPORT},
    keyed=True,
    by_token=False,
    refusals=("person_erased",),
)
async def ask_for_export(call: Call) -> Response:
    """The export, which is complete in seconds."""
    export = await _desk(call).exports.ask(call.person.id)
    headers = {"Location": f"{bodies.PREFIX}/me/exports/{export.id}"}
    return Json(_export(export, None), HTTPStatus.ACCEPTED, headers)


@operation(
    "GET",
    "/me/exports/{export}",
    tag=TAG,
    summary="An export that one has asked for last",
    returns={200: personal_schemas.EXPORT},
    by_token=False,
    refusals=("unknown_export",),
)
async def read_export(call: Call) -> Response:
    """With the data, if every service has answered."""
    exports = _desk(call).exports
    export = await exports.latest(call.person.id)
    if export is None or export.id != call["export"]:
        raise Problem("unknown_export")
    data = bodies.plain(await exports.whole(export)) if export.complete else None
    return Json(_export(export, data), headers=_NEVER_SHOWN)


@operation(
    "POST",
    "/me/erasure",
    tag=TAG,
    summary="Have everything that names oneself deleted everywhere; this cannot be undone",
    body=personal_schemas.NEW_ERASURE,
    returns={202: personal_schemas.BEGUN_ERASURE},
    keyed=True,
    by_token=False,
    refusals=("not_yours",),
)
async def erase_me(call: Call) -> Response:
    """Where it is followed. From now on nobody is signed in as this person."""
    person = call.person.id
    if call.body["person"] != person:
        raise Problem("not_yours")
    secret = await _desk(call).erasures.begin(person)
    door = door_of(call.request)
    await door.sessions.revoke_all(person)
    await door.notices.mark_stale(person=person)
    call.request.session.clear()
    headers = {"Location": f"{bodies.PREFIX}/erasures/{secret}", **_NEVER_SHOWN}
    return Json({"erasure": secret}, HTTPStatus.ACCEPTED, headers)


@operation(
    "GET",
    "/erasures/{erasure}",
    tag=TAG,
    summary="How far an erasure has got",
    returns={200: personal_schemas.ERASURE},
    refusals=("unknown_erasure",),
)
async def read_erasure(call: Call) -> Response:
    """For whoever has its secret name."""
    found = await _desk(call).erasures.at(call["erasure"])
    if found is None:
        raise Problem("unknown_erasure")
    return Json(_erasure(found), headers=_NEVER_SHOWN)


def _desk(call: Call) -> Desk:
    desk: Desk = call.request.app.state.personal
    return desk


async def _consents(call: Call) -> Response:
    said = await _desk(call).consents.of(call.person.id)
    items = []
    for purpose in OPTIONAL:
        one = said.get(purpose.id)
        told = {"given": one.given, "at": one.at, "wording": one.wording} if one else {}
        items.append({"purpose": purpose.id, "given": False, "at": None, "wording": None, **told})
    return Json({"items": bodies.plain(items)})


def _calendar(call: Call, secret: str | None) -> Response:
    site = call.request.app.state.settings.public_url
    address = f"{site}/calendars/people/{secret}.ics" if secret else None
    return Json({"address": address}, headers=_NEVER_SHOWN)


def _export(export: Export, data: object) -> dict[str, object]:
    shown = {"id": export.id, "asked_at": export.asked_at, "complete": export.complete}
    return {**bodies.plain(shown), "data": data}


def _erasure(found: Erasure) -> dict[str, object]:
    names = ("state", "asked_at", "done_at", "given_back", "sigs_left", "proposals_withdrawn")
    answers = [{"service": one, "answered_at": found.answered.get(one)} for one in SERVICES]
    shown: dict[str, object] = bodies.plain(
        {
            **{name: getattr(found, name) for name in names},
            "partners_told_at": found.told_at,
            "services": answers,
        }
    )
    return shown


OPERATIONS = (
    my_consents,
    change_consents,
    my_calendar,
    renew_calendar,
    revoke_calendar,
    ask_for_export,
    read_export,
    erase_me,
    read_erasure,
)
