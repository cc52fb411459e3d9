"""The static files: held in memory, packed once, and answered without a look at the disk."""

from __future__ import annotations

from functools import cache

from starlette.requests import Request
from starlette.responses import Response

from gateway.problems import Problem
from gateway.serving.packing import Packed
from gateway.web.assets import Asset, assets

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"


@cache
def files() -> dict[str, tuple[Asset, Packed]]:
    """Each file by its name, as it is and packed."""
    return {name: (asset, Packed(asset.content, lasting=True)) for name, asset in assets().items()}


async def static(request: Request) -> Response:
    """GET /static/{name}?v=…: an address with the digest of the content never changes what it means."""
    found = files().get(request.path_params["name"])
    if found is None:
        raise Problem("not_found")
    asset, packed = found
    tag = f'"{asset.version}"'
    keep = FOR_EVER if request.query_params.get("v") == asset.version else ASK_AGAIN
    headers = {"cache-control": keep, "etag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    body, encoding = packed.accepted(request.headers.get("accept-encoding", ""))
    headers["vary"] = "accept-encoding"
    if encoding:
        headers["content-encoding"] = encoding
    return Response(body, headers=headers, media_type=asset.media_type)
