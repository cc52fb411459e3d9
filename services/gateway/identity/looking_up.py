"""Who a person is by now: their card, and the roles that the directory gives them."""

from __future__ import annotations

from dataclasses import replace

from starlette.datastructures import State

from gateway.access.roles import OF_NETWORK, STAFF
from gateway.people import Card, People
from gateway.read_model.queries import Queries


async def as_of_now(state: State, person: str) -> Card | None:
    """The person's card with the roles of now; None if there is nobody of this id."""
    people: People = state.people
    queries: Queries = state.queries
    card = await people.card(person)
    if card is None:
        return None
    roles = await queries.roles_of(card.person)
    if await queries.is_suspended(card.person.school):
        roles &= {STAFF, *OF_NETWORK}  # whoever speaks for a school does so while it takes part
    return replace(card, person=replace(card.person, roles=roles))
