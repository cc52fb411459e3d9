"""Reading: what pages and API show, from this service's own database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from gateway.documents import Activity, ActivityPage, Registration, School, When


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """Of one host, of one kind, those to come (soonest first) or past (latest first, as without `when`)."""

    school: str | None = None
    kind: str | None = None
    when: When | None = None


class BadCursor(ValueError):
    """The cursor is none that we gave out."""


class Reading(Protocol):
    """`request.app.state.queries`. Callers may share the documents: read them, never change them."""

    async def activities(
        self, wanted: ActivityFilter, cursor: str | None = None, limit: int = 20
    ) -> ActivityPage:
        """Published, closed and cancelled activities. Raises BadCursor."""
        ...

    async def activity(self, activity: str) -> Activity | None:
        """One activity, a draft too: whoever shows it checks that a draft is shown to its host only."""
        ...

    async def drafts(self, school: str) -> list[Activity]:
        """The drafts of a host."""
        ...

    async def registration(self, registration: str) -> Registration | None:
        """One registration with its place in line."""
        ...

    async def registrations_of(self, person: str) -> list[Registration]:
        """All registrations of a person, the latest first, each with `about`."""
        ...

    async def registration_at(self, person: str, activity: str) -> Registration | None:
        """The person's registration that stands (confirmed or waiting) for the activity."""
        ...

    async def schools(self) -> list[School]:
        """All schools in the order of their ids."""
        ...

    async def school(self, school: str) -> School | None: ...
