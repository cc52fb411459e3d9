"""The server of the web side: uvicorn, which lets go of those who only listen before it waits for the others."""

from __future__ import annotations

import socket

import uvicorn
from starlette.applications import Starlette

from gateway.config import Settings
from gateway.serving.live import Streams
from gateway.serving.wire import CarefulProtocol

NOT_STARTED = 3


def serve(app: Starlette, settings: Settings) -> None:
    """Serve until SIGTERM. Ends the process with status 3 if it could not begin."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=CarefulProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=int(settings.plumbing.graceful_seconds),
    )
    server = Server(config, app.state.streams)
    server.run()
    if not server.started:
        raise SystemExit(NOT_STARTED)


class Server(uvicorn.Server):
    """Who listens to events never ends by themselves, and would be waited for until the time is up."""

    def __init__(self, config: uvicorn.Config, streams: Streams) -> None:
        super().__init__(config)
        self._streams = streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then finish what is in hand."""
        self._streams.close()
        await super().shutdown(sockets)
