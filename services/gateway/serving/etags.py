"""Entity tags: what has not changed is not sent again, and what has changed is not overwritten unseen (RFC 9110).

A tag is `"<revision>.<content>"`: the revision stands for what a PATCH can change, the content for every byte of the
answer. `If-Match` compares revisions: an activity may be changed though somebody has registered since it was read.
"""

from __future__ import annotations

import hashlib
import re
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from gateway.problems import Problem

_TAGS = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_KEPT_IN_304 = ("etag", "link", "vary", "cache-control", "content-language", "last-modified")


def tag(content: bytes, revision: bytes | None = None) -> str:
    """The entity tag of an answer; without a revision of its own, every byte counts for that too."""
    whole = _digest(content)
    return f'"{whole if revision is None else _digest(revision)}.{whole}"'


def conditional(request: Request, response: Response) -> Response:
    """The answer to a reading with its tag, or 304 if the reader has it."""
    if response.status_code != HTTPStatus.OK or not hasattr(response, "body"):
        return response
    found = response.headers.setdefault("etag", tag(bytes(response.body)))
    asked = request.headers.get("if-none-match")
    if asked is None or not _names(asked, found.strip('"')):
        return response
    kept = {name: value for name, value in response.headers.items() if name in _KEPT_IN_304}
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=kept)


def require_match(request: Request, current: str) -> None:
    """Raises Problem precondition_failed if If-Match names only other revisions than that of the current tag."""
    asked = request.headers.get("if-match")
    if asked is None or asked.strip() == "*":
        return
    revision = current.strip('"').partition(".")[0]
    known = {found[2].partition(".")[0] for found in _TAGS.finditer(asked) if not found[1]}
    if revision not in known:
        raise Problem("precondition_failed")


def _names(asked: str, found: str) -> bool:
    return asked.strip() == "*" or any(one[2] == found for one in _TAGS.finditer(asked))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:20]
