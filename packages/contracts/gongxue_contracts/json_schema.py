"""Contracts as JSON Schema 2020-12, for those who do not read Python.

What is exported is what a tolerant reader demands: fields may be added within a version, so no object is closed.
"""

from typing import Any

from marshmallow import Schema, fields

from gongxue_contracts import envelope, moment
from gongxue_contracts.catalogue import Entry
from gongxue_contracts.contract import Part

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Json = dict[str, Any]


def event(entry: Entry) -> Json:
    """The schema of a whole event of this type: the envelope, and its data."""
    data = contract(entry.schema())
    schema: Json = {"$schema": DIALECT, "$id": f"urn:gongxue:{entry.type}", "title": entry.type}
    schema |= _envelope({"const": entry.type}, data)
    if entry.kind == "fact":
        schema["required"].append("sequence")
    if "#/$defs/CloudEvent" in str(data):
        schema["$defs"] = {"CloudEvent": _envelope(_text(envelope.ATTRIBUTE_PATTERN), {"type": "object"})}
    return schema


def contract(schema: Schema) -> Json:
    """The schema of an object, with all that is nested in it."""
    exported: Json = {"type": "object"}
    # The docstring of the class itself: an inherited one speaks of something else.
    if description := type(schema).__dict__.get("__doc__"):
        exported["description"] = " ".join(description.split())
    exported["properties"] = {name: _field(field) for name, field in schema.fields.items()}
    if not schema.partial:
        exported["required"] = [name for name, field in schema.fields.items() if field.required]
    if getattr(schema, "at_least_one", False):
        exported["anyOf"] = [{"required": [name]} for name in schema.fields]
    return exported


def _field(field: fields.Field[Any]) -> Json:
    exported = _whole(field)
    return {"anyOf": [exported, {"type": "null"}]} if field.allow_none else exported


def _whole(field: fields.Field[Any]) -> Json:
    if isinstance(field, Part):
        return contract(field.schema)
    if isinstance(field, fields.List):
        return {"type": "array", "items": _field(field.inner), **field.metadata}
    return dict(field.metadata)


def _envelope(type_schema: Json, data: Json) -> Json:
    attribute = _text(envelope.ATTRIBUTE_PATTERN)
    time = {**_text(moment.PATTERN), "format": "date-time"}
    return {
        "type": "object",
        "properties": {
            "specversion": {"const": "1.0"},
            **dict.fromkeys(envelope.REQUIRED, attribute),
            **dict.fromkeys(envelope.OPTIONAL, _or_null(attribute)),
            "type": type_schema,
            "time": time,
            "sequence": _or_null(_text(envelope.SEQUENCE_PATTERN)),
            "deadline": _or_null(time),
            "data": data,
        },
        "required": ["specversion", *envelope.REQUIRED, "time", "data"],
    }


def _text(pattern: str) -> Json:
    return {"type": "string", "pattern": pattern}


def _or_null(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}
