"""The parts of identity, put together once: `request.app.state.door`."""

from __future__ import annotations

from dataclasses import dataclass

from pymongo.asynchronous.database import AsyncDatabase

from gateway.config import Settings
from gateway.identity.attempts import Attempts
from gateway.identity.linking import Identities
from gateway.identity.mail_links import MailLinks
from gateway.identity.notices import Notices
from gateway.identity.openid import RelyingParty
from gateway.identity.outbound import Outbound
from gateway.identity.providers import Providers
from gateway.identity.sealing import Seal
from gateway.identity.sessions import Sessions
from gateway.people import Tell
from gateway.storage import Document


@dataclass(frozen=True, slots=True)
class Door:
    """What signing in needs."""

    notices: Notices
    sessions: Sessions
    providers: Providers
    attempts: Attempts
    identities: Identities
    links: MailLinks
    relying_party: RelyingParty


def assemble(settings: Settings, database: AsyncDatabase[Document], tell: Tell) -> Door:
    """The parts on this database; `tell` publishes to `private`."""
    notices = Notices(database)
    outbound = Outbound(here=settings.here)
    providers = Providers(database, outbound, Seal(settings.secret), settings.public_url)
    return Door(
        notices=notices,
        sessions=Sessions(database, notices, idle=settings.session_idle, longest=settings.session_longest),
        providers=providers,
        attempts=Attempts(database),
        identities=Identities(database),
        links=MailLinks(database, tell, settings.public_url),
        relying_party=RelyingParty(outbound, settings.public_url),
    )
