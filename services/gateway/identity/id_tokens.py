"""What providers sign: ID tokens and logout tokens, believed only when every part of them is as it must be."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import (
    BadSignatureError,
    ExpiredTokenError,
    InvalidClaimError,
    InvalidKeyIdError,
    JoseError,
    MissingClaimError,
    UnsupportedAlgorithmError,
)
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from gateway.identity.discovery import ALGORITHMS
from gateway.problems import Problem

LEEWAY_SECONDS = 30
"""By how much a provider's clock may differ from ours."""
OLDEST_SECONDS = 600
"""A token that was made for somebody who signs in now is no older."""
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
LONGEST_SUBJECT = 255

_CODES = {
    "iss": "wrong_issuer",
    "aud": "wrong_audience",
    "azp": "wrong_audience",
    "nonce": "wrong_nonce",
    "exp": "expired_token",
    "iat": "expired_token",
    "nbf": "expired_token",
}


class UnknownKey(Exception):
    """Signed with a key that is not among these: the provider may have a new one."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Whose tokens these must be, and for whom; of an ID token, what was asked with."""

    issuer: str
    client_id: str
    algorithms: tuple[str, ...] = ALGORITHMS
    nonce: str = ""
    access_token: str = ""


def read_id_token(token: object, keys: KeySet, expected: Expected) -> dict[str, Any]:
    """The claims. Raises UnknownKey, Problem with the code of what is wrong first."""
    header, claims = _verified(token, keys, expected)
    options = {"iss": {"values": [expected.issuer]}, "aud": {"values": [expected.client_id]}}
    asked = {
        "nonce": expected.nonce,
        "client_id": expected.client_id,
        "access_token": expected.access_token,
    }
    try:
        CodeIDToken(claims, header, options, asked).validate(leeway=LEEWAY_SECONDS)
    except (ExpiredTokenError, InvalidClaimError, MissingClaimError) as error:
        raise Problem(_code(error)) from error
    except (JoseError, ValueError, TypeError) as error:
        raise Problem("malformed_token") from error
    _check_audience(claims, expected)
    _check_age(claims)
    _check_subject(claims.get("sub"))
    return claims


def read_logout_token(token: object, keys: KeySet, expected: Expected) -> tuple[str | None, str | None]:
    """`sub` and `sid` of whoever is signed out, at least one of them. Raises UnknownKey, Problem bad_logout_token."""
    try:
        header, claims = _verified(token, keys, expected)
        _check_audience(claims, expected)
        _check_age(claims)
    except Problem as problem:
        raise Problem("bad_logout_token") from problem
    events = claims.get("events")
    sub, sid = claims.get("sub"), claims.get("sid")
    good = (
        claims.get("iss") == expected.issuer
        and str(header.get("typ", "logout+jwt")).lower() in ("logout+jwt", "jwt")
        and isinstance(events, dict)
        and isinstance(events.get(LOGOUT_EVENT), dict)
        and "nonce" not in claims
        and isinstance(claims.get("jti"), str)
        and _is_still(claims.get("exp"))
        and (isinstance(sub, str) or isinstance(sid, str))
        and (sub is None or isinstance(sub, str))
        and (sid is None or isinstance(sid, str))
    )
    if not good:
        raise Problem("bad_logout_token")
    return sub, sid


def _verified(token: object, keys: KeySet, expected: Expected) -> tuple[Mapping[str, Any], dict[str, Any]]:
    if not isinstance(token, str):
        raise Problem("malformed_token")
    allowed = [name for name in ALGORITHMS if name in expected.algorithms]
    # Signed tokens alone: one of five parts would be read as an encrypted one by other registries.
    registry = JWSRegistry(algorithms=allowed, strict_check_header=False)
    try:
        found = jwt.decode(token, keys, registry=registry)
    except InvalidKeyIdError as error:
        raise UnknownKey from error
    except UnsupportedAlgorithmError as error:
        raise Problem("wrong_algorithm") from error
    except BadSignatureError as error:
        raise Problem("wrong_signature") from error
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Problem("malformed_token") from error
    return found.header, found.claims


def _code(error: ExpiredTokenError | InvalidClaimError | MissingClaimError) -> str:
    if isinstance(error, ExpiredTokenError):
        return "expired_token"
    named = {getattr(error, "claim", ""), *str(error).replace("'", " ").replace('"', " ").split()}
    return next((code for claim, code in _CODES.items() if claim in named), "malformed_token")


def _check_audience(claims: Mapping[str, Any], expected: Expected) -> None:
    """For us alone: who else may use it, might be whom it was stolen from."""
    if claims.get("aud") not in (expected.client_id, [expected.client_id]):
        raise Problem("wrong_audience")


def _check_age(claims: Mapping[str, Any]) -> None:
    issued = claims.get("iat")
    now = time.time()
    if isinstance(issued, bool) or not isinstance(issued, int | float):
        raise Problem("malformed_token")
    if not now - OLDEST_SECONDS <= issued <= now + LEEWAY_SECONDS:
        raise Problem("expired_token")


def _is_still(expires: object) -> bool:
    """Older providers give their logout tokens no end."""
    if expires is None:
        return True
    return isinstance(expires, int | float) and expires + LEEWAY_SECONDS > time.time()


def _check_subject(sub: object) -> None:
    if not isinstance(sub, str) or not 1 <= len(sub) <= LONGEST_SUBJECT or not sub.isprintable():
        raise Problem("wrong_subject")
