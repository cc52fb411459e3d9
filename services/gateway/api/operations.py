"""What an operation of the API says of itself, and how that becomes an endpoint.

The declaration is all there is: input is validated by it, the OpenAPI description is made of it, and what
goes wrong is answered as it says.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, NoReturn

from marshmallow import RAISE, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.access import permissions
from gateway.access.tokens import ROLES_OF_SCOPES, Token
from gateway.actions import Actions, Person
from gateway.api import personal_schemas, sign_in_schemas
from gateway.problems import Problem
from gateway.read_model.queries import Queries
from gateway.serving.etags import conditional
from gongxue_contracts import fields
from gongxue_contracts.contract import Contract
from gongxue_contracts.directory import ROLES
from gongxue_contracts.plain import fault

PARAMETERS = {
    "activity": (fields.ID, "unknown_activity"),
    "registration": (fields.UUID, "unknown_registration"),
    "school": (fields.SLUG, "unknown_school"),
    "person": (fields.ID, "not_found"),
    "scope": (fields.SLUG, "unknown_school"),
    "role": (rf"^({'|'.join(ROLES)})$", "not_found"),
    "sig": (fields.ID, "unknown_sig"),
    "record": (fields.ID, "unknown_record"),
    "command": (fields.UUID, "unknown_command"),
    "token": (r"^t[0-9a-f]{20}$", "unknown_token"),
    "export": (personal_schemas.EXPORT_ID, "unknown_export"),
    "erasure": (personal_schemas.SECRET, "unknown_erasure"),
    "session": (sign_in_schemas.HASH, "not_found"),
    "way": (sign_in_schemas.HASH, "not_found"),
}
"""Of paths: the form of each, and the problem if one cannot be the name of anything."""

REGISTERING = frozenset({"register", "cancel_registration", "join_sig", "leave_sig"})
"""What the scope `register` is for. Nothing else that any signed-in person may write is done with a token."""

_are = {name: (re.compile(pattern).fullmatch, code) for name, (pattern, code) in PARAMETERS.items()}
_is_key = re.compile(r"[!-~]{1,200}").fullmatch


@dataclass(slots=True)
class Call:
    """A request that has passed the checks of its operation."""

    request: Request
    action: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    key: str = ""

    @property
    def gateway(self) -> Actions:
        """What one may ask."""
        gateway: Actions = self.request.app.state.gateway
        return gateway

    @property
    def queries(self) -> Queries:
        """What one may read."""
        queries: Queries = self.request.app.state.queries
        return queries

    @property
    def visitor(self) -> Person | None:
        """Who is signed in, if anybody."""
        person: Person | None = self.request.scope["state"]["person"]
        return person

    @property
    def person(self) -> Person:
        """Who is signed in. Raises Problem not_signed_in."""
        if self.visitor is None:
            raise Problem("not_signed_in")
        return self.visitor

    def __getitem__(self, parameter: str) -> str:
        """A parameter of the path."""
        value: str = self.request.scope["path_params"][parameter]
        return value


Handler = Callable[[Call], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address.

    `returns` maps statuses to the schema of the body (None: no body) besides the problems; `refusals` are
    the codes with which the command, or the reading, may be refused. Who may ask is in the table of permissions, under
    the name of the handler: an operation without an entry there is none (KeyError). What is `keyed`, as every command
    is, needs an Idempotency-Key; what is not `by_token` is for people who are signed in. A `stream` never ends.
    """

    method: str
    path: str
    tag: str
    summary: str
    handle: Handler
    returns: Mapping[int, Contract | None]
    body: Contract | None = None
    query: Contract | None = None
    command: bool = False
    keyed: bool = False
    by_token: bool = True
    stream: bool = False
    refusals: Sequence[str] = ()

    def __post_init__(self) -> None:
        if self.action not in permissions.TABLE:
            raise KeyError(f"{self.action} is not in the table of permissions")

    @property
    def action(self) -> str:
        """The name of what it does, which is the description's `operationId`."""
        return self.handle.__name__

    @property
    def signed_in(self) -> bool:
        """Whether one has to be."""
        return not permissions.is_public(self.action)

    @property
    def scopes(self) -> tuple[str, ...]:
        """Of which a token needs one; none if this is nothing for tokens."""
        if not self.by_token:
            return ()
        if self.method == "GET":
            return ("read",)
        roles = [row.role for row in permissions.TABLE[self.action] if row.role in ROLES_OF_SCOPES]
        return (*(("register",) if self.action in REGISTERING else ()), *roles)

    async def __call__(self, request: Request) -> Response:
        """Check and answer. Raises Problem."""
        call = Call(request, self.action)
        for name, value in request.path_params.items():
            is_one, code = _are[name]
            if not is_one(value):
                raise Problem(code)
        self._check_token(request.scope["state"].get("token"))
        if not permissions.possible(call.visitor, self.action):
            raise permissions.refusal(call.visitor)
        if self.command or self.keyed:
            call.key = self._key(request)
        if self.query is not None:
            call.query = load(self.query, {k: v for k, v in request.query_params.items() if k != "lang"})
        if self.method not in ("GET", "DELETE"):
            call.body = load(self.body or NOTHING, await self._json(request))
        answer = await self.handle(call)
        return conditional(request, answer) if self.method == "GET" else answer

    def _check_token(self, token: Token | None) -> None:
        if token is None or (self.method == "GET" and not self.signed_in):
            return
        if not self.scopes:
            raise Problem("not_by_token")
        if not {*self.scopes} & {*token.scopes}:
            scopes = " ".join(self.scopes)
            told = f'Bearer realm="gongxue", error="insufficient_scope", scope="{scopes}"'
            raise Problem("insufficient_scope", {"scopes": scopes}, headers={"WWW-Authenticate": told})

    def _key(self, request: Request) -> str:
        key = request.headers.get("idempotency-key")
        if key is None and self.method == "PUT":
            return str(uuid.uuid4())
        if key is None or not _is_key(key):
            raise Problem("missing_idempotency_key")
        return key

    async def _json(self, request: Request) -> Any:
        content = await request.body()
        if not content and self.body is None:
            return {}
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise Problem("unsupported_media_type")
        try:
            value = _decode(content.decode())
        except (ValueError, RecursionError) as error:
            raise Problem("malformed_json") from error
        if type(value) is not dict:
            raise Problem("malformed_json")
        if found := fault(value):
            # JSON can say what neither the store nor other services can hold: half of a surrogate pair.
            raise Problem("invalid_request", errors=(("/" + found[0].replace(".", "/"), found[1]),))
        return value


def operation(method: str, path: str, **declaration: Any) -> Callable[[Handler], Operation]:
    """Declare the decorated function as an operation; see Operation."""

    def declare(handle: Handler) -> Operation:
        return Operation(method, path, handle=handle, **declaration)

    return declare


class Resource:
    """All operations of one address, as an ASGI application."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self._operations = {one.method: one for one in operations}
        if "GET" in self._operations:
            self._operations["HEAD"] = self._operations["GET"]
        self._allow = ", ".join(sorted({*self._operations, "OPTIONS"}))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._operations.get(scope["method"])
        if found is not None:
            response = await found(Request(scope, receive, send))
        elif scope["method"] == "OPTIONS":
            response = Response(status_code=HTTPStatus.NO_CONTENT, headers={"Allow": self._allow})
        else:
            raise Problem("method_not_allowed", headers={"Allow": self._allow})
        await response(scope, receive, send)


class Nothing(Contract):
    """No fields."""


NOTHING = Nothing(unknown=RAISE)

MOST_ERRORS = 50
"""So many wrong fields are named: an answer must not be larger than what it answers."""


def load(schema: Contract, given: Any) -> dict[str, Any]:
    """The given values as the schema reads them. Raises Problem invalid_request with every wrong field."""
    try:
        loaded: dict[str, Any] = schema.load(given)
    except ValidationError as error:
        raise Problem("invalid_request", errors=tuple(pointers(error.messages)[:MOST_ERRORS])) from error
    if schema.at_least_one and not loaded:
        names = ", ".join(schema.fields)
        raise Problem("invalid_request", errors=(("", f"At least one of: {names}."),))
    return loaded


def pointers(messages: Any, path: str = "") -> list[tuple[str, str]]:
    """(JSON pointer, words) for each message of marshmallow's."""
    if not isinstance(messages, dict):
        return [(path, str(words)) for words in messages]
    found = []
    for name, within in messages.items():
        step = "" if name == "_schema" else "/" + str(name).replace("~", "~0").replace("/", "~1")
        found += pointers(within, path + step)
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_decode = json.JSONDecoder(parse_constant=_refuse_constant).decode
