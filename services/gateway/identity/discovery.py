"""What a provider says of itself, checked for all that we need of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, Key, KeySet, OKPKey, RSAKey

from gateway.identity.outbound import Away, NotAllowed, Outbound

WELL_KNOWN = "/.well-known/openid-configuration"
ALGORITHMS = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
    "Ed25519",
)
"""With which a provider may sign: none that a public key, or nobody's key, would do for."""
SHORTEST_RSA = 2048

_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_OPTIONAL = ("userinfo_endpoint", "end_session_endpoint")
_CLIENT_METHODS = ("client_secret_basic", "client_secret_post", "none")

Metadata = dict[str, Any]


class Unusable(Exception):
    """A provider that cannot be used; `why` is a sentence of `REASONS`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


NOT_HTTPS = "Not an address of the form https://…, or one that is not public."
NO_ANSWER = "The provider does not answer under this address, or not in a form we can read."
OTHER_ISSUER = "The provider calls itself by another address. Enter exactly that one."
NO_CODE_FLOW = "The provider does not offer the authorization code flow with PKCE (S256)."
NO_ALGORITHM = "The provider signs with no algorithm that we accept (RS, PS or ES 256 to 512, EdDSA)."
NO_KEYS = "The provider publishes no key that we can use (RSA of 2048 bits or more, EC, Ed25519)."
NO_CLIENT_METHOD = (
    "The provider takes none of the ways in which we can name ourselves (client_secret_basic or post)."
)
NO_ENDPOINT = "The provider does not say where to send people, or its addresses are not https and public."
REASONS = (
    NOT_HTTPS,
    NO_ANSWER,
    OTHER_ISSUER,
    NO_CODE_FLOW,
    NO_ALGORITHM,
    NO_KEYS,
    NO_CLIENT_METHOD,
    NO_ENDPOINT,
)


async def discover(outbound: Outbound, issuer: str, *, secret: bool) -> Metadata:
    """What of the provider's document we use. `secret`: whether we have one to name ourselves with.

    Raises Unusable; its cause is Away when it may be different in a moment.
    """
    try:
        outbound.check(issuer)
        found = await outbound.get_json(issuer.rstrip("/") + WELL_KNOWN)
    except NotAllowed as error:
        raise Unusable(NOT_HTTPS) from error
    except Away as error:
        raise Unusable(NO_ANSWER) from error
    if found.get("issuer") != issuer:
        raise Unusable(OTHER_ISSUER)
    _check_endpoints(outbound, found)
    _check_abilities(found)
    metadata = {name: found[name] for name in (*_NEEDED, *_OPTIONAL) if isinstance(found.get(name), str)}
    metadata["client_method"] = _client_method(found, secret=secret)
    metadata["says_issuer"] = found.get("authorization_response_iss_parameter_supported") is True
    metadata["algorithms"] = [one for one in _signing(found) if one in ALGORITHMS]
    try:
        await fetch_keys(outbound, metadata["jwks_uri"])
    except Away as error:
        raise Unusable(NO_KEYS) from error
    return metadata


async def fetch_keys(outbound: Outbound, address: str) -> KeySet:
    """The keys that a provider signs with now. Raises Away when there are none of use."""
    try:
        found = await outbound.get_json(address)
    except NotAllowed as error:
        raise Away("the address of the keys is not allowed") from error
    keys = [key for one in _list(found, "keys") if (key := _key(one)) is not None]
    if not keys:
        raise Away("no usable key")
    return KeySet(keys)


def _key(found: Any) -> Key | None:
    """A public key for signatures, or None: also for a shared secret, with which anybody who has it could sign."""
    if not isinstance(found, Mapping) or found.get("use", "sig") != "sig":
        return None
    modulus = found.get("n")
    if found.get("kty") == "RSA" and (not isinstance(modulus, str) or len(modulus) * 6 < SHORTEST_RSA):
        return None
    try:
        key = JWKRegistry.import_key(dict(found))
        return key if isinstance(key, ECKey | OKPKey | RSAKey) else None
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def _check_endpoints(outbound: Outbound, found: Metadata) -> None:
    for name in (*_NEEDED, *_OPTIONAL):
        address = found.get(name)
        if address is None and name in _OPTIONAL:
            continue
        if not isinstance(address, str):
            raise Unusable(NO_ENDPOINT)
        try:
            outbound.check(address)
        except NotAllowed as error:
            raise Unusable(NO_ENDPOINT) from error


def _check_abilities(found: Metadata) -> None:
    methods = found.get("code_challenge_methods_supported")
    if "code" not in _list(found, "response_types_supported"):
        raise Unusable(NO_CODE_FLOW)
    if isinstance(methods, list) and "S256" not in methods:
        raise Unusable(NO_CODE_FLOW)
    if not any(one in ALGORITHMS for one in _signing(found)):
        raise Unusable(NO_ALGORITHM)


def _signing(found: Metadata) -> list[Any]:
    return _list(found, "id_token_signing_alg_values_supported") or ["RS256"]


def _client_method(found: Metadata, *, secret: bool) -> str:
    """How we name ourselves: as the provider likes it, with the secret if we have one."""
    offered = _list(found, "token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    wanted = _CLIENT_METHODS[:2] if secret else _CLIENT_METHODS[2:]
    for method in wanted:
        if method in offered:
            return method
    raise Unusable(NO_CLIENT_METHOD)


def _list(found: Mapping[str, Any], name: str) -> list[Any]:
    value = found.get(name)
    return value if isinstance(value, list) else []
