"""Who may do what: one table for the API, the pages and the tests that are made of it.

An action is called like the operation of the API that does it (its handler's name, the description's `operationId`):
whatever a page offers, a program can do as well. What is a part of several operations (whether a draft is shown, which
roles may be granted) has a name of its own. The rows of an action are looked through in their order, and the first that
fits names the role in which the person acts: the narrowest one comes first, so that nobody acts as the Center who could
do the same as a host.

The services decide again, in their own domains: this table is the door, theirs is the lock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from gateway.actions import Person
from gateway.problems import Problem

Where = Literal["anywhere", "own_school", "own", "public"]

ANYONE = "anyone"
"""The role of whoever is not signed in."""

ROLES = ("staff", "host", "window", "center", "operator")
"""From the narrowest to the widest. Everybody who is signed in is staff; host and window are so for their own school,
center and operator for the network."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """A role that may do something: everywhere, at the person's own school, or with what is the person's own.

    What is public may be done by anybody, signed in or not.
    """

    role: str
    where: Where


PUBLIC = (Allowed(ANYONE, "public"),)
OWN = (Allowed("staff", "own"),)
SIGNED_IN = (Allowed("staff", "anywhere"),)
OF_HOST = (Allowed("host", "own_school"), Allowed("window", "own_school"), Allowed("center", "anywhere"))
OF_WINDOW = (Allowed("window", "own_school"), Allowed("center", "anywhere"))
OF_WINDOW_ALONE = (Allowed("window", "own_school"),)
OF_CENTER = (Allowed("center", "anywhere"),)
OF_OPERATOR = (Allowed("operator", "anywhere"),)

TABLE: Mapping[str, tuple[Allowed, ...]] = {
    # activities; their school is the host
    "list_activities": PUBLIC,
    "read_activity": PUBLIC,
    "read_draft": OF_HOST,
    "draft_activity": OF_HOST,
    "change_activity": OF_HOST,
    "publish_activity": OF_HOST,
    "close_activity": OF_HOST,
    "cancel_activity": OF_HOST,
    # registrations; their owner is the person, their school the activity's host
    "register": SIGNED_IN,
    "read_registration": (*OWN, *OF_HOST),
    "cancel_registration": (*OWN, *OF_HOST),
    "my_registrations": OWN,
    "register_people": OF_HOST,  # their school is that of who is registered
    "count_colleagues": SIGNED_IN,  # those of one's own school
    # schools
    "list_schools": PUBLIC,
    "read_school": PUBLIC,
    "admit_school": OF_CENTER,
    "describe_school": OF_WINDOW,
    "rename_school": OF_CENTER,
    "suspend_school": OF_CENTER,
    "reinstate_school": OF_CENTER,
    "merge_school": OF_CENTER,
    # how the people of a school sign in
    "read_sign_in": (Allowed("window", "own_school"), Allowed("operator", "anywhere")),
    "change_sign_in": (Allowed("window", "own_school"), Allowed("operator", "anywhere")),
    "remove_sign_in": (Allowed("window", "own_school"), Allowed("operator", "anywhere")),
    # roles; their school is the scope. Who may grant or revoke which role is said by the role.
    "list_roles": (*OF_WINDOW, *OF_OPERATOR),
    "grant_role": (*OF_WINDOW, *OF_OPERATOR),
    "revoke_role": (*OF_WINDOW, *OF_OPERATOR),
    "grant_host": OF_WINDOW,
    "grant_window": OF_CENTER,
    "grant_center": (*OF_CENTER, *OF_OPERATOR),
    "grant_operator": OF_OPERATOR,
    # SIGs; their owner is whoever made the proposal, once there is a charter whoever convenes; of the list of members,
    # a member. Their school is the one that is to do something.
    "list_sigs": PUBLIC,
    "read_sig": PUBLIC,
    "list_sig_members": (*OWN, *OF_CENTER),
    "my_sigs": OWN,
    "propose_sig": SIGNED_IN,
    "revise_sig": OWN,
    "support_sig": OF_WINDOW_ALONE,
    "withdraw_support": OF_WINDOW_ALONE,
    "charter_sig": OF_CENTER,
    "send_back_sig": OF_CENTER,
    "decline_sig": OF_CENTER,
    "join_sig": SIGNED_IN,
    "leave_sig": SIGNED_IN,
    "enrol_school": OF_WINDOW_ALONE,
    "withdraw_school": OF_WINDOW_ALONE,
    "invite_member": (*OWN, *OF_CENTER),
    "admit_member": (*OWN, *OF_CENTER),
    "end_membership": (*OWN, *OF_CENTER),
    "name_convenor": (*OWN, *OF_CENTER),
    "end_convenor": (*OWN, *OF_CENTER),
    "hand_over": OWN,
    "link_meeting": OWN,
    "unlink_meeting": OWN,
    "add_record": OWN,
    "remove_record": OWN,
    "submit_renewal": OWN,
    "renew_sig": OF_CENTER,
    "decline_renewal": OF_CENTER,
    "close_sig": (*OWN, *OF_CENTER),
    "reopen_sig": OF_CENTER,
    # the consoles; the school of a roster is the activity's host
    "read_roster": OF_HOST,
    "list_school_people": OF_WINDOW,
    "list_school_registrations": OF_WINDOW,
    "list_drafts": OF_HOST,
    "list_roster_views": OF_CENTER,
    "read_health": OF_OPERATOR,
    # for programs
    "activity_events": PUBLIC,
    "my_events": OWN,
    "my_tokens": OWN,
    "make_token": OWN,
    "revoke_token": OWN,
    "school_tokens": OF_WINDOW,
    "make_school_token": OF_WINDOW,
    "revoke_school_token": OF_WINDOW,
    # people's data
    "my_roster_views": OWN,
    "my_consents": OWN,
    "change_consents": OWN,
    "my_calendar": OWN,
    "renew_calendar": OWN,
    "revoke_calendar": OWN,
    "ask_for_export": OWN,
    "read_export": OWN,
    "erase_me": OWN,
    "read_erasure": PUBLIC,
    "list_erasures": OF_OPERATOR,
    # oneself
    "me": OWN,
    "change_me": OWN,
    "read_session": PUBLIC,
    "sign_in": PUBLIC,
    "sign_out": PUBLIC,
    "my_sessions": OWN,
    "end_session": OWN,
    "end_other_sessions": OWN,
    "my_ways_to_sign_in": OWN,
    "remove_way_to_sign_in": OWN,
    "list_people": PUBLIC,
    "read_command": OWN,
}


def allowed(
    person: Person | None, action: str, *, school: str | None = None, owner: str | None = None
) -> str | None:
    """The role in which the person may do it, None if they may not.

    `school` is the slug of the school that it is done to, `owner` the id of the person whom it belongs to; what is not
    given is nobody's. Raises KeyError for an action that the table does not have.
    """
    for row in TABLE[action]:
        if row.where == "public":
            return "staff" if person else ANYONE
        if person and row.role in person.roles and _reaches(row, person, school, owner):
            return row.role
    return None


def require(
    person: Person | None, action: str, *, school: str | None = None, owner: str | None = None
) -> str:
    """The role in which the person does it. Raises Problem: not_signed_in, forbidden; KeyError as `allowed` does."""
    role = allowed(person, action, school=school, owner=owner)
    if role is None:
        raise refusal(person)
    return role


def refusal(person: Person | None) -> Problem:
    """What to tell somebody who may not: to sign in, or that it is not for them."""
    return Problem("forbidden" if person else "not_signed_in")


def possible(person: Person | None, action: str) -> bool:
    """Whether the person may do it to anything at all: at their own school, or with what is their own.

    For what must be said before it is known what it is done to, and for what a page need not offer. Raises KeyError
    for an action that the table does not have.
    """
    school, owner = (person.school, person.id) if person else (None, None)
    return allowed(person, action, school=school, owner=owner) is not None


def is_public(action: str) -> bool:
    """Whether one need not be signed in. Raises KeyError for an action that the table does not have."""
    return any(row.where == "public" for row in TABLE[action])


def _reaches(row: Allowed, person: Person, school: str | None, owner: str | None) -> bool:
    if row.where == "own":
        return owner == person.id
    return row.where == "anywhere" or school == person.school
