"""The envelope of everything on the bus: CloudEvents 1.0 in JSON, with our extensions.

Reading is tolerant: unknown attributes are ignored. Whatever is read or written is sound: attributes of
printable ASCII, times in UTC, data of plain JSON values of limited depth. Nothing behind checks it again.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongxue_contracts import moment
from gongxue_contracts.plain import fault

JSON = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
MAX_BYTES = 256 * 1024
"""Of one event in JSON, also inside of a batch."""

SEQUENCE_DIGITS = 12
REQUIRED = ("id", "source", "type", "subject", "tenant")
OPTIONAL = ("correlationid", "causationid", "traceparent")
ATTRIBUTES = frozenset(
    (*REQUIRED, *OPTIONAL, "specversion", "datacontenttype", "time", "sequence", "deadline", "data")
)
ATTRIBUTE_PATTERN = r"^[!-~]{1,200}$"
SEQUENCE_PATTERN = r"^(?=[0-9]*[1-9])[0-9]{1,12}$"

_scan = json.JSONDecoder().raw_decode
_is_attribute = re.compile(ATTRIBUTE_PATTERN).fullmatch
_is_sequence = re.compile(SEQUENCE_PATTERN).fullmatch
_encode = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":")
).encode

_MISSING = "Missing required attribute."
_NOT_AN_ATTRIBUTE = "Not a text of 1 to 200 printable ASCII characters."
_NOT_A_SEQUENCE = "Not a decimal string from 1 to 999999999999."
_TOO_LARGE = f"Larger than {MAX_BYTES} bytes."


class MalformedEvent(ValueError):
    """Not an event of ours. `errors` maps attribute or field path to messages.

    `_schema` is the event as a whole, `3.time` the time of the fourth event of a batch.
    """

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__("; ".join(f"{path}: {' '.join(messages)}" for path, messages in errors.items()))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class CloudEvent:
    """One command or fact. Times are aware and travel in UTC to the millisecond.

    `tenant` owns the fact (a school or the Center); `sequence` is the fact's number in its stream
    (`subject`), from 1 without gaps; after `deadline` nobody waits for the command's answer any more.
    """

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    data: dict[str, Any]
    tenant: str = "center"
    sequence: int | None = None
    correlationid: str | None = None
    causationid: str | None = None
    traceparent: str | None = None
    deadline: datetime | None = None


def to_dict(event: CloudEvent) -> dict[str, Any]:
    """The event as JSON values, absent attributes left out, `data` the same object. Raises MalformedEvent."""
    errors: dict[str, list[str]] = {}
    document: dict[str, Any] = {
        "specversion": "1.0",
        "id": event.id,
        "source": event.source,
        "type": event.type,
        "subject": event.subject,
        "datacontenttype": "application/json",
        "tenant": event.tenant,
    }
    _write_time(document, "time", event.time, errors)
    if event.sequence is not None:
        document["sequence"] = _written_sequence(event.sequence, errors)
    if event.correlationid is not None:
        document["correlationid"] = event.correlationid
    if event.causationid is not None:
        document["causationid"] = event.causationid
    if event.traceparent is not None:
        document["traceparent"] = event.traceparent
    if event.deadline is not None:
        _write_time(document, "deadline", event.deadline, errors)
    document["data"] = event.data
    _check(document, errors)
    if errors:
        raise MalformedEvent(errors)
    return document


def from_dict(document: Any) -> CloudEvent:
    """The event of a JSON object. Raises MalformedEvent.

    `tenant` must be there: a fact without an owner is not the Center's by omission.
    """
    if type(document) is not dict:
        raise MalformedEvent({"_schema": ["Not a JSON object."]})
    errors: dict[str, list[str]] = {}
    get = document.get
    if get("specversion") != "1.0":
        errors["specversion"] = ['Must be "1.0".']
    _check(document, errors)
    time = _read_time(document, "time", errors)
    if time is None and "time" not in errors:
        errors["time"] = [_MISSING]
    deadline = _read_time(document, "deadline", errors)
    sequence = _read_sequence(get("sequence"), errors)
    if errors or time is None:
        raise MalformedEvent(errors)
    return CloudEvent(
        document["id"],
        document["source"],
        document["type"],
        document["subject"],
        time,
        document["data"],
        document["tenant"],
        sequence,
        get("correlationid"),
        get("causationid"),
        get("traceparent"),
        deadline,
    )


def to_json(event: CloudEvent) -> bytes:
    """UTF-8, at most `MAX_BYTES`. Raises MalformedEvent."""
    raw = _encode(to_dict(event)).encode()
    if len(raw) > MAX_BYTES:
        raise MalformedEvent({"_schema": [_TOO_LARGE]})
    return raw


def from_json(raw: bytes) -> CloudEvent:
    """Any bytes give an event or MalformedEvent, never another error."""
    if len(raw) > MAX_BYTES:
        raise MalformedEvent({"_schema": [_TOO_LARGE]})
    return from_dict(_parse(raw))


def batch_to_json(events: Iterable[CloudEvent]) -> bytes:
    """A JSON array of events in their order. Raises MalformedEvent, its paths with the event's place."""
    parts = []
    for place, event in enumerate(events):
        try:
            parts.append(to_json(event))
        except MalformedEvent as malformed:
            raise _placed(place, malformed) from None
    return b"[" + b",".join(parts) + b"]"


def batch_from_json(raw: bytes) -> list[CloudEvent]:
    """All events of a batch (also of an empty one), or MalformedEvent with the place of the first bad one."""
    documents = _parse(raw)
    if type(documents) is not list:
        raise MalformedEvent({"_schema": ["Not a JSON array."]})
    events = []
    for place, document in enumerate(documents):
        try:
            events.append(from_dict(document))
            # A batch as small as one event holds no event that is too large: only then is each one measured.
            if len(raw) > MAX_BYTES:
                to_json(events[-1])
        except MalformedEvent as malformed:
            raise _placed(place, malformed) from None
    return events


def batch_parts(raw: bytes) -> list[bytes]:
    """The elements of a JSON array as they stand in it, for `from_json` to read each alone. Raises MalformedEvent."""
    try:
        text = raw.decode()
        elements = json.loads(text)  # a name given twice is the fault of its element alone
        if type(elements) is not list:
            raise MalformedEvent({"_schema": ["Not a JSON array."]})
        end = text.index("[") + 1
        parts = []
        for _ in elements:
            while text[end] in " \t\n\r,":
                end += 1
            start = end
            _, end = _scan(text, start)
            parts.append(text[start:end].encode())
    except MalformedEvent:
        raise
    except (ValueError, RecursionError) as error:
        raise MalformedEvent({"_schema": [f"Not JSON: {error}"]}) from None
    return parts


def _placed(place: int, malformed: MalformedEvent) -> MalformedEvent:
    return MalformedEvent({f"{place}.{path}": messages for path, messages in malformed.errors.items()})


def _check(document: dict[str, Any], errors: dict[str, list[str]]) -> None:
    for name in REQUIRED:
        value = document.get(name)
        if value is None:
            errors[name] = [_MISSING]
        elif type(value) is not str or not _is_attribute(value):
            errors[name] = [_NOT_AN_ATTRIBUTE]
    for name in OPTIONAL:
        value = document.get(name)
        if value is not None and (type(value) is not str or not _is_attribute(value)):
            errors[name] = [_NOT_AN_ATTRIBUTE]
    data = document.get("data")
    if data is None:
        errors["data"] = [_MISSING]
    elif type(data) is not dict:
        errors["data"] = ["Not a JSON object."]
    elif found := fault(data):
        path, message = found
        errors[f"data.{path}"] = [message]


def _write_time(document: dict[str, Any], name: str, value: Any, errors: dict[str, list[str]]) -> None:
    if not isinstance(value, datetime):
        errors[name] = ["Not a datetime."]
        return
    try:
        document[name] = moment.write(value)
    except ValueError as error:
        errors[name] = [str(error)]


def _read_time(document: dict[str, Any], name: str, errors: dict[str, list[str]]) -> datetime | None:
    value = document.get(name)
    if value is None:
        return None
    try:
        return moment.read(value)
    except ValueError as error:
        errors[name] = [str(error)]
        return None


def _written_sequence(value: Any, errors: dict[str, list[str]]) -> str:
    if type(value) is not int or not 1 <= value < 10**SEQUENCE_DIGITS:
        errors["sequence"] = [_NOT_A_SEQUENCE]
        return ""
    return f"{value:0{SEQUENCE_DIGITS}d}"


def _read_sequence(value: Any, errors: dict[str, list[str]]) -> int | None:
    if value is None:
        return None
    if type(value) is not str or not _is_sequence(value):
        errors["sequence"] = [_NOT_A_SEQUENCE]
        return None
    return int(value)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object. A name given twice is refused: two readers could each believe another of the values."""
    result = dict(pairs)
    if len(result) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise MalformedEvent({twice: ["Given twice."]})
    return result


_decode = json.JSONDecoder(object_pairs_hook=_object).decode


def _parse(raw: bytes) -> Any:
    try:
        return _decode(raw.decode())
    except MalformedEvent:
        raise
    except (ValueError, RecursionError) as error:
        raise MalformedEvent({"_schema": [f"Not JSON: {error}"]}) from None
