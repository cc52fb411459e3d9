"""A provider that signs whatever it is told to: beside the real one, to see what is refused."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from identity.site import CLIENT, serving
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

Claims = dict[str, Any]
Sign = Callable[["Malicious", Claims], str]


@dataclass
class Malicious:
    """`change` makes the claims wrong, `sign` the signature, `user_info` what is told besides, `said` its document."""

    issuer: str = ""
    nonce: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"}))
    change: Callable[[Claims], Claims] = lambda claims: claims
    sign: Sign = lambda provider, claims: provider.signed(claims)
    user_info: Claims = field(default_factory=dict)
    said: Claims = field(default_factory=dict)
    token: Callable[[], Response] | None = None
    asked: list[str] = field(default_factory=list)

    def claims(self) -> Claims:
        """What an honest one would say."""
        now = int(time.time())
        return {
            "iss": self.issuer,
            "sub": "emp-1",
            "aud": CLIENT[1],
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
            "name": "Lin",
            "email": "lin@nchu.edu.tw",
        }

    def logout_claims(self) -> Claims:
        """What an honest one would say when somebody signs out."""
        now = int(time.time())
        return {
            "iss": self.issuer,
            "sub": "emp-1",
            "aud": CLIENT[1],
            "iat": now,
            "exp": now + 120,
            "jti": "1",
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        }

    def signed(self, claims: Claims, key: RSAKey | None = None, **header: Any) -> str:
        """As it should be, but for what is said otherwise."""
        return jwt.encode({"alg": "RS256", "kid": "k1", **header}, claims, key or self.key)

    def app(self) -> Starlette:
        """The provider."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._document),
                Route("/jwks", self._keys),
                Route("/token", self._token, methods=["POST"]),
                Route("/userinfo", self._user_info),
                Route("/elsewhere", self._elsewhere),
            ]
        )

    async def _document(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        base = self.issuer
        return JSONResponse(
            {
                "issuer": base,
                "authorization_endpoint": f"{base}/authorize",
                "token_endpoint": f"{base}/token",
                "jwks_uri": f"{base}/jwks",
                "userinfo_endpoint": f"{base}/userinfo",
                "response_types_supported": ["code"],
                "code_challenge_methods_supported": ["S256"],
                "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
                **self.said,
            }
        )

    async def _keys(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def _token(self, request: Request) -> Response:
        if self.token:
            return self.token()
        told = {"access_token": "at", "token_type": "Bearer", "expires_in": 60}
        return JSONResponse({**told, "id_token": self.sign(self, self.change(self.claims()))})

    async def _user_info(self, request: Request) -> Response:
        return JSONResponse(self.user_info)

    async def _elsewhere(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        return RedirectResponse("/jwks")


@asynccontextmanager
async def malicious() -> AsyncIterator[Malicious]:
    """It runs."""
    found = Malicious()
    async with serving(found.app(), 0) as port:
        found.issuer = f"http://127.0.0.1:{port}"
        yield found


def unsigned(provider: Malicious, claims: Claims) -> str:
    """With the algorithm `none`."""
    return f"{_part({'alg': 'none'})}.{_part(claims)}."


def by_public_key(provider: Malicious, claims: Claims) -> str:
    """HS256, with the public key as the secret that everybody knows."""
    signed = f"{_part({'alg': 'HS256', 'kid': 'k1'})}.{_part(claims)}"
    digest = hmac.digest(provider.key.as_pem(private=False), signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def by_another_key(provider: Malicious, claims: Claims) -> str:
    """The right algorithm and the right name of a key, but another key."""
    return provider.signed(claims, RSAKey.generate_key(2048))


def by_own_key_in_header(provider: Malicious, claims: Claims) -> str:
    """With the key that it is to be checked with in its own header."""
    key = RSAKey.generate_key(2048)
    return provider.signed(claims, key, jwk=key.as_dict(private=False))


def by_unknown_key(provider: Malicious, claims: Claims) -> str:
    """With a key that nobody publishes."""
    return provider.signed(claims, RSAKey.generate_key(2048), kid="k2")


def changed_afterwards(provider: Malicious, claims: Claims) -> str:
    """Somebody else's name under an honest signature."""
    head, _, signature = provider.signed(claims).split(".")
    return f"{head}.{_part({**claims, 'sub': 'emp-2'})}.{signature}"


def _part(value: Claims) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
