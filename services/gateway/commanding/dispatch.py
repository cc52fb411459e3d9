"""The actions: each becomes a command, and the answer what became of it.

A command is called like its action: `draft_activity` gives `DraftActivity`. Who may not do it is told so here, in the
words of the table of permissions; the service decides again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pymongo.errors import PyMongoError

from gateway.access import permissions
from gateway.access.roles import NETWORK, OF_NETWORK
from gateway.actions import InLine, Outcome, Pending, Person, Refused
from gateway.commanding.bus import CommandBus
from gateway.commanding.command_status import CommandStatuses, outcome_of
from gateway.commanding.commands import actor, command, command_id
from gateway.commanding.sigs import SigWishes
from gateway.people import People
from gateway.problems import Problem
from gateway.read_model.documents import Activity
from gateway.read_model.queries import Queries
from gateway.rush.door import Door, Wish
from gateway.rush.door_reading import DoorReading
from gateway.rush.waiting_room import WaitingRoom

Data = Mapping[str, Any]
NOTHING: Data = {}
NO_SUCH_SCHOOL = "There is no such school."


class Gateway:
    """`request.app.state.gateway`, see `actions.Actions`. `wait` is how many seconds an answer is waited for."""

    def __init__(
        self,
        bus: CommandBus,
        statuses: CommandStatuses,
        people: People,
        queries: Queries,
        room: WaitingRoom,
        wait: float,
    ) -> None:
        self._bus = bus
        self._statuses = statuses
        self._people = people
        self._queries = queries
        self._wait = wait
        self._door = Door(DoorReading(queries, statuses))
        self._room = room
        self._sigs = SigWishes(queries, people, self._send)

    @property
    def available(self) -> bool:
        """Whether the broker is there."""
        return self._bus.up

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
        """A seat, or a place on the waiting list."""
        permissions.require(person, "register")
        id = command_id(person.id, f"activity:{activity}", key)
        wish = Wish(id, person.id, activity, pool, waiting_list)
        if refused := await self._refusal(person, person, wish):
            return refused
        with self._room.inside(activity, person.id, ticket):
            # Before the command: whoever writes the mail about it shall know the name and the language by then.
            await self._people.keep_words(person, name, language)
            return await self._register(person, wish)

    def waits(self, person: Person, activity: str, ticket: str) -> InLine | None:
        """How it stands with somebody in the waiting room."""
        return self._room.waits(activity, person.id, ticket)

    async def register_other(
        self, by: Person, person: Person, activity: str, *, pool: str, waiting_list: bool, key: str
    ) -> Outcome:
        """A seat for somebody else, or a place on the waiting list."""
        role = permissions.require(by, "register_people", school=person.school)
        id = command_id(by.id, f"activity:{activity}", key)
        wish = Wish(id, person.id, activity, pool, waiting_list)
        if refused := await self._refusal(by, person, wish):
            return refused
        told = {"by": actor(by, role)} if by.id != person.id else {}
        with self._room.inside(activity, person.id, None):
            return await self._register(person, wish, by, told)

    async def _refusal(self, asker: Person, person: Person, wish: Wish) -> Refused | None:
        """What is told without asking the service. Raises Problem unknown_activity."""
        if await self._queries.is_suspended(person.school):
            return Refused(wish.command, "school_not_open")
        await self._check_shown(asker, wish.activity)
        return await self._door.refusal(wish)

    async def _register(
        self, person: Person, wish: Wish, asker: Person | None = None, told: Data = NOTHING
    ) -> Outcome:
        asker = asker or person
        data = {
            "activity": wish.activity,
            "registration": wish.command,
            "person": person.id,
            "school": person.school,
            "pool": wish.pool,
            "waiting_list": wish.waiting_list,
            **told,
        }
        self._door.sent(wish)
        stream = f"activity:{wish.activity}"
        outcome = await self._send("registration.Register.v1", stream, data, wish.command, asker)
        if not isinstance(outcome, Pending):
            self._door.answered(wish)
        if isinstance(outcome, Refused) and outcome.code == "not_published":
            # The service tells drafts, of which the read model may not have heard yet, from what is not there.
            await self._check_known(asker, wish.activity)
        return outcome

    async def _check_shown(self, person: Person, activity: str) -> None:
        """Raises Problem unknown_activity for a draft that the person may not read: that there is one is not theirs."""
        try:
            found = await self._queries.activity(activity)
            if found and found["status"] == "draft":  # a moment ago: by now it may be published
                found = await self._queries.activity_now(activity)
        except PyMongoError:
            return  # its service will say
        if found and _is_hidden(found, person):
            raise Problem("unknown_activity")

    async def _check_known(self, person: Person, activity: str) -> None:
        """The same of what is a draft for sure: what cannot be looked up is nobody's to read."""
        try:
            found = await self._queries.activity_now(activity)
        except PyMongoError:
            found = None
        if found is None or not permissions.allowed(person, "read_draft", school=found["host"]):
            raise Problem("unknown_activity")

    async def cancel_registration(self, person: Person, registration: str, *, key: str) -> Outcome:
        """Give a seat or a place back."""
        action = "cancel_registration"
        known = await self._queries.registration(registration)
        if known is None:
            return Refused(registration, "unknown_registration")
        activity = known["activity"]
        host = await self._host(activity) or person.school
        role = permissions.allowed(person, action, owner=known["person"], school=host)
        if role is None:  # as to whom it is not shown
            return Refused(registration, "unknown_registration")
        return await self._ask_of_activity(
            action, person, role, activity, {"registration": registration}, key
        )

    async def outcome(self, person: Person, command: str) -> Outcome | None:
        """What became of a command that was Pending."""
        return await self._statuses.outcome(command, person.id, self._bus.send)

    async def draft_activity(self, person: Person, activity: str, details: Data, *, key: str) -> Outcome:
        """Prepare an activity. Refused here if its host is no school: a stream knows its own activity only."""
        role = permissions.require(person, "draft_activity", school=details.get("host"))
        if role == "center" and await self._queries.school(details["host"]) is None:
            raise Problem("unknown_school", {"field": "host"}, errors=(("/host", NO_SUCH_SCHOOL),))
        return await self._ask_of_activity(
            "draft_activity", person, role, activity, {"details": details}, key
        )

    async def publish_activity(self, person: Person, activity: str, *, key: str) -> Outcome:
        """Show it to everybody."""
        return await self._of_activity("publish_activity", person, activity, {}, key)

    async def change_activity(self, person: Person, activity: str, changes: Data, *, key: str) -> Outcome:
        """Give some of its details other values."""
        return await self._of_activity("change_activity", person, activity, {"changes": changes}, key)

    async def close_activity(self, person: Person, activity: str, *, key: str) -> Outcome:
        """Take no more registrations."""
        return await self._of_activity("close_activity", person, activity, {}, key)

    async def cancel_activity(self, person: Person, activity: str, reason: str, *, key: str) -> Outcome:
        """Call it off."""
        return await self._of_activity("cancel_activity", person, activity, {"reason": reason}, key)

    async def admit_school(self, person: Person, school: str, profile: Data, *, key: str) -> Outcome:
        """Take a school into the network."""
        return await self._of_school("admit_school", person, school, {"profile": profile}, key)

    async def describe_school(self, person: Person, school: str, changes: Data, *, key: str) -> Outcome:
        """Change what a school says of itself."""
        return await self._of_school("describe_school", person, school, {"changes": changes}, key)

    async def rename_school(
        self, person: Person, school: str, name: Mapping[str, str], *, key: str
    ) -> Outcome:
        """Give a school another name."""
        return await self._of_school("rename_school", person, school, {"name": name}, key)

    async def suspend_school(self, person: Person, school: str, reason: str, *, key: str) -> Outcome:
        """Let a school rest."""
        return await self._of_school("suspend_school", person, school, {"reason": reason}, key)

    async def reinstate_school(self, person: Person, school: str, *, key: str) -> Outcome:
        """Bring a suspended school back."""
        return await self._of_school("reinstate_school", person, school, {}, key)

    async def merge_school(self, person: Person, school: str, into: str, *, key: str) -> Outcome:
        """Make a school part of another. Refused here if there is no such other: a stream knows its own school only."""
        permissions.require(person, "merge_school", school=school)
        if not await self._may_take_in(into, school):
            return Refused(command_id(person.id, f"school:{school}", key), "unknown_target")
        return await self._of_school("merge_school", person, school, {"into": into}, key)

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
        """Let somebody hold a role. Refused here if there is nobody like that: the directory knows no people."""
        acts_as = permissions.require(person, f"grant_{role}", school=scope)
        if code := await self._nobody_for(scope, to, role):
            return Refused(command_id(person.id, f"roles:{scope}", key), code)
        data = {"person": to, "role": role, "starts_on": starts_on, "ends_on": ends_on}
        return await self._ask_of_roles("grant_role", person, acts_as, scope, data, key)

    async def revoke_role(
        self, person: Person, scope: str, whose: str, role: str, reason: str, *, key: str
    ) -> Outcome:
        """Let somebody hold a role no longer."""
        acts_as = permissions.require(person, f"grant_{role}", school=scope)
        data = {"person": whose, "role": role, "reason": reason}
        return await self._ask_of_roles("revoke_role", person, acts_as, scope, data, key)

    async def ask_of_sig(self, action: str, person: Person, sig: str, data: Data, *, key: str) -> Outcome:
        """Whatever one may ask of a SIG."""
        return await self._sigs.ask(action, person, sig, data, key)

    async def _nobody_for(self, scope: str, to: str, role: str) -> str | None:
        """Why there is nobody who could hold the role there."""
        if role in OF_NETWORK:
            return None if await self._people.card(to) else "unknown_grantee"
        if scope != NETWORK and await self._queries.school(scope) is None:
            return "unknown_school"
        card = await self._people.card(to)
        return None if card and card.person.school == scope else "unknown_grantee"

    async def _ask_of_roles(
        self, action: str, person: Person, acts_as: str, scope: str, data: Data, key: str
    ) -> Outcome:
        type = f"directory.{_command(action)}.v1"
        return await self._ask(type, f"roles:{scope}", person, acts_as, {"scope": scope, **data}, key)

    async def _may_take_in(self, into: str, school: str) -> bool:
        """Whether `into` is there and whole. What has been done already may be asked for again, and gets its answer."""
        merged = await self._queries.school(school)
        if into == school or (merged and merged["merged_into"] == into):
            return True
        target = await self._queries.school(into)
        return target is not None and target["status"] != "merged"

    async def _host(self, activity: str) -> str | None:
        """The school that an activity is of; None for one that this process has not heard of."""
        found = await self._queries.activity(activity)
        return found["host"] if found else None

    async def _of_activity(self, action: str, person: Person, activity: str, data: Data, key: str) -> Outcome:
        """Ask as whom the person is at its host. What is not known here yet may be there: the service will say."""
        found = await self._queries.activity(activity)
        host = found["host"] if found else person.school
        if found and _is_hidden(found, person):
            raise Problem("unknown_activity")
        role = permissions.require(person, action, school=host)
        return await self._ask_of_activity(action, person, role, activity, data, key)

    async def _ask_of_activity(
        self, action: str, person: Person, role: str, activity: str, data: Data, key: str
    ) -> Outcome:
        type = f"registration.{_command(action)}.v1"
        whole = {"activity": activity, **data}
        return await self._ask(type, f"activity:{activity}", person, role, whole, key)

    async def _of_school(self, action: str, person: Person, school: str, data: Data, key: str) -> Outcome:
        role = permissions.require(person, action, school=school)
        type = f"directory.{_command(action)}.v1"
        return await self._ask(type, f"school:{school}", person, role, {"school": school, **data}, key)

    async def _ask(self, type: str, stream: str, person: Person, role: str, data: Data, key: str) -> Outcome:
        """`data` are the command's, but for who gives it."""
        id = command_id(person.id, stream, key)
        return await self._send(type, stream, {"by": actor(person, role), **data}, id, person)

    async def _send(self, type: str, stream: str, data: Data, id: str, person: Person) -> Outcome:
        event = command(type, stream, data, id=id, wait=self._wait)
        answer = await self._bus.send(event, self._wait)
        if answer is None:
            await self._statuses.keep(event, person.id)
            return Pending(event.id)
        return outcome_of(answer)


def _is_hidden(activity: Activity, person: Person) -> bool:
    """Whether it is a draft that the person may not read."""
    is_draft = activity["status"] == "draft"
    return is_draft and not permissions.allowed(person, "read_draft", school=activity["host"])


def _command(action: str) -> str:
    return "".join(word.title() for word in action.split("_"))
