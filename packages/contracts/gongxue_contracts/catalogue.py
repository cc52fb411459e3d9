"""Every command and fact by its wire type `<service>.<Name>.v<n>`: how to read, write and route it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from marshmallow import ValidationError

from gongxue_contracts import bus, directory, gateway, notification, registration, sig, sig_facts
from gongxue_contracts.contract import Contract, ContractClass, Schemas

Kind = Literal["fact", "command", "private"]


class ContractError(ValueError):
    """A type or data that no contract knows."""


class UnknownType(ContractError):
    """No contract of this wire type."""

    def __init__(self, type: str) -> None:
        super().__init__(f"Unknown type: {type}")
        self.type = type


class WrongSchema(ContractError):
    """Data that does not fit its type. `errors` maps field path (`seats.onsite.taken`) to messages."""

    def __init__(self, type: str, errors: dict[str, list[str]]) -> None:
        listed = "; ".join(f"{path}: {' '.join(messages)}" for path, messages in errors.items())
        super().__init__(f"Wrong data for {type}: {listed}")
        self.type = type
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Entry:
    """One wire type. A "fact" is published to everybody, a "private" one stays between our own services."""

    type: str
    kind: Kind
    service: str
    schema: ContractClass


def read(type: str, data: Any) -> dict[str, Any]:
    """Data from the wire, times as aware datetimes in UTC. Unknown fields are left out at every depth.

    Raises UnknownType, WrongSchema.
    """
    return _load(_readers, type, data)


def write(type: str, data: Any) -> dict[str, Any]:
    """Data for the wire, ready for JSON. Unknown and missing fields are refused at every depth.

    Raises UnknownType, WrongSchema.
    """
    return _load(_writers, type, data)


def entries() -> list[Entry]:
    """All types, service by service."""
    return list(_entries.values())


def schema(type: str) -> ContractClass:
    """The marshmallow schema class of a type. Raises UnknownType."""
    entry = _entries.get(type)
    if entry is None:
        raise UnknownType(type)
    return entry.schema


def fact_key(tenant: str, type: str) -> str:
    """Routing key of a fact on `events`: `nchu.registration.seat_confirmed.v1`."""
    return f"{tenant}.{type}"


def command_key(provider: str, type: str) -> str:
    """Routing key of a command on `commands`, without a version: `center.registration.Register`."""
    service, name, _version = type.split(".")
    return f"{provider}.{service}.{name}"


def _load(schemas: Mapping[str, Contract], type: str, data: Any) -> dict[str, Any]:
    known = schemas.get(type)
    if known is None:
        raise UnknownType(type)
    try:
        loaded: dict[str, Any] = known.load(data)
    except ValidationError as error:
        raise WrongSchema(type, _by_path(error.messages)) from None
    return loaded


def _by_path(messages: Any, path: str = "") -> dict[str, list[str]]:
    """marshmallow's nested messages, flat. `_schema` stands for the object it is found in."""
    if not isinstance(messages, dict):
        return {path or "_schema": list(messages)}
    flat: dict[str, list[str]] = {}
    for name, within in messages.items():
        here = path if name == "_schema" else f"{path}.{name}" if path else str(name)
        for key, value in _by_path(within, here).items():
            flat.setdefault(key, []).extend(value)
    return flat


def _collect() -> dict[str, Entry]:
    published: tuple[tuple[Kind, Schemas], ...] = (
        ("command", registration.COMMANDS),
        ("fact", registration.FACTS),
        ("private", registration.PRIVATE),
        ("command", sig.COMMANDS),
        ("fact", sig_facts.FACTS),
        ("command", directory.COMMANDS),
        ("fact", directory.FACTS),
        ("private", directory.PRIVATE),
        ("fact", gateway.FACTS),
        ("private", gateway.PRIVATE),
        ("private", notification.PRIVATE),
        ("private", bus.PRIVATE),
    )
    return {
        type: Entry(type, kind, type.split(".")[0], schema)
        for kind, schemas in published
        for type, schema in schemas.items()
    }


_entries = _collect()
# Made once: making a schema costs a hundred times what a load does.
_readers = {entry.type: entry.schema() for entry in _entries.values()}
_writers = {entry.type: entry.schema(writing=True) for entry in _entries.values()}
