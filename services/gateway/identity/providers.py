"""How the people of each school sign in, as the school has set it.

    {"_id": "nchu", "issuer", "client_id", "client_secret": "<sealed>" | None, "claims": {"name", "email"},
     "mail_domains": ["nchu.edu.tw"], "mail_links": False, "metadata": {…}, "checked_at", "changed_by"}

`issuer` is None for a school without a provider, whose people come in by a link that is mailed to them.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc.jwk import KeySet
from pymongo import WriteConcern
from pymongo.asynchronous.database import AsyncDatabase

from gateway.identity.discovery import Metadata, Unusable, discover, fetch_keys
from gateway.identity.outbound import Away, Outbound
from gateway.identity.sealing import Seal
from gateway.problems import Problem
from gateway.storage import PROVIDERS, Document

ON_DISK = WriteConcern(w="majority", j=True)
CHECKED_AGAIN = timedelta(hours=12)
KEYS_KEPT_SECONDS = 600.0
KEYS_AGAIN_SECONDS = 20.0
"""Keys that lack the one a token names are fetched again, but not more often."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a school sets. `client_secret`: None keeps the one there is, an empty one removes it."""

    issuer: str | None = None
    client_id: str = ""
    client_secret: str | None = None
    name_claim: str = "name"
    email_claim: str = "email"
    mail_domains: tuple[str, ...] = ()
    mail_links: bool = False


@dataclass(frozen=True, slots=True)
class Provider:
    """How the people of one school sign in."""

    school: str
    issuer: str | None
    client_id: str
    client_secret: str | None
    name_claim: str
    email_claim: str
    mail_domains: tuple[str, ...]
    mail_links: bool
    metadata: Metadata = field(repr=False)
    checked_at: datetime | None = None

    @property
    def takes_mail(self) -> bool:
        """Whether a link may be mailed to its people: for lack of a provider, or besides it."""
        return bool(self.mail_domains) and (self.issuer is None or self.mail_links)

    def takes(self, email: str) -> bool:
        """Whether an address is one of the school's. Without a list of domains every one is."""
        return not self.mail_domains or email.rpartition("@")[2].lower() in self.mail_domains


@dataclass(slots=True)
class _Keys:
    keys: KeySet
    at: float


class Providers:
    """Reads and keeps them. Raises PyMongoError when the store is away."""

    def __init__(
        self, database: AsyncDatabase[Document], outbound: Outbound, seal: Seal, public_url: str
    ) -> None:
        self._providers = database.get_collection(PROVIDERS, write_concern=ON_DISK)
        self._outbound = outbound
        self._seal = seal
        self._public_url = public_url
        self._keys: dict[str, _Keys] = {}

    async def of(self, school: str) -> Provider | None:
        """How the school's people sign in; None as long as nobody has set it."""
        found = await self._providers.find_one({"_id": school})
        return self._read(found) if found else None

    async def set_up(self) -> set[str]:
        """The schools whose people can sign in."""
        found = await self._providers.find({}, {"_id": 1}).to_list()
        return {one["_id"] for one in found}

    async def issuers(self) -> dict[str, str]:
        """Which school's provider each issuer is."""
        found = await self._providers.find({}, {"issuer": 1}).to_list()
        return {one["issuer"]: one["_id"] for one in found if one["issuer"]}

    async def keep(self, school: str, wanted: Wanted, by: str) -> Provider:
        """Check the provider as it answers now, and keep what is wanted. Raises Problem provider_unusable."""
        before = await self.of(school)
        secret = before.client_secret if wanted.client_secret is None and before else wanted.client_secret
        metadata: Metadata = {}
        if wanted.issuer:
            try:
                metadata = await discover(self._outbound, wanted.issuer, secret=bool(secret))
            except Unusable as error:
                raise Problem("provider_unusable", errors=(("/issuer", error.why),)) from error
        elif not wanted.mail_domains:
            raise Problem(
                "provider_unusable", errors=(("/mail_domains", "Missing data for required field."),)
            )
        document: Document = {
            "_id": school,
            "issuer": wanted.issuer or None,
            "client_id": wanted.client_id,
            "client_secret": self._seal.close(secret) if wanted.issuer and secret else None,
            "claims": {"name": wanted.name_claim, "email": wanted.email_claim},
            "mail_domains": list(wanted.mail_domains),
            "mail_links": wanted.mail_links,
            "metadata": metadata,
            "checked_at": datetime.now(UTC),
            "changed_by": by,
        }
        await self._providers.replace_one({"_id": school}, document, upsert=True)
        return self._read(document)

    async def remove(self, school: str) -> bool:
        """Nobody of the school can sign in any more; whether anybody could. Sessions go on."""
        return (await self._providers.delete_one({"_id": school})).deleted_count == 1

    async def fresh(self, provider: Provider) -> Provider:
        """The same, with what it says of itself not too old. A provider that does not answer is as it was."""
        checked = provider.checked_at
        if provider.issuer is None or (checked and checked > datetime.now(UTC) - CHECKED_AGAIN):
            return provider
        try:
            metadata = await discover(
                self._outbound, provider.issuer, secret=provider.client_secret is not None
            )
        except Unusable as error:
            _log.warning("the provider of %s is as it was: %s", provider.school, error.why)
            return provider
        news = {"metadata": metadata, "checked_at": datetime.now(UTC)}
        await self._providers.update_one({"_id": provider.school, "issuer": provider.issuer}, {"$set": news})
        return await self.of(provider.school) or provider

    async def keys(self, provider: Provider, *, missing_one: bool = False) -> KeySet:
        """The keys that the provider signs with. Raises Problem provider_away."""
        address = provider.metadata["jwks_uri"]
        known = self._keys.get(address)
        patience = KEYS_AGAIN_SECONDS if missing_one else KEYS_KEPT_SECONDS
        if known is None or known.at < time.monotonic() - patience:
            try:
                known = _Keys(await fetch_keys(self._outbound, address), time.monotonic())
            except Away as error:
                _log.warning("the keys of %s: %s", provider.school, error)
                raise Problem("provider_away") from error
            self._keys[address] = known
        return known.keys

    def _read(self, found: Document) -> Provider:
        sealed, claims = found["client_secret"], found["claims"]
        return Provider(
            school=found["_id"],
            issuer=found["issuer"],
            client_id=found["client_id"],
            client_secret=self._seal.open(sealed) if sealed else None,
            name_claim=claims["name"],
            email_claim=claims["email"],
            mail_domains=tuple(found["mail_domains"]),
            mail_links=found["mail_links"],
            metadata=found["metadata"],
            checked_at=found["checked_at"],
        )

    def addresses(self, school: str) -> dict[str, Any]:
        """What the school's provider must be told of us."""
        return {
            "redirect_uri": redirect_uri(self._public_url, school),
            "backchannel_logout_uri": f"{self._public_url}/sign-in/{school}/back-channel-logout",
            "post_logout_redirect_uri": f"{self._public_url}/signed-out",
        }


def redirect_uri(public_url: str, school: str) -> str:
    """Where a school's provider sends people back to: each has its own, so that none can answer for another."""
    return f"{public_url}/sign-in/{school}/back"
