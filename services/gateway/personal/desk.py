"""What pages need to serve people with their own data: `request.app.state.personal`."""

from __future__ import annotations

from dataclasses import dataclass

from pymongo.asynchronous.database import AsyncDatabase

from gateway.people import Tell
from gateway.personal.calendar_addresses import CalendarAddresses
from gateway.personal.consents import Consents
from gateway.personal.erasures import Erasures
from gateway.personal.exports import Exports
from gateway.personal.roster_views import RosterViews
from gateway.read_model.queries import Queries
from gateway.storage import Document


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts, put together once."""

    addresses: CalendarAddresses
    consents: Consents
    exports: Exports
    erasures: Erasures
    roster_views: RosterViews


def assemble(database: AsyncDatabase[Document], tell: Tell, queries: Queries, secret: str) -> Desk:
    """`tell` publishes to `private`; `secret` is the installation's."""
    return Desk(
        addresses=CalendarAddresses(database, secret),
        consents=Consents(database),
        exports=Exports(database, tell, queries),
        erasures=Erasures(database, secret),
        roster_views=RosterViews(database),
    )
