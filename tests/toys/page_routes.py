"""Every page there is: what a program does instead, and the action that the table of permissions lets one come for.

Whoever adds a page says here which operations of the API do the same; a page that has none says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Page:
    """`operations` do over the API what the page shows or does; `gates` are actions of which one must be allowed.

    `form` and `query` are what is sent, with `{school}` and the like for what is a tenant's; with `own` that is not
    what it is done to. A page that `leads` on shows nothing itself. `why` there is nothing for programs, where there is
    none.
    """

    operations: tuple[str, ...] = ()
    gates: tuple[str, ...] = ()
    form: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    own: bool = False
    leads: bool = False
    why: str = ""


def does(
    *operations: str,
    gates: tuple[str, ...] = (),
    form: Mapping[str, str] | None = None,
    query: str = "",
    own: bool = False,
    leads: bool = False,
) -> Page:
    """A page that programs need not have; its gate is the first operation unless it is another."""
    return Page(operations, gates or operations[:1], form or {}, query, own, leads)


def alone(why: str, leads: bool = False) -> Page:
    """A page of which there is nothing for programs."""
    return Page(why=why, leads=leads)


SIGNING_IN = "a step of signing in, in a browser; programs have tokens"
SAYS_NOTHING = "the same for everybody, and nothing that is kept"
IN_OFFICE = ("draft_activity", "describe_school", "admit_school", "list_roles", "read_health")
REASON = {"key": "k-wall", "reason": "somebody else's", "sure": "yes"}
ACTIVITY_FORM = {
    "key": "k-wall",
    "host": "{school}",
    "kind": "workshop",
    "title_zh": "別校的",
    "summary_zh": "摘要",
    "starts_at": "2030-01-01T10:00",
    "ends_at": "2030-01-01T12:00",
    "seats_onsite": "50",
    "waiting_limit": "5",
}
SCHOOL_FORM = {"key": "k-wall", "county": "taichung", "website": "", "ror": "", "moe_code": ""}
ACTS = {
    "rename": {"key": "k-wall", "name_zh": "別校", "name_en": ""},
    "suspend": REASON,
    "reinstate": {"key": "k-wall"},
    "merge": {"key": "k-wall", "into": "{school}", "sure": "yes"},
}
_CONSOLE_ACTIVITY = "/console/activities/{activity}"
_CONSOLE_SCHOOL = "/console/schools/{school}"
_ROLE = "/console/roles/{scope}/{person}/{role}/revoke"

SIG_FORM = {
    "key": "k-wall",
    "title_zh": "別校的",
    "theme": "other",
    "goals_zh": "目標",
    "scope_zh": "範圍",
    "joining": "open",
}
MEMBER = {"key": "k-wall", "person": "{person}", "member": "{person}", "reason": "", "who": "{person}"}
SIG_ACTS = {
    "join": does("join_sig"),
    "leave": does("leave_sig"),
    "support": does("support_sig", own=True),
    "withdraw-support": does("withdraw_support", own=True),
    "enrol-school": does("enrol_school", own=True),
    "withdraw-school": does("withdraw_school", own=True),
    "charter": does("charter_sig"),
    "send-back": does("send_back_sig", form=REASON),
    "decline": does("decline_sig", form=REASON),
    "renew": does("renew_sig"),
    "decline-renewal": does("decline_renewal", form=REASON),
    "reopen": does("reopen_sig"),
    "close": does("close_sig", form={"key": "k-wall"}),
    "invite": does("invite_member", form=MEMBER),
    "admit": does("admit_member", form=MEMBER, query="person={person}"),
    "end": does("end_membership", form=MEMBER, query="person={person}"),
    "convenor": does("name_convenor", form=MEMBER),
    "end-convenor": does("end_convenor", form=MEMBER, query="person={person}"),
    "hand-over": does("hand_over", form=MEMBER),
    "link-meeting": does("link_meeting", form={"key": "k-wall", "activity": "{activity}"}),
    "unlink-meeting": does("unlink_meeting", form={"key": "k-wall", "activity": "{activity}"}),
    "add-record": does("add_record", form={"key": "k-wall"}),
    "remove-record": does("remove_record", form={"key": "k-wall", "record": "r-1", "sure": "yes"}),
    "submit-renewal": does("submit_renewal", form={"key": "k-wall", "statement_zh": "繼續"}),
}
"""What is asked for by a form of its own, the same way by GET and POST."""

PAGES: Mapping[tuple[str, str], Page] = {
    ("GET", "/"): does("list_activities", "my_registrations"),
    ("GET", "/activities"): does("list_activities"),
    ("GET", "/activities/calendar"): does("list_activities"),
    ("GET", "/activities/map"): does("list_activities"),
    ("GET", "/activities/{activity}.ics"): does("read_activity"),
    ("GET", "/activities/{activity}"): does("read_activity", "count_colleagues"),
    ("GET", "/activities/{activity}/register"): alone("leads to the activity", leads=True),
    ("POST", "/activities/{activity}/register"): does(
        "register", form={"key": "k-wall", "pool": "onsite", "name": "Lin", "language": "en"}
    ),
    ("GET", "/activities/{activity}/waiting-room"): does("register"),
    ("GET", "/calendars/people/{secret}.ics"): alone("it is programs that read it, by its secret address"),
    ("GET", "/calendars/schools/{school}.ics"): does("list_activities"),
    ("GET", "/calendars/kinds/{kind}.ics"): does("list_activities"),
    ("GET", "/registrations/{registration}"): does(
        "read_registration", "read_command", gates=("my_registrations",)
    ),
    ("GET", "/registrations/{registration}/cancel"): does("read_registration", gates=("my_registrations",)),
    ("POST", "/registrations/{registration}/cancel"): does("cancel_registration", form={"key": "k-wall"}),
    ("GET", "/sigs"): does("list_sigs"),
    ("GET", "/sigs/new"): does("propose_sig"),
    ("POST", "/sigs/new"): does("propose_sig", form=SIG_FORM),
    ("GET", "/sigs/{sig}"): does("read_sig", "list_sig_members"),
    ("GET", "/calendars/sigs/{sig}.ics"): does("read_sig"),
    ("GET", "/sigs/{sig}/revise"): does("revise_sig"),
    ("POST", "/sigs/{sig}/revise"): does("revise_sig", form=SIG_FORM),
    **{
        (method, f"/sigs/{{sig}}/{act}"): page for act, page in SIG_ACTS.items() for method in ("GET", "POST")
    },
    ("GET", "/console/sigs"): does("list_sigs", gates=("charter_sig",)),
    ("GET", "/console/sigs/{sig}"): does("read_sig", "list_sig_members", gates=("admit_member",)),
    ("GET", "/schools"): does("list_schools"),
    ("GET", "/schools/{school}"): does("read_school", "list_activities"),
    ("GET", "/schools/{school}/sign-in"): does("read_sign_in"),
    ("POST", "/schools/{school}/sign-in"): does(
        "change_sign_in", form={"mail_domains": "other.example", "mail_links": "yes"}
    ),
    # my page
    ("GET", "/me"): does("my_registrations", "my_sigs", "list_sigs"),
    ("GET", "/me/calendar"): does("my_calendar"),
    ("POST", "/me/calendar"): does("renew_calendar", "revoke_calendar", form={"do": "renew"}),
    ("GET", "/me/notices"): does("my_consents", "me"),
    ("POST", "/me/notices"): does("change_consents", "change_me", form={"language": "en"}),
    ("GET", "/me/tokens"): does("my_tokens"),
    ("POST", "/me/tokens"): does(
        "make_token", form={"key": "k-wall", "name": "x", "scope": "read", "days": "30"}
    ),
    ("POST", "/me/tokens/{token}/revoke"): does("revoke_token"),
    ("GET", "/me/data"): does("my_roster_views", "read_export"),
    ("POST", "/me/data/export"): does("ask_for_export"),
    ("GET", "/me/data/export/{export}.json"): does("read_export"),
    ("GET", "/me/data/erase"): does("erase_me", "my_registrations"),
    ("POST", "/me/data/erase"): does("erase_me"),
    ("GET", "/erasures/{secret}"): does("read_erasure"),
    ("GET", "/schemas/personal-data.v1.json"): alone(SAYS_NOTHING),
    ("GET", "/me/sign-in"): does("my_ways_to_sign_in", "my_sessions"),
    ("GET", "/me/sign-in/link"): alone("one browser shows that it is signed in to both accounts"),
    ("POST", "/me/sign-in/link"): alone("one browser shows that it is signed in to both accounts"),
    ("POST", "/me/sign-in/remove"): does("remove_way_to_sign_in", form={"way": "0" * 64}),
    ("POST", "/me/sessions/end"): does("end_session", form={"session": "{session}"}),
    ("POST", "/me/sessions/end-others"): does("end_other_sessions"),
    # signing in and out
    ("GET", "/sign-in"): alone(SIGNING_IN),
    ("POST", "/sign-in"): does("sign_in"),
    ("GET", "/sign-in/{school}"): alone(SIGNING_IN),
    ("POST", "/sign-in/{school}"): alone(SIGNING_IN),
    ("GET", "/sign-in/{school}/back"): alone(SIGNING_IN),
    ("POST", "/sign-in/{school}/back-channel-logout"): alone("it is the school's server that sends this"),
    ("GET", "/sign-in/{school}/sent"): alone(SIGNING_IN),
    ("GET", "/sign-in/{school}/link"): alone(SIGNING_IN),
    ("POST", "/sign-in/{school}/link"): alone(SIGNING_IN),
    ("GET", "/welcome"): alone(SIGNING_IN),
    ("POST", "/welcome"): alone(SIGNING_IN),
    ("POST", "/sign-out"): does("sign_out"),
    ("GET", "/sign-out/{school}"): alone("leads to the school's own sign-out"),
    ("GET", "/signed-out"): alone(SAYS_NOTHING),
    ("POST", "/language"): alone("programs send Accept-Language"),
    # the consoles
    ("GET", "/console"): does("me", gates=IN_OFFICE),
    ("GET", "/console/activities"): does(
        "list_drafts", "list_activities", gates=("draft_activity",), query="school={school}", own=True
    ),
    ("GET", "/console/activities/new"): does("draft_activity", query="school={school}", own=True),
    ("POST", "/console/activities/new"): does("draft_activity", form=ACTIVITY_FORM),
    ("GET", _CONSOLE_ACTIVITY): does("read_activity", gates=("read_draft",)),
    ("GET", f"{_CONSOLE_ACTIVITY}/edit"): does("change_activity"),
    ("POST", f"{_CONSOLE_ACTIVITY}/edit"): does("change_activity", form=ACTIVITY_FORM),
    ("GET", f"{_CONSOLE_ACTIVITY}/roster"): does("read_roster"),
    ("GET", f"{_CONSOLE_ACTIVITY}/roster.csv"): does("read_roster"),
    **{
        (method, f"{_CONSOLE_ACTIVITY}/{act}"): does(f"{act}_activity", form=REASON)
        for act in ("publish", "close", "cancel")
        for method in ("GET", "POST")
    },
    ("GET", "/console/school"): does("describe_school", leads=True),
    ("GET", "/console/people"): does("list_school_people", leads=True),
    ("GET", "/console/schools"): does("list_schools", gates=("admit_school",)),
    ("GET", "/console/schools/new"): does("admit_school"),
    ("POST", "/console/schools/new"): does(
        "admit_school", form={**SCHOOL_FORM, "id": "{school}", "name_zh": "別校"}
    ),
    ("GET", _CONSOLE_SCHOOL): does("read_school", gates=("describe_school",)),
    ("POST", _CONSOLE_SCHOOL): does("describe_school", form=SCHOOL_FORM),
    ("GET", f"{_CONSOLE_SCHOOL}/people"): does("list_school_people", "list_school_registrations"),
    **{
        (method, f"{_CONSOLE_SCHOOL}/{act}"): does(f"{act}_school", form=form)
        for act, form in ACTS.items()
        for method in ("GET", "POST")
    },
    ("GET", "/console/roles"): does("list_roles", query="scope={school}"),
    ("POST", "/console/roles/{scope}"): does(
        "grant_role", form={"key": "k-wall", "person": "{person}", "role": "host"}
    ),
    ("GET", _ROLE): does("revoke_role"),
    ("POST", _ROLE): does("revoke_role", gates=("grant_host",), form=REASON),
    ("GET", "/console/roster-views"): does("list_roster_views"),
    ("GET", "/console/operator"): does("read_health"),
    ("GET", "/console/erasures"): does("list_erasures"),
    # about the site
    ("GET", "/problems/{code}"): alone(SAYS_NOTHING),
    ("GET", "/.well-known/security.txt"): alone(SAYS_NOTHING),
    ("GET", "/robots.txt"): alone(SAYS_NOTHING),
    ("GET", "/static/{name}"): alone(SAYS_NOTHING),
}
