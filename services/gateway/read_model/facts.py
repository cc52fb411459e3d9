"""The read model: what each fact says about the documents that pages and API show.

One pure function, used by the web side for the facts of its own answers (one reads one's own writes) and by
the worker for all facts of the network. Either may come first; see `gongxue_chassis.projection`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from gateway.access import roles
from gateway.read_model import sig_facts
from gateway.storage import ACTIVITIES, REGISTRATIONS, ROLES, SCHOOLS
from gongxue_chassis.errors import Poison
from gongxue_chassis.projection import Put
from gongxue_contracts import moment
from gongxue_contracts.envelope import CloudEvent

Fields = dict[str, Any]


def puts(facts: Iterable[CloudEvent]) -> list[Put]:
    """The facets that the facts speak of; their data as `catalogue.read` gives it. Facts of other concerns: none.

    Raises Poison for a fact without a number: nobody could tell whether it is news.
    """
    found: list[Put] = []
    for fact in facts:
        rule = _RULES.get(fact.type)
        if rule is not None:
            found.extend(rule(fact))
    return found


def _number(fact: CloudEvent) -> int:
    if fact.sequence is None:
        raise Poison("no_sequence", fact.id)
    return fact.sequence


def _activity(fact: CloudEvent, facet: str, fields: Fields) -> Put:
    return Put(ACTIVITIES, fact.data["activity"], facet, _number(fact), fields)


def _described(fact: CloudEvent) -> Put:
    details = fact.data["details"]
    fields = {name: value for name, value in details.items() if name != "pools"}
    # Unique and in the order of time, so that a page of a list is a range of one index.
    fields["sort"] = f"{moment.write(details['ends_at'])}~{fact.data['activity']}"
    fields["described_at"] = fact.time
    return _activity(fact, "details", fields)


def _drafted(fact: CloudEvent) -> list[Put]:
    pools = fact.data["details"]["pools"]
    seats = {name: {"limit": limit, "taken": 0, "waiting": 0} for name, limit in pools.items()}
    return [
        _described(fact),
        _activity(fact, "seats", {"seats": seats}),
        _status(fact, "draft", listed=False),
    ]


def _published(fact: CloudEvent) -> list[Put]:
    return [_described(fact), _seats(fact), _status(fact, "published")]


def _changed(fact: CloudEvent) -> list[Put]:
    return [_described(fact), _seats(fact)]


def _closed(fact: CloudEvent) -> list[Put]:
    return [_status(fact, "closed")]


def _cancelled(fact: CloudEvent) -> list[Put]:
    return [_status(fact, "cancelled", reason=fact.data["reason"])]


def _status(fact: CloudEvent, status: str, *, listed: bool = True, reason: str | None = None) -> Put:
    fields = {"status": status, "listed": listed, "reason": reason, "status_at": fact.time}
    return _activity(fact, "status", fields)


def _seats(fact: CloudEvent) -> Put:
    return _activity(fact, "seats", {"seats": fact.data["seats"]})


def _registered(status: str) -> Callable[[CloudEvent], list[Put]]:
    def rule(fact: CloudEvent) -> list[Put]:
        begun = {"registered_at": fact.time, "order": _number(fact)}
        return [_standing(fact, status, starts=True), _registration(fact, "start", begun), _seats(fact)]

    return rule


def _moved(status: str) -> Callable[[CloudEvent], list[Put]]:
    def rule(fact: CloudEvent) -> list[Put]:
        return [_standing(fact, status), _seats(fact)]

    return rule


def _standing(fact: CloudEvent, status: str, *, starts: bool = False) -> Put:
    data = fact.data
    fields = {
        "activity": data["activity"],
        "person": data["person"],
        "school": data["school"],
        "pool": data["pool"],
        "status": status,
        "changed_at": fact.time,
    }
    return _registration(fact, "standing", fields, starts=starts)


def _registration(fact: CloudEvent, facet: str, fields: Fields, *, starts: bool = False) -> Put:
    return Put(REGISTRATIONS, fact.data["registration"], facet, _number(fact), fields, starts)


def _school(fact: CloudEvent, facet: str, fields: Fields) -> Put:
    return Put(SCHOOLS, fact.data["school"], facet, _number(fact), fields)


def _admitted(fact: CloudEvent) -> list[Put]:
    return [*_profile(fact), _school_status(fact, "admitted")]


def _profile(fact: CloudEvent) -> list[Put]:
    profile = fact.data["profile"]
    about = {name: value for name, value in profile.items() if name != "name"}
    return [_school(fact, "name", {"name": profile["name"]}), _school(fact, "profile", about)]


def _renamed(fact: CloudEvent) -> list[Put]:
    number = f"{_number(fact):012}"
    former = {f"former_names.{number}": {"name": fact.data["former_name"], "until": fact.time}}
    return [_school(fact, "name", {"name": fact.data["name"]}), _school(fact, f"renamed {number}", former)]


def _suspended(fact: CloudEvent) -> list[Put]:
    return [_school_status(fact, "suspended", reason=fact.data["reason"])]


def _reinstated(fact: CloudEvent) -> list[Put]:
    return [_school_status(fact, "admitted")]


def _merged(fact: CloudEvent) -> list[Put]:
    return [_school_status(fact, "merged", into=fact.data["into"])]


def _school_status(
    fact: CloudEvent, status: str, *, reason: str | None = None, into: str | None = None
) -> Put:
    return _school(fact, "status", {"status": status, "reason": reason, "merged_into": into})


def _role(fact: CloudEvent, facet: str, fields: Fields) -> Put:
    data = fact.data
    return Put(ROLES, roles.id_of(data["scope"], data["person"], data["role"]), facet, _number(fact), fields)


def _role_granted(fact: CloudEvent) -> list[Put]:
    term = {name: roles.written(fact.data[name]) for name in ("starts_on", "ends_on")}
    return [_role_standing(fact, revoked=False), _role(fact, "term", term), _act(fact, "granted", **term)]


def _role_revoked(fact: CloudEvent) -> list[Put]:
    return [_role_standing(fact, revoked=True), _act(fact, "revoked", reason=fact.data["reason"])]


def _role_standing(fact: CloudEvent, *, revoked: bool) -> Put:
    whose = {name: fact.data[name] for name in ("scope", "person", "role")}
    return _role(fact, "standing", {**whose, "revoked": revoked})


def _act(fact: CloudEvent, act: str, **more: str | None) -> Put:
    number = f"{_number(fact):012}"
    nothing = {"starts_on": None, "ends_on": None, "reason": None}
    told = {"act": act, "at": fact.time, "by": fact.data["by"], **nothing, **more}
    return _role(fact, f"act {number}", {f"history.{number}": told})


_RULES: dict[str, Callable[[CloudEvent], list[Put]]] = {
    "registration.activity_drafted.v1": _drafted,
    "registration.activity_published.v1": _published,
    "registration.activity_changed.v1": _changed,
    "registration.activity_closed.v1": _closed,
    "registration.activity_cancelled.v1": _cancelled,
    "registration.seat_confirmed.v1": _registered("confirmed"),
    "registration.placed_on_waiting_list.v1": _registered("waiting"),
    "registration.promoted_from_waiting_list.v1": _moved("confirmed"),
    "registration.registration_cancelled.v1": _moved("cancelled"),
    "directory.school_admitted.v1": _admitted,
    "directory.school_described.v1": _profile,
    "directory.school_renamed.v1": _renamed,
    "directory.school_suspended.v1": _suspended,
    "directory.school_reinstated.v1": _reinstated,
    "directory.school_merged.v1": _merged,
    "directory.role_granted.v1": _role_granted,
    "directory.role_revoked.v1": _role_revoked,
    **sig_facts.RULES,
}
OF_ROLES = frozenset({"directory.role_granted.v1", "directory.role_revoked.v1"})
"""After these facts the person whom they name may do more, or less, than before."""
