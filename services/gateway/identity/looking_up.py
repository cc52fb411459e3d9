"""Who a person is by now: their card, and the roles that the directory gives them."""

from __future__ import annotations

from dataclasses import replace

from starlette.datastructures import State

from gateway.people import Card, People
from gateway.queries import Queries


async def as_of_now(state: State, person: str) -> Card | None:
    """The person's card; whether they are a window of their school is what the directory says."""
    people: People = state.people
    queries: Queries = state.queries
    card = await people.card(person)
    if card is None:
        return None
    school = await queries.school(card.person.school)
    roles = card.person.roles - {"window"}
    if school and person in school["windows"]:
        roles |= {"window"}
    return replace(card, person=replace(card.person, roles=roles))
