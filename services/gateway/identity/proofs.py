"""Who somebody has proved to be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Proven:
    """A person is (issuer, sub), never a mail address: name and address are only what is told of them.

    `sid` is the provider's own session, which it may end. Of who came by a mailed link, `issuer` is `mail:<school>`.
    """

    issuer: str
    sub: str
    sid: str | None = None
    name: str = ""
    email: str = ""


def mail_issuer(school: str) -> str:
    """Who vouches for whoever opens a link that was mailed to them: the school's own mail."""
    return f"mail:{school}"
