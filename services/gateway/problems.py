"""Why not: every code that a person may meet, with its status and words (RFC 9457 problem details).

The English words stand here and are the keys of the catalogue `locales/*/LC_MESSAGES/problems.po`. A code
that is not here (a newer service refuses for a reason we do not know yet) is answered with status 409 and
the code itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from gateway import field_words, sig_problems
from gongxue_chassis.i18n import Texts

MEDIA_TYPE = "application/problem+json"
LOCALES = Path(__file__).parent / "locales"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem. `detail` may name what the refusal tells: `%(pool)s`; `general` says it without."""

    status: int
    title: str
    detail: str
    general: str = ""


class Problem(Exception):
    """A request that cannot be answered as asked. `errors` are (JSON pointer, English words) of wrong fields."""

    def __init__(
        self,
        code: str,
        details: Mapping[str, Any] | None = None,
        *,
        errors: tuple[tuple[str, str], ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.details = dict(details or {})
        self.errors = errors
        self.headers = dict(headers or {})

    @property
    def status(self) -> int:
        """The HTTP status."""
        return kind(self.code).status


@dataclass(frozen=True, slots=True)
class Described:
    """A problem in the words of one language."""

    type: str
    status: int
    title: str
    detail: str
    code: str
    details: Mapping[str, Any] = field(default_factory=dict)
    errors: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The body of an `application/problem+json` answer."""
        body: dict[str, Any] = {
            "type": self.type,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
        }
        if self.details:
            body["details"] = dict(self.details)
        if self.errors:
            body["errors"] = [{"pointer": pointer, "detail": words} for pointer, words in self.errors]
        return body


def kind(code: str) -> Kind:
    """What we know of a code."""
    return KINDS.get(code, OTHER)


def describe(problem: Problem, language: str) -> Described:
    """The problem in the words of a language."""
    found = kind(problem.code)
    detail = found.general if found.general and not problem.details else found.detail
    say = texts().language(language).gettext
    return Described(
        type=f"/problems/{problem.code}",
        status=found.status,
        title=say(found.title),
        detail=say(detail) % _Named(problem.details),
        code=problem.code,
        details=problem.details,
        errors=tuple((pointer, field_words.say(words, say)) for pointer, words in problem.errors),
    )


@cache
def texts() -> Texts:
    """The catalogues, read once."""
    return Texts(LOCALES, "problems")


class _Named(dict[str, Any]):
    """What a refusal tells, for its words: what an older service leaves out is not a reason to fail."""

    def __missing__(self, name: str) -> str:
        return "–"


OTHER = Kind(409, "Refused", "The request was refused for a reason that this page has no words for.")

KINDS: dict[str, Kind] = {
    # of the request itself
    "malformed_json": Kind(400, "Not JSON", "The body is not a JSON object in UTF-8."),
    "missing_idempotency_key": Kind(
        400,
        "Idempotency key missing",
        "Send a header Idempotency-Key of 1 to 200 printable characters, the same for the same wish.",
    ),
    "bad_cursor": Kind(400, "Unknown cursor", "Take the cursor from the previous page of the same list."),
    "bad_host": Kind(400, "Host missing", "The request names no host, or more than one."),
    "not_signed_in": Kind(401, "Not signed in", "Sign in first."),
    "unknown_person": Kind(401, "Unknown person", "There is nobody of this name to sign in as."),
    "forbidden": Kind(403, "Not allowed", "None of your roles allows this here."),
    "cross_site": Kind(403, "From another site", "The request was not sent by a page of this site."),
    "not_found": Kind(404, "Not found", "There is nothing at this address."),
    "unknown_command": Kind(404, "Unknown command", "You gave no such command, or it was long ago."),
    "method_not_allowed": Kind(405, "Method not allowed", "This address does not take this method."),
    "too_slow": Kind(408, "Too slow", "What you sent did not arrive in time."),
    "address_too_long": Kind(414, "Address too long", "The address is longer than this site takes."),
    "too_large": Kind(413, "Too large", "The body is larger than this site takes."),
    "unsupported_media_type": Kind(
        415, "Unsupported media type", "Send application/json, or a form as a page sends it."
    ),
    "misdirected": Kind(421, "Wrong host", "This site does not answer under this name."),
    "invalid_request": Kind(422, "Invalid request", "Some fields are wrong, see errors."),
    "idempotency_key_reused": Kind(
        422, "Idempotency key used before", "The key belongs to an earlier wish that was a different one."
    ),
    "internal": Kind(500, "Our mistake", "Something went wrong on our side. It has been noted."),
    "unavailable": Kind(503, "Not available now", "Please try again in a moment; nothing was lost."),
    # of signing in
    "sign_in_expired": Kind(
        410, "Sign-in expired", "This sign-in took too long, or was not begun here. Please begin again."
    ),
    "sign_in_used": Kind(
        409,
        "Sign-in used",
        "This sign-in has been used already. Please begin again if you are not signed in.",
    ),
    "sign_in_other_browser": Kind(
        403,
        "Begun in another browser",
        "This sign-in was begun in another browser. Open it there, or begin again in this one.",
    ),
    "sign_in_cancelled": Kind(
        403,
        "Not signed in at your school",
        "The sign-in at your school was not completed. Nothing has happened.",
    ),
    "provider_refused": Kind(
        403,
        "Refused by the sign-in of your school",
        "Your school’s sign-in has refused (%(error)s). Please begin again; if it goes on, tell your school’s window.",
        general="Your school’s sign-in has refused. Please begin again; if it goes on, tell your school’s window.",
    ),
    "provider_away": Kind(
        424,
        "The sign-in of your school does not answer",
        "The sign-in of your school does not answer at the moment. Please try again in a few minutes.",
    ),
    "wrong_issuer": Kind(
        403,
        "Answer of another provider",
        "The answer does not come from your school’s sign-in. You are not signed in.",
    ),
    "wrong_audience": Kind(
        403,
        "Answer for somebody else",
        "The answer of your school’s sign-in is not for this site. You are not signed in.",
    ),
    "wrong_nonce": Kind(
        403,
        "Answer to another question",
        "The answer of your school’s sign-in belongs to another attempt. You are not signed in.",
    ),
    "wrong_algorithm": Kind(
        403,
        "Signed in a way that is not accepted",
        "The answer of your school’s sign-in is not signed as it must be. You are not signed in.",
    ),
    "wrong_signature": Kind(
        403,
        "Signature wrong",
        "The answer does not bear the signature of your school’s sign-in. You are not signed in.",
    ),
    "expired_token": Kind(
        403,
        "Answer too old",
        "The answer of your school’s sign-in is too old, or its clock is wrong. You are not signed in.",
    ),
    "wrong_subject": Kind(
        403,
        "Answer about somebody else",
        "The parts of the answer of your school’s sign-in speak of different people. You are not signed in.",
    ),
    "malformed_token": Kind(
        403,
        "Answer not understood",
        "The answer of your school’s sign-in cannot be read. You are not signed in.",
    ),
    "mail_not_of_school": Kind(
        403,
        "Not an address of the school",
        "The mail address that your school’s sign-in tells us is not one of the school’s own.",
    ),
    "no_way_in": Kind(
        409,
        "Not set up yet",
        "This school has not set up yet how its people sign in. Ask your school’s window or the Promotion Center.",
    ),
    "school_not_open": Kind(
        403, "School does not take part", "This school does not take part in the network at the moment."
    ),
    "link_expired": Kind(
        410, "Link expired", "The link is no longer valid, or not whole. Please ask for a new one."
    ),
    "link_used": Kind(409, "Link used", "The link has been used already. Please ask for a new one."),
    "too_many_attempts": Kind(
        429,
        "Too many attempts",
        "There have been too many attempts. Please wait a while before the next one.",
    ),
    "already_linked": Kind(409, "Linked already", "This way to sign in leads to your account already."),
    "account_in_use": Kind(
        409,
        "The other account is in use",
        "The other account has a role, or a seat or place in line for what is to come. Give them back first.",
    ),
    "link_changed": Kind(
        409, "Linked meanwhile", "This way to sign in has been linked meanwhile. Please look again."
    ),
    "last_way": Kind(
        409, "The last way", "This is the only way in which you can sign in: it cannot be removed."
    ),
    "provider_unusable": Kind(
        422, "Provider cannot be used", "The sign-in cannot be set up like this, see errors."
    ),
    "bad_logout_token": Kind(
        400, "Not a logout token", "The logout token cannot be believed. Nothing was ended."
    ),
    # of activities and registrations
    "unknown_activity": Kind(404, "Unknown activity", "There is no such activity."),
    "activity_exists": Kind(409, "Activity exists", "There is an activity of this id already."),
    "not_published": Kind(409, "Not published", "The activity is not published yet."),
    "closed": Kind(409, "Registration closed", "Registration for this activity is closed."),
    "activity_cancelled": Kind(409, "Activity cancelled", "The activity has been cancelled."),
    "activity_over": Kind(409, "Activity over", "The activity is over."),
    "already_registered": Kind(409, "Registered already", "You are registered for this activity already."),
    "waiting_list_full": Kind(
        409, "Waiting list full", "All seats are taken and the waiting list is full as well."
    ),
    "pool_full": Kind(409, "No seat left", "All seats are taken, and you did not ask for a place to wait."),
    "no_such_pool": Kind(409, "No such seats", "The activity has no seats of this kind."),
    "wrong_school": Kind(
        403, "Another school's", "Only the school itself or the Promotion Center may do this."
    ),
    "not_a_host": Kind(403, "Not a host", "Only hosts and windows of the school may do this."),
    "unknown_registration": Kind(404, "Unknown registration", "There is no such registration."),
    "not_yours": Kind(403, "Not yours", "The registration belongs to somebody else."),
    "already_cancelled": Kind(409, "Cancelled already", "The registration has been cancelled already."),
    "limit_below_taken": Kind(
        409,
        "Fewer seats than taken",
        "%(taken)s seats are taken already: the limit cannot be lower.",
        "More seats are taken already than there would be: the limit cannot be that low.",
    ),
    "nothing_to_change": Kind(409, "Nothing to change", "It is like this already."),
    "invalid_details": Kind(
        422, "Invalid details", "The field %(field)s cannot be like this.", "A field cannot be like this."
    ),
    "waiting_room": Kind(
        429,
        "In line",
        "More people ask at once than can be answered. You are number %(place)s in line.",
        "More people ask at once than can be answered. They stand in line, in the order in which they came.",
    ),
    # of people's data
    "person_erased": Kind(
        410, "Erased", "This person's data have been erased. Nothing more is kept about them."
    ),
    "unknown_calendar": Kind(
        404,
        "Unknown calendar",
        "There is no calendar at this address, or its person has taken the address away.",
    ),
    "unknown_erasure": Kind(
        404, "Unknown erasure", "There is no erasure at this address, or it was done long ago."
    ),
    "unknown_export": Kind(
        404, "Unknown export", "There is no such export. Exports are deleted after a week."
    ),
    # of roles
    "unknown_grantee": Kind(404, "Nobody like that", "Nobody of this id belongs to this school."),
    "not_yours_to_grant": Kind(403, "Not yours to give", "Your role cannot give or take this one."),
    "wrong_scope": Kind(422, "Role of another place", "This role cannot be held there."),
    "ends_before_it_starts": Kind(422, "Ends before it starts", "The last day is before the first one."),
    "over_already": Kind(422, "Over already", "The last day has passed already."),
    "role_held": Kind(409, "Role held already", "This person has the role for these days already."),
    "role_not_held": Kind(409, "Role not held", "This person does not have the role."),
    # of schools
    "unknown_school": Kind(404, "Unknown school", "There is no such school."),
    "school_exists": Kind(409, "School exists", "There is a school of this id already."),
    "not_the_center": Kind(403, "For the Promotion Center", "Only the Promotion Center may do this."),
    "already_suspended": Kind(409, "Suspended already", "The school is suspended already."),
    "not_suspended": Kind(409, "Not suspended", "The school is not suspended."),
    "school_merged": Kind(409, "School merged", "The school is part of another school now."),
    "merge_into_itself": Kind(409, "Merged into itself", "A school cannot become part of itself."),
    "unknown_target": Kind(404, "Unknown target", "There is no such school to become part of."),
    "same_name": Kind(409, "Same name", "The school has this name already."),
    # of programs
    "invalid_token": Kind(401, "Token not valid", "The token is unknown, revoked or has expired."),
    "insufficient_scope": Kind(
        403, "Not in the token's scope", "The token lacks a scope: %(scopes)s.", "The token lacks a scope."
    ),
    "not_by_token": Kind(403, "Not by token", "This is for people who are signed in, not for tokens."),
    "unknown_token": Kind(404, "Unknown token", "There is no such token."),
    "too_many_tokens": Kind(409, "Too many tokens", "Revoke one that is not needed any more."),
    "unknown_colleague": Kind(404, "Nobody of that school", "There is no such person at the school."),
    "precondition_failed": Kind(
        412, "Changed meanwhile", "What you have seen is not how it is now: read it again, see ETag."
    ),
    "rate_limited": Kind(429, "Too many requests", "Wait as long as Retry-After says."),
    "too_many_streams": Kind(429, "Too many streams", "Close another stream of events, or come back later."),
    **{code: Kind(*said) for code, said in sig_problems.WORDS.items()},
}
