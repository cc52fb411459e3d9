"""Lists, a page at a time: a cursor says where the next one begins, and the header Link where it is."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.responses import Response

from gateway.api.operations import Call
from gateway.problems import Problem
from gateway.serving.answering import Json

Item = TypeVar("Item")


def part(
    call: Call, items: Sequence[Item], key: Callable[[Item], str], *, down: bool = False
) -> tuple[Sequence[Item], str | None]:
    """The items of the page that is asked for and the cursor of the next one.

    `key` is unique, and the items are in its order, from the top if `down`. Raises Problem bad_cursor.
    """
    after = beginning(call)
    if after is not None:
        items = [item for item in items if (key(item) < after if down else key(item) > after)]
    return cut(call, items, key)


def beginning(call: Call) -> str | None:
    """The key after which the page begins that is asked for; None for the first one. Raises Problem bad_cursor."""
    cursor = call.query.get("cursor")
    return _read(call.action, cursor) if cursor is not None else None


def cut(call: Call, items: Sequence[Item], key: Callable[[Item], str]) -> tuple[Sequence[Item], str | None]:
    """Of items from that beginning on, those of the page and the cursor of the next one, if there are more."""
    limit = call.query["limit"]
    shown = items[:limit]
    return shown, _written(call.action, key(shown[-1])) if len(items) > limit else None


def listed(call: Call, items: Sequence[dict[str, Any]], following: str | None, **more: Any) -> Response:
    """A page of them: of each item the fields that are asked for, and links to the first and the next page."""
    wanted = call.query.get("shown")
    if wanted:
        items = [sparse(item, wanted) for item in items]
    links = [f'<{_address(call, None)}>; rel="first"']
    if following:
        links.append(f'<{_address(call, following)}>; rel="next"')
    return Json({"items": items, "next": following, **more}, headers={"Link": ", ".join(links)})


def sparse(item: dict[str, Any], wanted: Sequence[str]) -> dict[str, Any]:
    """Of an item the fields that are asked for."""
    return {name: value for name, value in item.items() if name in wanted}


def _address(call: Call, cursor: str | None) -> str:
    asked = [(name, value) for name, value in call.request.query_params.multi_items() if name != "cursor"]
    if cursor:
        asked.append(("cursor", cursor))
    path: str = call.request.scope["path"]
    return f"{path}?{urlencode(asked)}" if asked else path


def _written(action: str, key: str) -> str:
    return base64.urlsafe_b64encode(f"{action}~{key}".encode()).decode().rstrip("=")


def _read(action: str, cursor: str) -> str:
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise Problem("bad_cursor") from error
    name, _, key = text.partition("~")
    if name != action:
        raise Problem("bad_cursor")
    return key
