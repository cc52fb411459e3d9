"""What the pages of SIGs show: texts in the page's language, days, words, links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from markupsafe import Markup

from gateway.access.roles import day
from gateway.read_model.documents import School
from gateway.read_model.sigs import Membership, Record, Sig, SigAct
from gateway.web import dates
from gateway.web.sig_words import BADGES, DONE, HOW, JOINING, KINDS, REASONS, STATUSES
from gateway.web.speech import Speech
from gateway.web.views import paragraphs, school_name
from gateway.web.words import THEMES

SUPPORTERS = 3
"""Schools that a proposal needs."""


@dataclass(frozen=True, slots=True)
class SchoolName:
    """A school and its page."""

    address: str
    name: Markup


@dataclass(frozen=True, slots=True)
class ConvenorView:
    """Who convenes. Those who are not signed in are told the school alone."""

    person: str
    name: Markup | None
    school: Markup
    term: str
    over: bool


@dataclass(frozen=True, slots=True)
class RecordView:
    """Minutes or an output."""

    id: str
    kind: str
    title: Markup
    plain_title: str
    day: str
    link: str | None
    text: tuple[Markup, ...]
    meeting: str | None
    attended: int | None
    schools: int


@dataclass(frozen=True, slots=True)
class ActView:
    """Something that was done, in words, with the reason that was given."""

    at: str
    words: str
    why: Markup | None


@dataclass(frozen=True, slots=True)
class DossierView:
    """What a SIG has done, as rows of a table, with what it says for itself."""

    rows: tuple[tuple[str, str], ...]
    statement: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class MemberView:
    """Somebody of a SIG, by name."""

    person: str
    name: Markup
    plain_name: str
    school: Markup
    how: str
    since: str
    convenes: bool


@dataclass(frozen=True, slots=True)
class SigView:
    """A SIG as a card and as a page show it. `needed`: schools that are still missing."""

    id: str
    address: str
    title: Markup
    plain_title: str
    other_title: Markup | None
    theme: str
    status: str
    badge: str
    status_words: str
    reason: Markup | None
    goals: tuple[Markup, ...]
    scope: tuple[Markup, ...]
    joining: str
    proposed_by: Markup
    proposed_on: str
    supporters: tuple[SchoolName, ...]
    needed: int
    schools: tuple[SchoolName, ...]
    members: int
    term: str | None
    ends_soon: bool
    outputs: int
    meetings: int


def sig_view(sig: Sig, schools: Mapping[str, School], say: Speech) -> SigView:
    """The SIG in the words of `say`."""
    until = sig["until"] if sig["status"] == "active" else None
    return SigView(
        id=sig["id"],
        address=f"/sigs/{sig['id']}",
        title=say.phrase(sig["title"]),
        plain_title=say.plain(sig["title"]),
        other_title=say.other(sig["title"]),
        theme=say.say(THEMES[sig["theme"]]),
        status=sig["status"],
        badge=BADGES[sig["status"]],
        status_words=say.say(STATUSES[sig["status"]]),
        reason=_why(sig["reason"], say),
        goals=paragraphs(sig["goals"], say),
        scope=paragraphs(sig["scope"], say),
        joining=say.say(JOINING[sig["joining"]]),
        proposed_by=school_name(sig["proposer"]["school"], schools.get(sig["proposer"]["school"]), say),
        proposed_on=dates.short(dates.in_taipei(sig["proposed_at"]), say.language),
        supporters=names(sig["supporters"], schools, say),
        needed=max(0, SUPPORTERS - len(sig["supporters"])),
        schools=names(sig["schools"], schools, say),
        members=sig["members"],
        term=days(sig["since"], until, say) if until else None,
        ends_soon=bool(until) and until <= _in_sixty_days(),  # type: ignore[operator]
        outputs=sum(one["kind"] == "output" for one in sig["records"]),
        meetings=len(sig["meetings"]),
    )


def names(ids: Sequence[str], schools: Mapping[str, School], say: Speech) -> tuple[SchoolName, ...]:
    """These schools by name."""
    return tuple(SchoolName(f"/schools/{id}", school_name(id, schools.get(id), say)) for id in ids)


def days(since: str | None, until: str | None, say: Speech) -> str:
    """From the first to the last day."""
    return " – ".join(short(one, say) for one in (since, until) if one)


def short(text: str, say: Speech) -> str:
    """A day of the read model, in words."""
    return dates.short(date.fromisoformat(text), say.language)


def convenor_views(
    sig: Sig,
    members: Sequence[Membership],
    people: Mapping[str, str] | None,
    schools: Mapping[str, School],
    say: Speech,
) -> tuple[ConvenorView, ...]:
    """Who convenes; `people` are the names of members, None for those who are not to be told."""
    of = {one["person"]: one["school"] for one in members}
    today = day(datetime.now(UTC))
    return tuple(
        ConvenorView(
            person=one["person"],
            name=None if people is None else say.written(people.get(one["person"]) or "–"),
            school=school_name(of.get(one["person"], ""), schools.get(of.get(one["person"], "")), say),
            term=days(one["starts_on"], one["ends_on"], say),
            over=one["ends_on"] < today,
        )
        for one in sig["convenors"]
    )


def member_views(
    sig: Sig,
    members: Sequence[Membership],
    people: Mapping[str, str],
    schools: Mapping[str, School],
    say: Speech,
) -> tuple[MemberView, ...]:
    """Members by name."""
    convening = {one["person"] for one in sig["convenors"]}
    return tuple(
        MemberView(
            person=one["person"],
            name=say.written(people.get(one["person"]) or "–"),
            plain_name=people.get(one["person"]) or "–",
            school=school_name(one["school"], schools.get(one["school"]), say),
            how=say.say(HOW[one["how"]]) if one["how"] else "",
            since=dates.short(dates.in_taipei(one["changed_at"]), say.language),
            convenes=one["person"] in convening,
        )
        for one in members
    )


def record_views(records: Sequence[Record], say: Speech) -> tuple[RecordView, ...]:
    """Minutes and outputs."""
    return tuple(
        RecordView(
            id=one["record"],
            kind=say.say(KINDS[one["kind"]]),
            title=say.phrase(one["title"]),
            plain_title=say.plain(one["title"]),
            day=short(one["held_on"], say),
            link=one["link"],
            text=paragraphs(one["text"], say) if one["text"] else (),
            meeting=f"/activities/{one['activity']}" if one["activity"] else None,
            attended=one["attended"],
            schools=len(one["schools"]),
        )
        for one in records
    )


def act_views(acts: Sequence[SigAct], schools: Mapping[str, School], say: Speech) -> tuple[ActView, ...]:
    """What was done, the latest first."""
    told = []
    for one in reversed(acts):
        school = one["school"] or ""
        named = {
            "school": school_name(school, schools.get(school), say).striptags() if school else "",
            "until": short(one["until"], say) if one["until"] else "",
        }
        at = dates.short(dates.in_taipei(one["at"]), say.language)
        told.append(ActView(at, say.say(DONE[one["act"]]) % named, _why(one["reason"], say)))
    return tuple(told)


def _why(reason: str | None, say: Speech) -> Markup | None:
    if reason in REASONS:
        return say.written(say.say(REASONS[reason]))
    return say.written(reason) if reason else None


def dossier_view(sig: Sig, say: Speech) -> DossierView | None:
    """The renewal that waits for the Center."""
    submitted = sig["submitted"]
    if submitted is None:
        return None
    dossier = submitted["dossier"]
    attendance = dossier["attendance"]
    rows = (
        (say.gettext("Counted"), days(dossier["since"], dossier["until"], say)),
        (say.gettext("Meetings"), str(dossier["meetings"])),
        (say.gettext("Schools"), str(dossier["schools"])),
        (
            say.gettext("Attendance"),
            say.gettext("not counted") if attendance is None else str(attendance),
        ),
        (say.gettext("Outputs"), str(dossier["outputs"])),
        (say.gettext("Members"), str(dossier["members"])),
    )
    return DossierView(rows, paragraphs(submitted["statement"], say))


def _in_sixty_days() -> str:
    return date.fromordinal(date.fromisoformat(day(datetime.now(UTC))).toordinal() + 60).isoformat()
