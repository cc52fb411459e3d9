"""What the gateway holds about people, collection by collection: the one list that export and erasure go through.

A test holds it to the collections there are, so that nothing can be kept that is neither exported nor erased.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gateway.identity.sealing import fingerprint
from gateway.storage import (
    CALENDARS,
    COMMANDS,
    CONSENTS,
    EXPORTS,
    IDENTITIES,
    MAIL_LINKS,
    PEOPLE,
    SESSIONS,
    SIGN_IN_ATTEMPTS,
)

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Holding:
    """Documents about one person, found by their id, or the fingerprint of their address, in `field`.

    An export shows `shown` of them.

    What is not shown is what would let in whoever reads the export (secrets, even as digests), and what is ours alone.
    """

    collection: str
    field: str
    shown: tuple[str, ...]
    by: Literal["person", "email"] = "person"


HOLDINGS = (
    Holding(IDENTITIES, "person", ("issuer", "sub", "linked_at")),
    Holding(SESSIONS, "person", ("begun", "seen", "expires", "provider", "issuer", "sub", "agent")),
    Holding(SIGN_IN_ATTEMPTS, "person", ("expires",)),
    Holding(MAIL_LINKS, "address", ("email", "expires"), by="email"),
    Holding("tokens", "person", ("kind", "name", "scopes", "school", "created", "expires", "used")),
    Holding(CALENDARS, "person", ("made_at",)),
    Holding(CONSENTS, "person", ("purpose", "given", "at", "wording", "history")),
    Holding(COMMANDS, "person", ("_id", "status", "created")),
    Holding(EXPORTS, "person", ("asked_at",)),
    # The last one: as long as it is there, an erasure that was interrupted finds the address to look for.
    Holding(PEOPLE, "_id", ("name", "email", "language", "school", "roles")),
)

OPAQUE: Mapping[str, str] = {
    "activities": "nobody",
    "schools": "nobody",
    "registrations": "by opaque ids, as the facts have it",
    "roles": "by opaque ids, as the facts have it",
    "sigs": "by opaque ids, as the facts have it: who proposed and who convenes",
    "sig_members": "by opaque ids, as the facts have it",
    "roster_views": "by opaque ids: who looked stays known for as long as the log is kept",
    "erasures": "by opaque ids, until the state of the erasure is no longer shown",
    "erased": "opaque ids alone: what keeps erased people erased",
    "providers": "schools",
    "stale": "opaque ids; gone within minutes",
    "read_model": "nobody",
}
"""Collections in which nobody can be recognised once the person's own documents are gone, and why."""


def named(holding: Holding, person: str, email: str | None) -> Document | None:
    """The query for what is held of a person; None where that needs an address and there is none."""
    if holding.by == "person":
        return {holding.field: person}
    return {holding.field: fingerprint(email.lower())} if email else None


def shown(holding: Holding, document: Document) -> dict[str, Any]:
    """What an export shows of a document."""
    return {name: document[name] for name in holding.shown if name in document}
