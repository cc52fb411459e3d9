"""What a school's window, or the operator, sets for signing in: read from a form or from the API, and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gateway.identity.providers import Provider, Wanted
from gateway.problems import Problem

MOST_DOMAINS = 20
LONGEST = {"issuer": 300, "client_id": 200, "client_secret": 500, "name_claim": 100, "email_claim": 100}

_is_domain = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}").fullmatch
_is_plain = re.compile(r"[!-~]*").fullmatch

NOT_A_DOMAIN = "Not the domain of mail addresses, such as school.edu.tw."
TOO_MANY_DOMAINS = "More domains than a school has."
NOT_PLAIN = "Not a text without blanks, of letters, digits and signs."
MISSING = "Missing data for required field."


def wanted(sent: Mapping[str, object]) -> Wanted:
    """The fields of `Wanted` as texts; `mail_domains` separated by blanks, commas or lines.

    Raises Problem provider_unusable with every wrong field.
    """
    found = {name: _text(sent.get(name)) for name in LONGEST}
    errors: list[tuple[str, str]] = []
    for name, most in LONGEST.items():
        if len(found[name]) > most:
            errors.append((f"/{name}", f"Longer than {most} characters."))
        elif name != "client_secret" and not _is_plain(found[name]):
            errors.append((f"/{name}", NOT_PLAIN))
    if found["issuer"] and not found["client_id"]:
        errors.append(("/client_id", MISSING))
    domains = tuple(
        dict.fromkeys(_domain(one) for one in re.split(r"[\s,;]+", _text(sent.get("mail_domains"))) if one)
    )
    if len(domains) > MOST_DOMAINS:
        errors.append(("/mail_domains", TOO_MANY_DOMAINS))
    elif not all(_is_domain(one) for one in domains):
        errors.append(("/mail_domains", NOT_A_DOMAIN))
    if errors:
        raise Problem("provider_unusable", errors=tuple(errors))
    return Wanted(
        issuer=found["issuer"] or None,
        client_id=found["client_id"],
        client_secret=found["client_secret"] or None,
        name_claim=found["name_claim"] or "name",
        email_claim=found["email_claim"] or "email",
        mail_domains=domains,
        mail_links=sent.get("mail_links") in ("yes", True),
    )


def fields_of(provider: Provider | None) -> dict[str, object]:
    """The same fields of what is set, without the secret."""
    return {
        "issuer": (provider.issuer if provider else None) or "",
        "client_id": provider.client_id if provider else "",
        "client_secret": "",
        "name_claim": provider.name_claim if provider else "name",
        "email_claim": provider.email_claim if provider else "email",
        "mail_domains": "\n".join(provider.mail_domains) if provider else "",
        "mail_links": bool(provider and provider.mail_links),
    }


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _domain(written: str) -> str:
    domain = written.removeprefix("@").lower()
    try:
        return domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain
