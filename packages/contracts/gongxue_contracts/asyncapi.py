"""What a partner may hear and send, as an AsyncAPI 3.1 document: https://www.asyncapi.com/docs/reference/specification/v3.1.0.

Written from the side of a partner's service: it receives facts, and sends commands if it is a provider's gateway.
What stays between our own services is not in it.
"""

import json
from typing import Any, Final

from gongxue_contracts import VERSION, catalogue, envelope, json_schema, samples
from gongxue_contracts.catalogue import Entry

Json = dict[str, Any]

_EXCHANGES: Final = {"fact": "events", "command": "commands"}
_ACTIONS: Final = {"fact": "receive", "command": "send"}
_OWNERS: Final = {
    "fact": {"tenant": {"description": "Whose fact it is: a school's id, or `center`."}},
    "command": {"provider": {"description": "Who decides: a school that runs its own service, or `center`."}},
}


def document() -> Json:
    """The whole document, ready for JSON."""
    entries = [entry for entry in catalogue.entries() if entry.kind in _EXCHANGES]
    return {
        "asyncapi": "3.1.0",
        "info": {
            "title": "Gongxue 共學",
            "version": VERSION,
            "description": "Facts and commands of a cross-institution learning network, as CloudEvents 1.0 in JSON.",
        },
        "defaultContentType": envelope.JSON,
        "channels": {entry.type: _channel(entry) for entry in entries},
        "operations": {f"{_ACTIONS[entry.kind]}.{entry.type}": _operation(entry) for entry in entries},
        "components": {"messages": {entry.type: _message(entry) for entry in entries}},
    }


def _channel(entry: Entry) -> Json:
    if entry.kind == "fact":
        address = catalogue.fact_key("{tenant}", entry.type)
    else:
        address = catalogue.command_key("{provider}", entry.type)
    exchange = {"name": _EXCHANGES[entry.kind], "type": "topic", "durable": True, "autoDelete": False}
    return {
        "address": address,
        "messages": {"event": {"$ref": f"#/components/messages/{entry.type}"}},
        "parameters": _OWNERS[entry.kind],
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": "0.3.0"}},
    }


def _operation(entry: Entry) -> Json:
    return {
        "action": _ACTIONS[entry.kind],
        "channel": {"$ref": f"#/channels/{entry.type}"},
        "messages": [{"$ref": f"#/channels/{entry.type}/messages/event"}],
    }


def _message(entry: Entry) -> Json:
    payload = {
        name: value for name, value in json_schema.event(entry).items() if name not in ("$schema", "$id")
    }
    message = {
        "name": entry.type,
        "title": entry.type,
        "contentType": envelope.JSON,
        "payload": payload,
        "examples": [{"name": "golden", "payload": json.loads(samples.sample(entry.type))}],
    }
    if described := payload["properties"]["data"].get("description"):
        message["summary"] = described
    return message
