"""What every request passes first: is it meant for this site, small enough, and sent by a page of ours.

Pure ASGI, for it is in the path of everything. What it lets through has `request.state.language` and a
`trace.current`; what it answers has the headers that keep a browser careful.
"""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs

from starlette.requests import Request, cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.access.bearing import shown
from gateway.config import Settings
from gateway.problems import Problem
from gateway.serving import languages, trace
from gateway.serving.answering import respond

MOST_BYTES = 256 * 1024
LONGEST_ADDRESS = 4_096
BODY_SECONDS = 20.0
"""For so long the next part of a body is waited for."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
"""What a page of ours may load and do: its own script, style and pictures, and send forms to this site."""
_FEATURES = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
"""Of browsers, that no page of ours needs."""
_CAREFUL = [
    (b"content-security-policy", "; ".join(f"{what} {whence}" for what, whence in _POLICY.items()).encode()),
    (b"permissions-policy", ", ".join(f"{feature}=()" for feature in _FEATURES).encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_BACK_CHANNEL = "/back-channel-logout"
"""What schools' providers send: it names no cookie, and proves itself by what it says."""
_TLS_ONLY = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")
_NOT_KEPT = (b"cache-control", b"private, no-cache")
_NEVER_KEPT = (b"cache-control", b"private, no-store")
"""What somebody sees who is signed in: on a shared machine the next one may press "back"."""

Headers = dict[bytes, bytes]


class Front:
    """The outermost layer."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._origin = settings.public_url.lower().encode()
        default_port = ":443" if settings.secure else ":80"
        names = {settings.authority, settings.authority.removesuffix(default_port)}
        self._hosts = frozenset(
            name.encode() for name in names | {f"{n}{default_port}" for n in names if ":" not in n}
        )
        self._careful = [*_CAREFUL, _TLS_ONLY] if settings.secure else _CAREFUL

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers: Headers = dict(scope["headers"])
        scope.setdefault("state", {})["language"] = _language(scope, headers)
        trace.current.set(trace.parent(headers.get(b"traceparent")))
        guarded = self._guarded(scope, send)
        try:
            self._check(scope, headers)
        except Problem as problem:
            response = respond(Request(scope), problem)
            await response(scope, receive, guarded)
            return
        await self._app(scope, _limited(receive), guarded)

    def _check(self, scope: Scope, headers: Headers) -> None:
        """Raises Problem."""
        hosts = [value.lower() for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1:
            raise Problem("bad_host")
        if hosts[0] not in self._hosts and not scope["path"].startswith("/health/"):
            raise Problem("misdirected")
        if len(scope["path"]) + len(scope["query_string"]) > LONGEST_ADDRESS:
            raise Problem("address_too_long", headers={"Connection": "close"})
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > MOST_BYTES:
            raise Problem("too_large", headers={"Connection": "close"})
        by_provider = scope["path"].endswith(_BACK_CHANNEL)
        if (
            scope["method"] not in SAFE
            and shown(scope) is None
            and not by_provider
            and not self._same_site(headers)
        ):
            raise Problem("cross_site")

    def _same_site(self, headers: Headers) -> bool:
        """Whether no other site's page can have made a browser send this with the cookies of ours.

        Not asked of what shows a token: then cookies do not count, and no form can send one.

        Browsers say where a request comes from. What says nothing is no browser of today, or a form; other
        than by a form, no foreign page can send JSON or an idempotency key without our consent.
        """
        site = headers.get(b"sec-fetch-site")
        origin = headers.get(b"origin")
        if site is not None and site not in (b"same-origin", b"none"):
            return False
        if origin is not None:
            return origin.lower() == self._origin
        return (
            site is not None
            or b"idempotency-key" in headers
            or headers.get(b"content-type", b"").startswith(b"application/json")
        )

    def _guarded(self, scope: Scope, send: Send) -> Send:
        careful = self._careful

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                headers.extend(careful)
                if not any(name == b"cache-control" for name, _ in headers):
                    headers.append(_NEVER_KEPT if _is_own(scope) else _NOT_KEPT)
            await send(message)

        return guarded


def _is_own(scope: Scope) -> bool:
    """Whether somebody is signed in at a browser. A program with a token keeps what it may ask for by its tag."""
    return scope["state"].get("person") is not None and shown(scope) is None


def _limited(receive: Receive) -> Receive:
    """Counts a body as it comes, for one that does not say how long it is; and does not wait for it for ever."""
    taken, whole = 0, False

    async def limited() -> Message:
        nonlocal taken, whole
        if whole:
            return await receive()  # waits for the end of the connection, as long as an answer takes
        try:
            async with asyncio.timeout(BODY_SECONDS):
                message = await receive()
        except TimeoutError:
            raise Problem("too_slow", headers={"Connection": "close"}) from None
        whole = not message.get("more_body", False)
        taken += len(message.get("body", b""))
        if taken > MOST_BYTES:
            raise Problem("too_large", headers={"Connection": "close"})
        return message

    return limited


def _language(scope: Scope, headers: Headers) -> str:
    query: bytes = scope["query_string"]
    asked = None
    if b"lang=" in query:
        asked = parse_qs(query.decode("latin-1")).get(languages.PARAMETER, [None])[0]
    cookies = headers.get(b"cookie", b"")
    kept = None
    if b"language=" in cookies:
        kept = cookie_parser(cookies.decode("latin-1")).get(languages.COOKIE)
    return languages.choose(asked, kept, headers.get(b"accept-language", b"").decode("latin-1"))
