"""The static files: few and small, so they are held in memory and answered without a look at the disk."""

from __future__ import annotations

from functools import cache
from mimetypes import guess_type

from starlette.requests import Request
from starlette.responses import Response

from gateway.problems import Problem
from gateway.serving.packing import Packed
from gateway.web.rendering import STATIC, digest

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"


@cache
def files() -> dict[str, tuple[Packed, str, str]]:
    """Content, media type and digest by name."""
    return {
        path.name: (
            Packed(path.read_bytes(), lasting=True),
            guess_type(path.name)[0] or "application/octet-stream",
            digest(path),
        )
        for path in STATIC.iterdir()
        if path.is_file()
    }


async def static(request: Request) -> Response:
    """GET /static/{name}?v=…: an address with the digest of the content never changes what it means."""
    found = files().get(request.path_params["name"])
    if found is None:
        raise Problem("not_found")
    content, media_type, version = found
    tag = f'"{version}"'
    keep = FOR_EVER if request.query_params.get("v") == version else ASK_AGAIN
    headers = {"cache-control": keep, "etag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    body, encoding = content.accepted(request.headers.get("accept-encoding", ""))
    headers["vary"] = "accept-encoding"
    if encoding:
        headers["content-encoding"] = encoding
    return Response(body, headers=headers, media_type=media_type)
