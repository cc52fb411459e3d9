"""Signing in by a link that is mailed to an address of the school: for schools without a provider.

    {"_id": "<hash of the link's secret>", "attempt": "<id>", "school", "email", "address": "<hash>", "client",
     "used": False, "at", "expires"}

A link works once, for a quarter of an hour, and only in the browser that asked for it. Opening it uses nothing up:
programs that look at mails open links; people press the button. Whoever asks learns nothing about anybody: every
address of the school's domains is answered alike, and gets its mail.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from pymongo.asynchronous.database import AsyncDatabase

from gateway.identity import throttling
from gateway.identity.attempts import LASTS, Attempt
from gateway.identity.proofs import Proven, mail_issuer
from gateway.identity.sealing import fingerprint, fresh
from gateway.people import SOURCE, Tell
from gateway.problems import Problem
from gateway.storage import MAIL_LINKS, Document
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import CloudEvent

SIGN_IN_LINK = "gateway.sign_in_link.v1"
PER_ADDRESS = throttling.Limit(most=5, seconds=3600)
PER_CLIENT = throttling.Limit(most=60, seconds=3600)
LONGEST_ADDRESS = 254

_is_address = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+").fullmatch


class MailLinks:
    """Raises PyMongoError when the store is away."""

    def __init__(self, database: AsyncDatabase[Document], tell: Tell, public_url: str) -> None:
        self._links = database[MAIL_LINKS]
        self._tell = tell
        self._public_url = public_url

    async def check(self, email: str, client: str) -> None:
        """Raises Problem too_many_attempts."""
        await throttling.check(self._links, "address", fingerprint(email), PER_ADDRESS)
        await throttling.check(self._links, "client", client, PER_CLIENT)

    async def send(self, attempt: Attempt, email: str, client: str, language: str, agent: str) -> None:
        """Have a link mailed to the address. Raises BusUnavailable, Problem too_many_attempts; then there is none."""
        secret, now = fresh(), datetime.now(UTC)
        expires = now + LASTS
        document: Document = {
            "_id": fingerprint(secret),
            "attempt": attempt.id,
            "school": attempt.school,
            "email": email,
            "address": fingerprint(email),
            "client": client,
            "used": False,
            "at": now,
            # Longer than it works: what was asked for in the last hour is counted.
            "expires": now + timedelta(seconds=PER_ADDRESS.seconds),
            "until": expires,
        }
        await throttling.keep(self._links, document, {"address": PER_ADDRESS, "client": PER_CLIENT})
        address = f"{self._public_url}/sign-in/{attempt.school}/link?secret={secret}"
        await self._tell(_letter(email, language, address, expires, agent, now))

    async def look(self, secret: str, school: str) -> tuple[str, str]:
        """The attempt and the address of a link that works, which stays so. Raises Problem: link_expired, link_used."""
        found = await self._links.find_one({"_id": fingerprint(secret)})
        if found is None or found["school"] != school or found["until"] <= datetime.now(UTC):
            raise Problem("link_expired")
        if found["used"]:
            raise Problem("link_used")
        return found["attempt"], found["email"]

    async def use(self, secret: str, school: str) -> Proven:
        """Who has opened the link and pressed the button. Raises Problem: link_expired, link_used."""
        _, email = await self.look(secret, school)
        used = await self._links.update_one(
            {"_id": fingerprint(secret), "used": False}, {"$set": {"used": True}}
        )
        if used.matched_count != 1:
            raise Problem("link_used")
        return Proven(issuer=mail_issuer(school), sub=email, email=email)


def normalised(value: object) -> str | None:
    """A mail address in the form in which it is compared; None for what is none."""
    if not isinstance(value, str):
        return None
    local, at, domain = value.strip().rpartition("@")
    try:
        domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    address = f"{local}{at}{domain}".lower()
    return address if len(address) <= LONGEST_ADDRESS and _is_address(address) else None


def _letter(
    email: str, language: str, address: str, expires: datetime, agent: str, now: datetime
) -> CloudEvent:
    """What tells notification to send the mail. It is on `private` alone, and nobody keeps it."""
    stream = f"link:{uuid4().hex}"
    data = {
        "email": email,
        "language": language,
        "address": address,
        "expires_at": expires,
        "browser": agent,
    }
    return CloudEvent(
        id=f"{stream}@1.0",
        source=SOURCE,
        type=SIGN_IN_LINK,
        subject=stream,
        time=now,
        data=catalogue.write(SIGN_IN_LINK, data),
        sequence=1,
    )
