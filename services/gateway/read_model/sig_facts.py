"""What each fact about a SIG says of the documents that pages and API show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from gateway.storage import SIG_MEMBERS, SIGS
from gongxue_chassis.errors import Poison
from gongxue_chassis.projection import Put
from gongxue_contracts.envelope import CloudEvent

Fields = dict[str, Any]
Rule = Callable[[CloudEvent], list[Put]]


def _number(fact: CloudEvent) -> int:
    if fact.sequence is None:
        raise Poison("no_sequence", fact.id)
    return fact.sequence


def _written(value: Any) -> Any:
    """With days as text: the store knows points in time alone."""
    if isinstance(value, dict):
        return {name: _written(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_written(item) for item in value]
    return value.isoformat() if type(value) is date else value


def _sig(fact: CloudEvent, facet: str, fields: Fields) -> Put:
    return Put(SIGS, fact.data["sig"], facet, _number(fact), _written(fields))


def _act(fact: CloudEvent, act: str) -> Put:
    """What was done, for whoever asks later how it came to this."""
    number = f"{_number(fact):012}"
    known = {
        name: _written(fact.data.get(name)) for name in ("school", "reason", "until", "dossier", "statement")
    }
    return _sig(fact, f"act {number}", {f"history.{number}": {"act": act, "at": fact.time, **known}})


def _charter(fact: CloudEvent) -> Put:
    return _sig(fact, "charter", dict(fact.data["charter"]))


def _status(fact: CloudEvent, status: str) -> Put:
    fields = {"status": status, "reason": fact.data.get("reason"), "status_at": fact.time}
    return _sig(fact, "status", fields)


def _term(fact: CloudEvent) -> Put:
    return _sig(fact, "term", {"since": fact.data["since"], "until": fact.data["until"]})


def _pending(fact: CloudEvent, submitted: Fields | None) -> Put:
    return _sig(fact, "renewal", {"submitted": submitted})


def _proposed(fact: CloudEvent) -> list[Put]:
    whose = {"proposer": fact.data["by"], "proposed_at": fact.time}
    return [
        _charter(fact),
        _sig(fact, "proposal", whose),
        _status(fact, "proposed"),
        _act(fact, "proposed"),
    ]


def _revised(fact: CloudEvent) -> list[Put]:
    again = [_status(fact, "proposed")] if fact.data["again"] else []
    return [_charter(fact), *again, _act(fact, "revised")]


def _support(act: str) -> Rule:
    def rule(fact: CloudEvent) -> list[Put]:
        standing = {name: fact.data[name] for name in ("supporters", "stands")}
        return [_sig(fact, "support", standing), _act(fact, act)]

    return rule


def _chartered(fact: CloudEvent) -> list[Put]:
    return [_status(fact, "active"), _term(fact), _act(fact, "chartered")]


def _ended(status: str) -> Rule:
    def rule(fact: CloudEvent) -> list[Put]:
        return [_status(fact, status), _pending(fact, None), _act(fact, status)]

    return rule


def _schools(act: str) -> Rule:
    def rule(fact: CloudEvent) -> list[Put]:
        return [_sig(fact, "schools", {"schools": fact.data["schools"]}), _act(fact, act)]

    return rule


def _convenors(fact: CloudEvent) -> list[Put]:
    return [_sig(fact, "convenors", {"convenors": fact.data["convenors"]})]


def _linked(fact: CloudEvent) -> list[Put]:
    activity = fact.data["activity"]
    held_on = fact.data.get("held_on")
    return [_sig(fact, f"meeting {activity}", {f"meetings.{activity}": held_on})]


def _recorded(fact: CloudEvent) -> list[Put]:
    record = fact.data["record"]
    return [_sig(fact, f"record {record['record']}", {f"records.{record['record']}": record})]


def _off_record(fact: CloudEvent) -> list[Put]:
    record = fact.data["record"]
    return [_sig(fact, f"record {record}", {f"records.{record}": None})]


def _submitted(fact: CloudEvent) -> list[Put]:
    asked = {"at": fact.time, "dossier": fact.data["dossier"], "statement": fact.data["statement"]}
    return [_pending(fact, asked), _act(fact, "submitted")]


def _renewed(act: str) -> Rule:
    def rule(fact: CloudEvent) -> list[Put]:
        return [_status(fact, "active"), _term(fact), _pending(fact, None), _act(fact, act)]

    return rule


def _not_renewed(fact: CloudEvent) -> list[Put]:
    return [_pending(fact, None), _act(fact, "not_renewed")]


def _member(status: str) -> Rule:
    def rule(fact: CloudEvent) -> list[Put]:
        data = fact.data
        standing = {
            "sig": data["sig"],
            "person": data["person"],
            "school": data["school"],
            "status": status,
            "how": data.get("how"),
            "changed_at": fact.time,
        }
        id, number = f"{data['sig']}/{data['person']}", _number(fact)
        one = Put(SIG_MEMBERS, id, "standing", number, standing)
        act = {f"history.{number:012}": {"status": status, "at": fact.time}}
        was = Put(SIG_MEMBERS, id, f"act {number:012}", number, act)
        count = [_sig(fact, "count", {"members": data["members"]})] if "members" in data else []
        return [one, was, *count]

    return rule


RULES: dict[str, Rule] = {
    "registration.sig_proposed.v1": _proposed,
    "registration.sig_revised.v1": _revised,
    "registration.sig_supported.v1": _support("supported"),
    "registration.sig_support_withdrawn.v1": _support("withdrew"),
    "registration.sig_chartered.v1": _chartered,
    "registration.sig_sent_back.v1": _ended("sent_back"),
    "registration.sig_declined.v1": _ended("declined"),
    "registration.sig_member_joined.v1": _member("member"),
    "registration.sig_membership_requested.v1": _member("requested"),
    "registration.sig_member_invited.v1": _member("invited"),
    "registration.sig_membership_ended.v1": _member("ended"),
    "registration.sig_school_joined.v1": _schools("school_joined"),
    "registration.sig_school_withdrawn.v1": _schools("school_withdrew"),
    "registration.sig_convenor_named.v1": _convenors,
    "registration.sig_convenor_ended.v1": _convenors,
    "registration.sig_meeting_linked.v1": _linked,
    "registration.sig_meeting_unlinked.v1": _linked,
    "registration.sig_record_added.v1": _recorded,
    "registration.sig_record_removed.v1": _off_record,
    "registration.sig_renewal_submitted.v1": _submitted,
    "registration.sig_renewed.v1": _renewed("renewed"),
    "registration.sig_renewal_declined.v1": _not_renewed,
    "registration.sig_closed.v1": _ended("closed"),
    "registration.sig_reopened.v1": _renewed("reopened"),
}
