"""What a SIG does, what is counted of it, and whether it goes on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from gongxue_chassis.aggregate import Timer
from registration.domain.sig.commands import (
    AddRecord,
    CloseSig,
    Command,
    DeclineRenewal,
    EndTerm,
    LinkMeeting,
    RemoveRecord,
    RenewSig,
    ReopenSig,
    ReviseSig,
    SubmitRenewal,
    UnlinkMeeting,
)
from registration.domain.sig.facts import (
    SigClosed,
    SigMeetingLinked,
    SigMeetingUnlinked,
    SigRecordAdded,
    SigRecordRemoved,
    SigRenewalDeclined,
    SigRenewalSubmitted,
    SigRenewed,
    SigReopened,
)
from registration.domain.sig.parts import Actor, Dossier, Text
from registration.sig_schemas import timers

from .tale import (
    CENTER,
    NAME,
    NEXT_YEAR,
    PROPOSER,
    SIG,
    STRANGER,
    TODAY,
    UNTIL,
    chartered,
    given,
    joined,
    record,
    revised,
    supported,
)

MEETING = SigMeetingLinked(SIG, "meeting-1", TODAY)
STATEMENT = Text("明年繼續", "")
EMPTY = Dossier(TODAY, date(2027, 2, 10), 0, 1, None, 0, 1)
SUBMITTED = SigRenewalSubmitted(SIG, NAME, EMPTY, STATEMENT)
CLOSED = SigClosed(SIG, NAME, ("hung",), "完成", CENTER)
LATER = date(2028, 3, 1)


def test_an_activity_is_linked_as_a_meeting_and_unlinked() -> None:
    given(*chartered()).when(LinkMeeting(PROPOSER, SIG, "meeting-1", TODAY)).then(MEETING)
    story = given(*chartered(), MEETING)
    story.when(LinkMeeting(PROPOSER, SIG, "meeting-1", TODAY)).then_refused("meeting_linked")
    story.when(LinkMeeting(PROPOSER, SIG, "meeting-1", UNTIL)).then(SigMeetingLinked(SIG, "meeting-1", UNTIL))
    story.when(UnlinkMeeting(PROPOSER, SIG, "meeting-1")).then(SigMeetingUnlinked(SIG, "meeting-1"))
    story.when(UnlinkMeeting(PROPOSER, SIG, "meeting-2")).then_refused("unknown_meeting")


def test_minutes_and_outputs_are_put_on_record_and_taken_off() -> None:
    given(*chartered(), MEETING).when(AddRecord(PROPOSER, SIG, record(activity="meeting-1"))).then(
        SigRecordAdded(SIG, record(activity="meeting-1"))
    )
    story = given(*chartered(), SigRecordAdded(SIG, record()))
    story.when(AddRecord(PROPOSER, SIG, record())).then_refused("record_exists")
    story.when(RemoveRecord(PROPOSER, SIG, "minutes-1")).then(SigRecordRemoved(SIG, "minutes-1"))
    story.when(RemoveRecord(PROPOSER, SIG, "minutes-2")).then_refused("unknown_record")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"link": None}, "nothing_recorded"),
        ({"held_on": date(2026, 3, 3)}, "not_held_yet"),
        ({"activity": "meeting-2"}, "unknown_meeting"),
    ],
)
def test_a_record_says_something_that_was(changes: dict[str, object], code: str) -> None:
    given(*chartered(), MEETING).when(AddRecord(PROPOSER, SIG, record(**changes))).then_refused(code)


@pytest.mark.parametrize("by", [STRANGER, CENTER])
def test_convenors_alone_keep_meetings_and_records(by: Actor) -> None:
    commands: list[Command] = [
        LinkMeeting(by, SIG, "meeting-2", TODAY),
        UnlinkMeeting(by, SIG, "meeting-1"),
        AddRecord(by, SIG, record()),
        RemoveRecord(by, SIG, "minutes-1"),
        SubmitRenewal(by, SIG, STATEMENT),
    ]
    for command in commands:
        given(*chartered(), MEETING, joined(STRANGER)).when(command).then_refused("not_a_convenor")


def test_a_dossier_counts_what_was_done_since_the_charter() -> None:
    story = given(
        *chartered(),
        joined(STRANGER),
        MEETING,
        SigMeetingLinked(SIG, "meeting-before", date(2026, 3, 1)),
        SigMeetingLinked(SIG, "meeting-to-come", date(2027, 2, 11)),
        SigRecordAdded(SIG, record(activity="meeting-1", attended=30, schools=("nchu", "pu"))),
        SigRecordAdded(SIG, record(record="minutes-2", attended=12, schools=("ndhu",))),
        SigRecordAdded(SIG, record(record="minutes-old", held_on=date(2026, 3, 1), attended=99)),
        SigRecordAdded(SIG, record(record="report", kind="output")),
    )
    story.when(SubmitRenewal(PROPOSER, SIG, STATEMENT), NEXT_YEAR).then(
        SigRenewalSubmitted(
            SIG,
            NAME,
            Dossier(
                since=TODAY,
                until=date(2027, 2, 10),
                meetings=2,  # the linked one with its minutes, and minutes of what was no activity
                schools=4,  # npust and nchu have members; pu and ndhu came
                attendance=42,
                outputs=1,
                members=2,
            ),
            STATEMENT,
        )
    )


def test_where_nobody_counted_the_attendance_is_not_known() -> None:
    given(*chartered()).when(SubmitRenewal(PROPOSER, SIG, STATEMENT), NEXT_YEAR).then(SUBMITTED)


def test_the_center_renews_what_was_submitted_and_counting_begins_anew() -> None:
    given(*chartered(), SUBMITTED).when(RenewSig(CENTER, SIG, LATER), NEXT_YEAR).then(
        SigRenewed(SIG, NAME, ("hung",), date(2027, 2, 10), LATER, CENTER)
    )
    renewed = given(
        *chartered(), MEETING, SUBMITTED, SigRenewed(SIG, NAME, ("hung",), date(2027, 2, 10), LATER, CENTER)
    )
    assert (renewed.state.until, renewed.state.submitted) == (LATER, False)
    answer = renewed.when(SubmitRenewal(PROPOSER, SIG, STATEMENT), NEXT_YEAR).answer
    assert isinstance(answer, list)
    assert isinstance(answer[0], SigRenewalSubmitted)
    assert answer[0].dossier.meetings == 0


def test_one_renewal_at_a_time() -> None:
    given(*chartered(), SUBMITTED).when(SubmitRenewal(PROPOSER, SIG, STATEMENT)).then_refused(
        "renewal_pending"
    )
    for command in (RenewSig(CENTER, SIG, UNTIL), DeclineRenewal(CENTER, SIG, "why")):
        given(*chartered()).when(command).then_refused("no_renewal_pending")


def test_who_is_not_renewed_may_ask_again_until_the_term_ends() -> None:
    declined = SigRenewalDeclined(SIG, NAME, ("hung",), "沒有會議", CENTER)
    given(*chartered(), SUBMITTED).when(DeclineRenewal(CENTER, SIG, "沒有會議")).then(declined)
    again = given(*chartered(), SUBMITTED, declined)
    assert again.state.until == UNTIL
    again.when(SubmitRenewal(PROPOSER, SIG, STATEMENT), NEXT_YEAR).then(SUBMITTED)


@pytest.mark.parametrize(
    ("until", "code"), [(date(2027, 2, 9), "over_already"), (date(2029, 2, 12), "term_too_long")]
)
def test_a_renewal_and_a_return_have_a_term_that_can_be(until: date, code: str) -> None:
    given(*chartered(), SUBMITTED).when(RenewSig(CENTER, SIG, until), NEXT_YEAR).then_refused(code)
    given(*chartered(), CLOSED).when(ReopenSig(CENTER, SIG, until), NEXT_YEAR).then_refused(code)


@pytest.mark.parametrize("by", [PROPOSER, STRANGER])
def test_the_center_alone_decides_whether_a_sig_goes_on(by: Actor) -> None:
    for command in (RenewSig(by, SIG, LATER), DeclineRenewal(by, SIG, "why")):
        given(*chartered(), SUBMITTED).when(command).then_refused("not_the_center")
    given(*chartered(), CLOSED).when(ReopenSig(by, SIG, LATER)).then_refused("not_the_center")


@pytest.mark.parametrize("by", [PROPOSER, CENTER])
def test_convenors_and_the_center_close_a_sig(by: Actor) -> None:
    given(*chartered()).when(CloseSig(by, SIG, "完成")).then(SigClosed(SIG, NAME, ("hung",), "完成", by))


def test_others_do_not_close_it() -> None:
    given(*chartered(), joined(STRANGER)).when(CloseSig(STRANGER, SIG, "why")).then_refused("not_a_convenor")


def test_what_is_closed_can_only_be_read_until_it_is_reopened() -> None:
    story = given(*chartered(), SUBMITTED, CLOSED)
    for command in (
        LinkMeeting(PROPOSER, SIG, "meeting-1", TODAY),
        ReviseSig(PROPOSER, SIG, {"joining": "request"}),
        RenewSig(CENTER, SIG, LATER),
        CloseSig(CENTER, SIG, "why"),
    ):
        story.when(command).then_refused("sig_closed")
    reopened = SigReopened(SIG, NAME, ("hung",), date(2027, 2, 10), LATER, CENTER)
    story.when(ReopenSig(CENTER, SIG, LATER), NEXT_YEAR).then(reopened)
    again = given(*chartered(), SUBMITTED, CLOSED, reopened)
    again.when(ReviseSig(PROPOSER, SIG, {"joining": "request"}), NEXT_YEAR).then(revised("request"))
    again.when(RenewSig(CENTER, SIG, LATER), NEXT_YEAR).then_refused("no_renewal_pending")


def test_what_is_open_is_not_reopened() -> None:
    given(*chartered()).when(ReopenSig(CENTER, SIG, LATER)).then_refused("not_closed")


SYSTEM = Actor("registration", "center", "center")
OVER = datetime(2027, 3, 1, 16, 0, tzinfo=UTC)
"""When the last day of the term is over in Taipei."""
ENDED = SigClosed(SIG, NAME, ("hung",), "term_ended", SYSTEM)


def test_a_term_that_is_over_closes_the_sig_which_can_be_reopened() -> None:
    end = EndTerm(SYSTEM, SIG, UNTIL)
    given(*chartered()).when(end, OVER).then(ENDED)
    given(*chartered()).when(end, OVER - timedelta(milliseconds=1)).then_refused("term_not_over")
    given(*chartered(), ENDED).when(end, OVER).then_refused("sig_closed")
    given(*chartered(), ENDED).when(ReopenSig(CENTER, SIG, LATER), OVER).then(
        SigReopened(SIG, NAME, ("hung",), date(2027, 3, 2), LATER, CENTER)
    )


def test_a_term_does_not_end_while_a_renewal_waits_nor_after_it_was_granted() -> None:
    end = EndTerm(SYSTEM, SIG, UNTIL)
    given(*chartered(), SUBMITTED).when(end, OVER).then_refused("renewal_pending")
    renewed = SigRenewed(SIG, NAME, ("hung",), date(2027, 2, 10), LATER, CENTER)
    given(*chartered(), SUBMITTED, renewed).when(end, OVER).then_refused("term_not_over")
    declined = SigRenewalDeclined(SIG, NAME, ("hung",), "再議", CENTER)
    given(*chartered(), SUBMITTED, declined).when(end, OVER).then(ENDED)


def test_only_the_service_itself_ends_a_term() -> None:
    given(*chartered()).when(EndTerm(PROPOSER, SIG, UNTIL), OVER).then_refused("not_the_center")


def test_the_end_of_the_term_is_a_timer_unless_a_renewal_waits() -> None:
    by = {"person": "registration", "school": "center", "role": "center"}
    end = {"term": Timer(OVER, "registration.EndTerm.v1", {"by": by, "sig": SIG, "until": UNTIL})}
    assert timers(given(*chartered()).state) == end
    declined = SigRenewalDeclined(SIG, NAME, ("hung",), "再議", CENTER)
    assert timers(given(*chartered(), SUBMITTED, declined).state) == end
    for without in ([], supported(), [*chartered(), SUBMITTED], [*chartered(), CLOSED]):
        assert timers(given(*without).state) == {}
