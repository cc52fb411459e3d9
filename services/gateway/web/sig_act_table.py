"""What can be done with a SIG by a form, besides its charter: words, fields, and what they are checked by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema

from gateway.api import schemas, sig_schemas
from gateway.web.speech import mark


@dataclass(frozen=True, slots=True)
class Act:
    """`action` is of the table of permissions; `says` what follows. `at_console` is where one goes back to. What is
    `grave` has to be confirmed by a tick. `readers`: who can read the reason that is given."""

    action: str
    title: str
    says: str
    button: str
    fields: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    schema: Schema | None = None
    item: str = ""
    of_school: bool = False
    at_console: bool = False
    grave: bool = False
    toast: str = "saved"
    readers: str = ""


_REASON: dict[str, Any] = {
    "fields": ("reason",),
    "needed": ("reason",),
    "schema": schemas.REASON,
    "readers": mark("Everybody can read it on the SIG’s page, where it stays. Name nobody."),
}
_TERM: dict[str, Any] = {"fields": ("until",), "needed": ("until",), "schema": sig_schemas.SIG_TERM}
_RECORD = ("kind", "title_zh", "title_en", "held_on", "activity", "link", "text_zh", "text_en", "attended")

ACTS: Mapping[str, Act] = {
    "join": Act(
        "join_sig",
        mark("Join this SIG?"),
        mark("Its members see your name and your school."),
        mark("Join"),
        toast="joined",
    ),
    "leave": Act(
        "leave_sig",
        mark("Leave this SIG?"),
        mark("You are no longer a member, or neither asked nor invited. You can come back."),
        mark("Leave"),
    ),
    "support": Act(
        "support_sig",
        mark("Support this proposal?"),
        mark("Your school is named as one that wants this SIG. Three schools are needed."),
        mark("Support"),
        of_school=True,
        toast="supported",
    ),
    "withdraw-support": Act(
        "withdraw_support",
        mark("Withdraw your school’s support?"),
        mark("Your school is no longer named as one that wants this SIG."),
        mark("Withdraw"),
        of_school=True,
    ),
    "enrol-school": Act(
        "enrol_school",
        mark("Let your school join as a whole?"),
        mark("From then on everybody of your school can join without asking. Nobody has to."),
        mark("Join as a whole"),
        of_school=True,
    ),
    "withdraw-school": Act(
        "withdraw_school",
        mark("Withdraw your school?"),
        mark("Who has joined stays a member; others have to ask again."),
        mark("Withdraw"),
        of_school=True,
    ),
    "charter": Act(
        "charter_sig",
        mark("Charter this SIG?"),
        mark("It can take members and meet. Whoever proposed it convenes, and is told by mail."),
        mark("Charter"),
        toast="chartered",
        **_TERM,
    ),
    "send-back": Act(
        "send_back_sig",
        mark("Send the proposal back?"),
        mark("Whoever proposed it is told why by mail, and can revise it. Its supporters stay."),
        mark("Send back"),
        **_REASON,
    ),
    "decline": Act(
        "decline_sig",
        mark("Decline the proposal?"),
        mark("Whoever proposed it is told why by mail. This cannot be undone."),
        mark("Decline"),
        grave=True,
        **_REASON,
    ),
    "renew": Act(
        "renew_sig",
        mark("Renew this SIG?"),
        mark("It goes on, and its convenors are told by mail."),
        mark("Renew"),
        **_TERM,
    ),
    "decline-renewal": Act(
        "decline_renewal",
        mark("Not renew this SIG?"),
        mark("Its convenors are told why by mail. Its term stays what it is, and they may ask again."),
        mark("Do not renew"),
        **_REASON,
    ),
    "reopen": Act(
        "reopen_sig",
        mark("Reopen this SIG?"),
        mark("It goes on with the members that it had."),
        mark("Reopen"),
        **_TERM,
    ),
    "close": Act(
        "close_sig",
        mark("Close this SIG?"),
        mark(
            "It stays on show, and nothing more can be done in it. Only the Promotion Center can reopen it."
        ),
        mark("Close"),
        at_console=True,
        grave=True,
        **_REASON,
    ),
    "invite": Act(
        "invite_member",
        mark("Invite somebody"),
        mark("They are told by mail and can join without asking."),
        mark("Invite"),
        fields=("who",),
        needed=("who",),
        at_console=True,
    ),
    "admit": Act(
        "admit_member",
        mark("Admit this person?"),
        mark("They become a member, and are told by mail."),
        mark("Admit"),
        item="person",
        at_console=True,
    ),
    "end": Act(
        "end_membership",
        mark("End this membership, request or invitation?"),
        mark("They are told by mail."),
        mark("End"),
        item="person",
        at_console=True,
    ),
    "convenor": Act(
        "name_convenor",
        mark("Name a convenor"),
        mark("Whoever convenes lets people in, keeps meetings and minutes, and asks for the renewal."),
        mark("Name"),
        fields=("member", "starts_on", "ends_on"),
        needed=("member", "starts_on", "ends_on"),
        schema=sig_schemas.CONVENOR_TERM,
        at_console=True,
    ),
    "end-convenor": Act(
        "end_convenor",
        mark("Let this person convene no longer?"),
        mark("They stay a member."),
        mark("End"),
        item="person",
        at_console=True,
    ),
    "hand-over": Act(
        "hand_over",
        mark("Hand over"),
        mark("Somebody else convenes from today, and you no longer do."),
        mark("Hand over"),
        fields=("member", "ends_on"),
        needed=("member", "ends_on"),
        schema=sig_schemas.HANDOVER,
    ),
    "link-meeting": Act(
        "link_meeting",
        mark("Add a meeting"),
        mark("A published activity becomes a meeting of this SIG: it is shown here and in its calendar."),
        mark("Add"),
        fields=("activity",),
        needed=("activity",),
        at_console=True,
    ),
    "unlink-meeting": Act(
        "unlink_meeting",
        mark("No meeting of this SIG?"),
        mark("The activity itself stays as it is."),
        mark("Take away"),
        item="activity",
        at_console=True,
    ),
    "add-record": Act(
        "add_record",
        mark("Add minutes or an output"),
        mark(
            "Everybody can read it, and it counts for the renewal. Name nobody: link to what is not for all."
        ),
        mark("Add"),
        fields=_RECORD,
        needed=("kind", "title_zh", "held_on"),
        schema=sig_schemas.NEW_RECORD,
        at_console=True,
    ),
    "remove-record": Act(
        "remove_record",
        mark("Take this off the record?"),
        mark("It is no longer shown here and no longer counts."),
        mark("Take away"),
        item="record",
        at_console=True,
        grave=True,
    ),
    "submit-renewal": Act(
        "submit_renewal",
        mark("Submit the yearly renewal"),
        mark(
            "Meetings, schools, attendance, outputs and members since the term began are counted and sent along."
        ),
        mark("Submit"),
        fields=("statement_zh", "statement_en"),
        needed=("statement_zh",),
        schema=sig_schemas.NEW_RENEWAL,
        at_console=True,
    ),
}
