"""What a person may ask of the network, and what may become of it: one interface for the pages and the API.

Every action turns into one command on the bus. `key` is the caller's idempotency key: the same person asking
the same stream with the same key again gets the first outcome again. All actions raise `BusUnavailable` when
the broker does not take the command in time; asking again with the same key is always safe. They raise the Problem
`forbidden` for whom the table of permissions does not let do it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from gongxue_contracts.envelope import CloudEvent


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in. `roles` holds any of staff, host, window, center, operator; `language` is zh-Hant or en."""

    id: str
    name: str
    email: str
    language: str
    school: str
    roles: frozenset[str] = frozenset({"staff"})


@dataclass(frozen=True, slots=True)
class Accepted:
    """Committed. The facts are already in the read model of this process: one reads one's own writes."""

    command: str
    facts: tuple[CloudEvent, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Decided against: a code of the problem table and what its words need."""

    command: str
    code: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pending:
    """Taken by the broker, not answered in time: it will be decided, see /api/v1/commands/{command}.

    `parked` is true when the service could not decide it and an operator will look at it.
    """

    command: str
    parked: bool = False


Outcome = Accepted | Refused | Pending


class BusUnavailable(Exception):
    """The broker did not take the command in time. Ask again, unchanged, after `retry_after` seconds."""

    def __init__(self, retry_after: int = 2) -> None:
        super().__init__("the message broker is not available")
        self.retry_after = retry_after


class InLine(Exception):
    """More people ask for this activity than can be answered now: come again in `seconds`, with the ticket.

    `place` is 1 for the next in line. The ticket keeps the place; without it only this process remembers it.
    """

    def __init__(self, place: int, seconds: float, ticket: str) -> None:
        super().__init__(f"place {place} in line")
        self.place = place
        self.seconds = seconds
        self.ticket = ticket

    @property
    def retry_after(self) -> int:
        """Whole seconds, at least one."""
        return max(1, math.ceil(self.seconds))


class Actions(Protocol):
    """`request.app.state.gateway`."""

    @property
    def available(self) -> bool:
        """Whether the broker is there to take what is asked. False: one can only read."""
        ...

    async def register(
        self,
        person: Person,
        activity: str,
        *,
        pool: str,
        waiting_list: bool,
        key: str,
        name: str | None = None,
        language: str | None = None,
        ticket: str | None = None,
    ) -> Outcome:
        """Ask for a seat in `pool` (onsite or online), or a place on its waiting list.

        The registration's id is the outcome's `command`. `name` and `language`, where given and new, are kept
        on the person's card. Raises InLine in a rush; `ticket` is the one that it gave.
        """
        ...

    def waits(self, person: Person, activity: str, ticket: str) -> InLine | None:
        """How it stands with somebody in the waiting room; None if they may come in now."""
        ...

    async def register_other(
        self, by: Person, person: Person, activity: str, *, pool: str, waiting_list: bool, key: str
    ) -> Outcome:
        """Ask for a seat for somebody of one's school; `key` is for this one of the wishes that `by` has."""
        ...

    async def cancel_registration(self, person: Person, registration: str, *, key: str) -> Outcome:
        """Give a seat or a place back. Refused with unknown_registration if the read model knows none."""
        ...

    async def outcome(self, person: Person, command: str) -> Outcome | None:
        """What became of a command that was Pending. None if the person gave no such command."""
        ...

    async def draft_activity(
        self, person: Person, activity: str, details: Mapping[str, Any], *, key: str
    ) -> Outcome: ...

    async def publish_activity(self, person: Person, activity: str, *, key: str) -> Outcome: ...

    async def change_activity(
        self, person: Person, activity: str, changes: Mapping[str, Any], *, key: str
    ) -> Outcome: ...

    async def close_activity(self, person: Person, activity: str, *, key: str) -> Outcome: ...

    async def cancel_activity(self, person: Person, activity: str, reason: str, *, key: str) -> Outcome: ...

    async def admit_school(
        self, person: Person, school: str, profile: Mapping[str, Any], *, key: str
    ) -> Outcome: ...

    async def describe_school(
        self, person: Person, school: str, changes: Mapping[str, Any], *, key: str
    ) -> Outcome: ...

    async def rename_school(
        self, person: Person, school: str, name: Mapping[str, str], *, key: str
    ) -> Outcome: ...

    async def suspend_school(self, person: Person, school: str, reason: str, *, key: str) -> Outcome: ...

    async def reinstate_school(self, person: Person, school: str, *, key: str) -> Outcome: ...

    async def merge_school(self, person: Person, school: str, into: str, *, key: str) -> Outcome: ...

    async def grant_role(
        self,
        person: Person,
        scope: str,
        to: str,
        role: str,
        *,
        starts_on: date | None,
        ends_on: date | None,
        key: str,
    ) -> Outcome:
        """Let `to` hold the role at the school `scope`, or in the network: from the first day to the last, if any.

        Refused with unknown_grantee if nobody of this id belongs there.
        """
        ...

    async def revoke_role(
        self, person: Person, scope: str, whose: str, role: str, reason: str, *, key: str
    ) -> Outcome: ...

    async def ask_of_sig(
        self, action: str, person: Person, sig: str, data: Mapping[str, Any], *, key: str
    ) -> Outcome:
        """Give the command that is called like the action (see the table of permissions) with these data."""
        ...
