"""OpenID Connect: sending somebody to their school's provider, and believing what they come back with.

Authorization code with PKCE (S256), state, nonce; the token is fetched from the provider itself, and everything it
says is checked in `id_tokens`. The protocol is Authlib's.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.jwk import KeySet

from gateway.identity.attempts import Attempt
from gateway.identity.id_tokens import Expected, UnknownKey, read_id_token, read_logout_token
from gateway.identity.outbound import FAILURES, SECONDS, Away, NotAllowed, Outbound, read_object
from gateway.identity.proofs import Proven
from gateway.identity.providers import Provider, Providers, redirect_uri
from gateway.problems import Problem

SCOPE = "openid profile email"
LONGEST_NAME = 100
LONGEST_ADDRESS = 254
_ENDED_BY_PERSON = frozenset({"access_denied", "login_required", "interaction_required", "consent_required"})

_log = logging.getLogger(__name__)


class RelyingParty:
    """We, as the providers of schools see us."""

    def __init__(self, outbound: Outbound, public_url: str) -> None:
        self._outbound = outbound
        self._public_url = public_url

    def address(self, provider: Provider, attempt: Attempt, state: str, language: str) -> str:
        """Where to send somebody who wants to sign in."""
        more = {"prompt": "login"} if attempt.links else {}
        address = prepare_grant_uri(
            provider.metadata["authorization_endpoint"],
            client_id=provider.client_id,
            response_type="code",
            redirect_uri=redirect_uri(self._public_url, provider.school),
            scope=SCOPE,
            state=state,
            code_challenge=create_s256_code_challenge(attempt.verifier),
            code_challenge_method="S256",
            nonce=attempt.nonce,
            ui_locales="zh-Hant zh-TW zh" if language == "zh-Hant" else "en",
            **more,
        )
        return str(address)

    async def prove(
        self, provider: Provider, providers: Providers, attempt: Attempt, told: Mapping[str, str]
    ) -> Proven:
        """Who it is that came back with these parameters. Raises Problem with the code of what is wrong."""
        _check_answer(provider, told)
        token = await self._token(provider, attempt, told["code"])
        access = token.get("access_token")
        expected = Expected(
            issuer=provider.issuer or "",
            client_id=provider.client_id,
            algorithms=tuple(provider.metadata["algorithms"]),
            nonce=attempt.nonce,
            access_token=access if isinstance(access, str) else "",
        )
        claims = await _read(provider, providers, read_id_token, token.get("id_token"), expected)
        if not all(isinstance(claims.get(name), str) for name in (provider.name_claim, provider.email_claim)):
            claims = await self._user_info(provider, token, claims["sub"]) | claims
        sid = claims.get("sid")
        return Proven(
            issuer=expected.issuer,
            sub=claims["sub"],
            sid=sid if isinstance(sid, str) else None,
            name=_line(claims.get(provider.name_claim), LONGEST_NAME),
            email=_line(claims.get(provider.email_claim), LONGEST_ADDRESS),
        )

    async def ended(
        self, provider: Provider, providers: Providers, token: object
    ) -> tuple[str | None, str | None]:
        """`sub` and `sid` of whom the provider has signed out. Raises Problem bad_logout_token, provider_away."""
        expected = Expected(
            issuer=provider.issuer or "",
            client_id=provider.client_id,
            algorithms=tuple(provider.metadata["algorithms"]),
        )
        sub, sid = await _read(provider, providers, read_logout_token, token, expected, "bad_logout_token")
        return sub, sid

    def goodbye(self, provider: Provider) -> str | None:
        """Where somebody signs out of the provider as well; None where it offers no such thing."""
        endpoint = provider.metadata.get("end_session_endpoint")
        if not endpoint:
            return None
        asked = urlencode(
            {
                "client_id": provider.client_id,
                "post_logout_redirect_uri": f"{self._public_url}/signed-out",
            }
        )
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{asked}"

    def _client(self, provider: Provider) -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            client_id=provider.client_id,
            client_secret=provider.client_secret,
            token_endpoint_auth_method=provider.metadata["client_method"],
            scope=SCOPE,
            redirect_uri=redirect_uri(self._public_url, provider.school),
            transport=self._outbound.transport(),
            timeout=SECONDS,
            leeway=0,  # the token is used at once, however short its life
            trust_env=False,
            follow_redirects=False,
        )

    async def _token(self, provider: Provider, attempt: Attempt, code: str) -> Mapping[str, Any]:
        """What the provider gives for the code. Raises Problem: provider_refused, provider_away."""
        address = provider.metadata["token_endpoint"]
        try:
            self._outbound.check(address)
            async with self._client(provider) as client, asyncio.timeout(SECONDS):
                found: Mapping[str, Any] = await client.fetch_token(
                    address, code=code, code_verifier=attempt.verifier, grant_type="authorization_code"
                )
        except OAuthError as error:
            _log.warning("the provider of %s gives no token: %s", provider.school, error.error)
            raise Problem("provider_refused", {"error": _code(error.error)}) from error
        except (NotAllowed, ValueError, *FAILURES) as error:
            _log.warning("the provider of %s gives no token: %s", provider.school, type(error).__name__)
            raise Problem("provider_away") from error
        return found

    async def _user_info(self, provider: Provider, token: Mapping[str, Any], sub: str) -> dict[str, Any]:
        """What the provider tells of the person besides. Raises Problem: wrong_subject, provider_away."""
        address = provider.metadata.get("userinfo_endpoint")
        if not address or not isinstance(token.get("access_token"), str):
            return {}
        try:
            self._outbound.check(address)
            async with self._client(provider) as client, asyncio.timeout(SECONDS):
                client.token = dict(token)
                found = read_object(await client.get(address))
        except (OAuthError, NotAllowed, Away, ValueError, *FAILURES) as error:
            _log.warning(
                "the provider of %s tells nothing of people: %s", provider.school, type(error).__name__
            )
            raise Problem("provider_away") from error
        if found.get("sub") != sub:
            raise Problem("wrong_subject")
        return found


def _check_answer(provider: Provider, told: Mapping[str, str]) -> None:
    """Raises Problem: wrong_issuer, sign_in_cancelled, provider_refused."""
    issuer = told.get("iss")
    if issuer != provider.issuer and (issuer is not None or provider.metadata["says_issuer"]):
        raise Problem("wrong_issuer")
    if error := told.get("error"):
        ended = error in _ENDED_BY_PERSON
        raise Problem("sign_in_cancelled" if ended else "provider_refused", {"error": _code(error)})
    if not told.get("code"):
        raise Problem("provider_refused", {"error": "no code"})


async def _read(
    provider: Provider,
    providers: Providers,
    read: Any,
    token: object,
    expected: Expected,
    unknown_key: str = "wrong_signature",
) -> Any:
    """What the token says; if it names a key that we do not know, with the keys that the provider has by now."""
    keys: KeySet = await providers.keys(provider)
    try:
        return read(token, keys, expected)
    except UnknownKey:
        keys = await providers.keys(provider, missing_one=True)
    try:
        return read(token, keys, expected)
    except UnknownKey as error:
        raise Problem(unknown_key) from error


def _line(value: object, most: int) -> str:
    """A claim as one line; empty for what is none."""
    if not isinstance(value, str):
        return ""
    line = " ".join(value.split())
    return line if line.isprintable() and len(line) <= most else ""


def _code(value: object) -> str:
    """An error code as it may be shown; the words that come with it are anybody's."""
    return (
        value
        if isinstance(value, str) and value.isascii() and value.isprintable() and len(value) < 60
        else "–"
    )
