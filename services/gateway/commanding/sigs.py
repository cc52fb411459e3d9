"""What is asked of SIGs: each action becomes a command, completed with what only the gateway knows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from gateway.access import permissions
from gateway.access.roles import TAIPEI
from gateway.actions import Outcome, Person, Refused
from gateway.commanding.commands import actor, command_id
from gateway.people import People
from gateway.read_model.queries import Queries
from gateway.read_model.sigs import Sig, acting

Data = Mapping[str, Any]
Send = Callable[[str, str, Data, str, Person], Awaitable[Outcome]]

_COMMANDS = {"leave_sig": "EndMembership"}
"""Actions whose command is not called like them."""
PROPOSALS = 5
"""That somebody may have at once before they are decided."""
_NEWCOMERS = ("propose_sig", "join_sig")
_NOT_NOW: Mapping[str, str] = {
    "proposed": "not_chartered",
    "sent_back": "not_chartered",
    "declined": "sig_declined",
    "closed": "sig_closed",
}
"""Why nobody can be invited to a SIG of this status."""


def owner(person: Person, sig: Sig | None) -> str | None:
    """Whose the SIG is, for the table of permissions: the person's if they act for it. What is not known here yet
    may be there: then the service will say."""
    return person.id if sig is None or person.id in acting(sig, datetime.now(UTC)) else None


class SigWishes:
    """`ask` gives the command; `send` is how: wire type, stream, data, id and who asks."""

    def __init__(self, queries: Queries, people: People, send: Send) -> None:
        self._queries = queries
        self._people = people
        self._send = send

    async def ask(self, action: str, person: Person, sig: str, data: Data, key: str) -> Outcome:
        """What became of it. Raises Problem forbidden."""
        known = await self._queries.sigs.one(sig)
        own = owner(person, known)
        if action == "hand_over" and own is None and await self._queries.sigs.membership(sig, person.id):
            # Who has handed over may ask again, and gets the same answer: the service remembers it.
            own = person.id
        role = permissions.require(person, action, school=data.get("school"), owner=own)
        stream = f"sig:{sig}"
        id = command_id(person.id, stream, key)
        if action == "invite_member" and known and known["status"] in _NOT_NOW:
            # Before anybody is looked up: whoever may merely propose must not learn who has signed in here.
            return Refused(id, _NOT_NOW[known["status"]])
        whole = await self._completed(action, person, sig, data, id)
        if isinstance(whole, Refused):
            return whole
        name = _COMMANDS.get(action) or "".join(word.title() for word in action.split("_"))
        by = {"by": actor(person, role), "sig": sig}
        return await self._send(f"registration.{name}.v1", stream, {**by, **whole}, id, person)

    async def _completed(self, action: str, person: Person, sig: str, data: Data, id: str) -> Data | Refused:
        if action in _NEWCOMERS and (refused := await self._newcomer(action, person, sig, id)):
            return refused
        if action in ("leave_sig", "end_membership"):
            return {"person": person.id, **data, "reason": ""}
        if action == "invite_member":
            card = await self._people.card(data["person"])
            return {**data, "school": card.person.school} if card else Refused(id, "unknown_invitee")
        if action == "link_meeting":
            found = await self._queries.activity(data["activity"])
            if found is None or found["status"] == "draft":
                return Refused(id, "unknown_activity")
            return {**data, "held_on": found["starts_at"].astimezone(TAIPEI).date()}
        return {"record": await self._record(data["record"], id)} if action == "add_record" else data

    async def _newcomer(self, action: str, person: Person, sig: str, id: str) -> Refused | None:
        if await self._queries.is_suspended(person.school):
            return Refused(id, "school_not_open")
        if action == "propose_sig" and await self._proposals(person.id, sig) >= PROPOSALS:
            return Refused(id, "too_many_proposals", {"most": PROPOSALS})
        return None

    async def _proposals(self, person: str, but: str) -> int:
        """How many of theirs are not decided, besides that one: it may be asked for again, and gets its answer."""
        return sum(
            one["proposer"]["person"] == person
            and one["status"] in ("proposed", "sent_back")
            and one["id"] != but
            for one in await self._queries.sigs.all()
        )

    async def _record(self, record: Data, id: str) -> Data:
        """Of minutes of an activity, who came is taken from its registrations, unless somebody has counted."""
        schools: list[str] = []
        attended = record["attended"]
        if record["kind"] == "minutes" and record["activity"]:
            seated, schools = await self._queries.sigs.came(record["activity"])
            attended = seated if attended is None and seated else attended
        return {**record, "record": f"r-{id}", "attended": attended, "schools": schools}
