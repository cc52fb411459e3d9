"""`python -m onemachine.mailcatcher`: takes every mail and delivers none; shows them on a page and as JSON.

The JSON has the shape of Mailpit's API (`/api/v1/messages`, `/api/v1/message/{ID}` …), so that tests read either.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import quote

import uvicorn
from environs import Env
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from onemachine.mailbox import Mail, Mailbox
from onemachine.smtp import Inlet

_A_PAGE = 50
_MOST_LISTED = 1_000
_SANDBOX = {
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
}
_pages = Jinja2Templates(directory=Path(__file__).parent / "templates")


@dataclass(frozen=True)
class Settings:
    """Where it listens."""

    address: str
    port: int
    smtp_port: int

    @classmethod
    def from_env(cls) -> Settings:
        """From MAILS_ADDRESS, MAILS_PORT and MAILS_SMTP_PORT. Raises EnvValidationError."""
        env = Env(eager=False)
        found = cls(
            address=env.str("MAILS_ADDRESS", "127.0.0.1"),
            port=env.int("MAILS_PORT", 8025),
            smtp_port=env.int("MAILS_SMTP_PORT", 1025),
        )
        env.seal()
        return found


def application(mailbox: Mailbox, settings: Settings) -> Starlette:
    """The pages and the API over this mailbox; while it runs it takes mails."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Inlet(mailbox.add), settings.address, settings.smtp_port)
        try:
            yield
        finally:
            server.close()

    pages = _Pages(mailbox)
    return Starlette(
        lifespan=lifespan,
        # A foreign site must not read the mails under a name of its own that leads to this machine.
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=_hosts(settings.address))],
        routes=[
            Route("/", pages.index),
            Route("/mails/{id}", pages.mail),
            Route("/mails/{id}/html", pages.html),
            Route("/clear", pages.clear, methods=["POST"]),
            Route("/api/v1/info", pages.info),
            Route("/api/v1/messages", pages.messages, methods=["GET"]),
            Route("/api/v1/messages", pages.delete, methods=["DELETE"]),
            Route("/api/v1/search", pages.search),
            Route("/api/v1/message/{id}", pages.message),
            Route("/api/v1/message/{id}/raw", pages.raw),
            Route("/api/v1/message/{id}/part/{part}", pages.part),
        ],
    )


class _Pages:
    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def index(self, request: Request) -> Response:
        to = request.query_params.get("to", "")
        mails = [mail.summary() for mail in islice(self._mailbox.newest(to), _A_PAGE)]
        shown = {"mails": mails, "total": len(self._mailbox), "to": to}
        return _pages.TemplateResponse(request, "mails.html", shown)

    async def mail(self, request: Request) -> Response:
        return _pages.TemplateResponse(request, "mail.html", {"mail": self._mail(request).detail()})

    async def html(self, request: Request) -> Response:
        return HTMLResponse(self._mail(request).detail()["HTML"], headers=_SANDBOX)

    async def clear(self, request: Request) -> Response:
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise HTTPException(403, "another site's page asked for this")
        self._mailbox.clear()
        return RedirectResponse("/", status_code=303)

    async def info(self, _: Request) -> Response:
        return JSONResponse({"Messages": len(self._mailbox), "Received": self._mailbox.received})

    async def messages(self, request: Request) -> Response:
        return self._listed(request, None)

    async def search(self, request: Request) -> Response:
        kind, _, value = request.query_params.get("query", "").partition(":")
        if kind != "to" or not value:
            raise HTTPException(400, "the only search is query=to:ADDRESS")
        return self._listed(request, value.strip('"'))

    async def delete(self, _: Request) -> Response:
        self._mailbox.clear()
        return Response("ok")

    async def message(self, request: Request) -> Response:
        return JSONResponse(self._mail(request).detail())

    async def raw(self, request: Request) -> Response:
        return Response(self._mail(request).raw, media_type="message/rfc822")

    async def part(self, request: Request) -> Response:
        found = self._mail(request).part(request.path_params["part"])
        if found is None:
            raise HTTPException(404)
        name, kind, content = found
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
        return Response(content, media_type=kind, headers=headers | _SANDBOX)

    def _listed(self, request: Request, to: str | None) -> Response:
        start = _number(request, "start", 0)
        limit = min(_number(request, "limit", _A_PAGE), _MOST_LISTED)
        found = list(self._mailbox.newest(to))
        chosen = [mail.summary() for mail in found[start : start + limit]]
        total = len(self._mailbox)
        return JSONResponse(
            {
                "total": total,
                "messages_count": len(found),
                "count": len(chosen),
                "start": start,
                "messages": chosen,
            }
        )

    def _mail(self, request: Request) -> Mail:
        found = self._mailbox.get(request.path_params["id"])
        if found is None:
            raise HTTPException(404)
        return found


def _hosts(address: str) -> list[str]:
    return [address, "localhost"] if address == "127.0.0.1" else ["*"]


def _number(request: Request, name: str, default: int) -> int:
    value = request.query_params.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 10 else default


def main() -> None:
    """Run until SIGTERM."""
    settings = Settings.from_env()
    config = uvicorn.Config(
        application(Mailbox(), settings),
        host=settings.address,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=2,
    )
    uvicorn.Server(config).run()


if __name__ == "__main__":
    main()
