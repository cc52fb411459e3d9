"""The form of an activity: what it holds of one that is there, and what was typed as the details of one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema
from starlette.datastructures import FormData

from gateway.api import schemas
from gateway.read_model.documents import Activity
from gateway.web import dates
from gateway.web.console.form import Form, checked, in_order, key_of, typed
from gateway.web.speech import Speech

LINES = (
    "host",
    "kind",
    "title_zh",
    "title_en",
    "starts_at",
    "ends_at",
    "venue_zh",
    "venue_en",
    "county",
    "seats_onsite",
    "seats_online",
    "waiting_limit",
    "theme",
)
PROSE = ("summary_zh", "summary_en")
ORDER = (*LINES[:4], *PROSE, *LINES[4:], "sdgs")
_NAMES = {
    "title.zh": "title_zh",
    "title.en": "title_en",
    "title": "title_zh",
    "summary.zh": "summary_zh",
    "summary.en": "summary_en",
    "summary": "summary_zh",
    "venue.zh": "venue_zh",
    "venue.en": "venue_en",
    "sdgs": "sdgs",
    "pools": "seats_onsite",
    "pools.onsite": "seats_onsite",
    "pools.online": "seats_online",
}
_NEEDED = ("kind", "title_zh", "summary_zh", "starts_at", "ends_at", "waiting_limit")
_TYPED_AT = "%Y-%m-%dT%H:%M"


def empty(host: str) -> dict[str, Any]:
    """A new activity of this school."""
    return dict.fromkeys((*LINES, *PROSE), "") | {"host": host, "waiting_limit": "20", "sdgs": ()}


def filled(activity: Activity) -> dict[str, Any]:
    """The form of an activity as it is."""
    venue = activity["venue"] or {"zh": "", "en": ""}
    pools = {pool: str(standing["limit"]) for pool, standing in activity["seats"].items()}
    return {
        "host": activity["host"],
        "kind": activity["kind"],
        "title_zh": activity["title"]["zh"],
        "title_en": activity["title"]["en"],
        "summary_zh": activity["summary"]["zh"],
        "summary_en": activity["summary"]["en"],
        "venue_zh": venue["zh"],
        "venue_en": venue["en"],
        "county": activity["county"] or "",
        "theme": activity["theme"] or "",
        "sdgs": tuple(map(str, activity["sdgs"])),
        "starts_at": activity["starts_at"].astimezone(dates.TAIPEI).strftime(_TYPED_AT),
        "ends_at": activity["ends_at"].astimezone(dates.TAIPEI).strftime(_TYPED_AT),
        "seats_onsite": pools.get("onsite", ""),
        "seats_online": pools.get("online", ""),
        "waiting_limit": str(activity["waiting_limit"]),
    }


def read(fields: FormData, speech: Speech, known: Activity | None = None) -> tuple[Form, dict[str, Any]]:
    """The form as it was sent, and the details that it asks for: all of a new activity, what differs of one known."""
    values: dict[str, Any] = typed(fields, (*LINES, *PROSE), PROSE)
    values["sdgs"] = tuple(one for one in fields.getlist("sdgs") if isinstance(one, str))
    if known:
        values |= {"host": known["host"], "kind": known["kind"]}
    body, errors = _body(values, speech)
    schema: Schema = schemas.ACTIVITY_CHANGES if known else schemas.NEW_ACTIVITY
    if known:
        body = {name: value for name, value in body.items() if name not in ("host", "kind")}
    details, wrong = checked(schema, body, _NAMES, speech)
    errors = in_order({**wrong, **errors}, ORDER)
    if known and not errors:
        details = _differing(known, details)
    return Form(key_of(fields), values, errors), details


def _body(values: Mapping[str, Any], speech: Speech) -> tuple[dict[str, Any], dict[str, str]]:
    """As the API takes it, and what is wrong that the API's schema could not say as well."""
    errors = {name: speech.gettext("Please fill this in.") for name in _NEEDED if not values[name]}
    begin, end = _moment(values["starts_at"]), _moment(values["ends_at"])
    for name, moment in (("starts_at", begin), ("ends_at", end)):
        if values[name] and moment is None:
            errors[name] = speech.gettext("Enter a day and a time, such as 2026-12-09T13:30.")
    if begin and end and end <= begin:
        errors["ends_at"] = speech.gettext("The end must come after the beginning.")
    pools = {
        name: _number(values[f"seats_{name}"]) for name in ("onsite", "online") if values[f"seats_{name}"]
    }
    if not pools:
        errors["seats_onsite"] = speech.gettext("Say how many seats there are, on site or online.")
    if values["venue_en"] and not values["venue_zh"]:
        errors["venue_zh"] = speech.gettext("Please fill this in.")
    body: dict[str, Any] = {
        "kind": values["kind"],
        "host": values["host"],
        "title": {"zh": values["title_zh"], "en": values["title_en"]},
        "summary": {"zh": values["summary_zh"], "en": values["summary_en"]},
        "venue": {"zh": values["venue_zh"], "en": values["venue_en"]} if values["venue_zh"] else None,
        "theme": values["theme"] or None,
        "county": values["county"] or None,
        "sdgs": sorted({_number(one) for one in values["sdgs"]}, key=str),
        "starts_at": begin.isoformat() if begin else "2000-01-01T00:00:00Z",
        "ends_at": end.isoformat() if end else "2000-01-01T00:00:00Z",
        "pools": pools or {"onsite": 0},
        "waiting_limit": _number(values["waiting_limit"]) if values["waiting_limit"] else 0,
    }
    if all(isinstance(one, int) for one in body["sdgs"]):
        body["sdgs"].sort()
    return body, errors


def _moment(text: str) -> datetime | None:
    """What was typed, as it is in Taipei."""
    try:
        typed_at = datetime.fromisoformat(text)
    except ValueError:
        return None
    local = typed_at if typed_at.tzinfo else typed_at.replace(tzinfo=dates.TAIPEI)
    try:
        return local.astimezone(UTC)
    except OverflowError:
        return None


def _number(text: str) -> int | str:
    """The number; what is none stays, for the schema to refuse."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def _differing(known: Activity, details: Mapping[str, Any]) -> dict[str, Any]:
    before: dict[str, Any] = dict(known)
    before["pools"] = {pool: standing["limit"] for pool, standing in known["seats"].items()}
    before["sdgs"] = list(known["sdgs"])
    changes = {name: value for name, value in details.items() if before.get(name) != value}
    if "pools" in changes:
        pools = {
            pool: limit for pool, limit in changes["pools"].items() if before["pools"].get(pool) != limit
        }
        gone = {pool: 0 for pool in before["pools"] if pool not in details["pools"] and before["pools"][pool]}
        changes["pools"] = {**pools, **gone}
        if not changes["pools"]:
            del changes["pools"]
    return changes
