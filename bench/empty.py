"""The least that the gateway's server stack can do: Starlette on uvicorn with uvloop and httptools, an empty answer."""

from __future__ import annotations

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


async def nothing(request: Request) -> Response:
    """Take the body, answer nothing."""
    await request.body()
    return Response(status_code=201)


def main() -> None:
    """Serve on the port that is named."""
    app = Starlette(routes=[Route("/", nothing, methods=["GET", "POST"])])
    uvicorn.run(
        app,
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        ws="none",
        access_log=False,
        log_level="error",
    )


if __name__ == "__main__":
    main()
