"""What a letter says, in words: subject, paragraphs and rows, in the reader's language.

The English texts are the message ids of the catalogues below `locale`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from gettext import NullTranslations

from notification import dates, sig_words
from notification.domain.activity import Card, Text
from notification.domain.delivery import Kind
from notification.domain.letter import Entry, Letter
from notification.mime import line


@dataclass(slots=True)
class Words:
    """`rows` are pairs of a label and a value, `changes` triples of a label, what it was and what it is."""

    subject: str
    paragraphs: list[str]
    rows: list[tuple[str, str]] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)


def put(letter: Letter, language: str, texts: NullTranslations) -> Words:
    """The words of a letter."""
    sig = letter.delivery.sig
    title = line(letter.card.title.read_in(language)) if letter.card else ""
    if sig:
        title = line(Text(letter.delivery.title_zh, letter.delivery.title_en).read_in(language))
    subject, paragraphs = _told(letter, title, texts)
    words = Words(subject, paragraphs)
    if sig:
        words.rows = [(texts.gettext("Special Interest Group"), title)]
    if letter.card is not None:
        words.rows = _rows(letter, letter.card, title, language, texts)
        words.changes = _changes(letter, letter.card, language, texts)
    return words


def put_link(browser: str, until: datetime, language: str, texts: NullTranslations) -> Words:
    """The words of a mail with a link for signing in; the last paragraph stands behind the link."""
    _ = texts.gettext
    asked = (
        _("Somebody, probably you, wants to sign in to Gongxue with this address (%(browser)s).")
        % {"browser": line(browser)}
        if browser
        else _("Somebody, probably you, wants to sign in to Gongxue with this address.")
    )
    how = _(
        "Open this link in the browser in which you asked for it, and press the button there. "
        "It works once, until %(time)s."
    ) % {"time": dates.clock(until, language)}
    if_not = _("If it was not you, do nothing: without your pressing the button nobody is signed in.")
    return Words(_("Sign in to Gongxue"), [asked, how, if_not])


def location(card: Card, pool: str, language: str, texts: NullTranslations) -> str:
    """Where one takes part in a pool of seats: the venue, or the network."""
    _ = texts.gettext
    if pool == "online":
        return _("Online")
    return line(card.venue.read_in(language)) if card.venue else ""


def _told(letter: Letter, title: str, texts: NullTranslations) -> tuple[str, list[str]]:
    _ = texts.gettext
    said = _TOLD.get(letter.delivery.kind)
    subject, paragraphs = said(letter, texts) if said else sig_words.told(letter, texts)
    if letter.entry is not None:
        paragraphs.append(_about_the_entry(letter, letter.entry, texts))
    return (f"{subject}{_(': ')}{title}" if title else subject), paragraphs


def _about_the_entry(letter: Letter, entry: Entry, texts: NullTranslations) -> str:
    _ = texts.gettext
    if entry.method == "CANCEL":
        return _("The calendar entry attached takes it out of your calendar again.")
    if letter.delivery.kind == "activity_changed":
        return _("The calendar entry attached brings your calendar up to date.")
    return _("The calendar entry attached brings it into your calendar.")


def _confirmed(letter: Letter, texts: NullTranslations) -> tuple[str, list[str]]:
    _ = texts.gettext
    return _("Seat confirmed"), [_("You are registered, and your seat is confirmed.")]


def _waiting(letter: Letter, texts: NullTranslations) -> tuple[str, list[str]]:
    _ = texts.gettext
    place = _("All seats are taken. You are number %(place)d on the waiting list.")
    rule = _(
        "The rule is first come, first served: a seat that becomes free goes to whoever registered earliest. "
        "You will get a mail as soon as you have a seat; until then nothing is entered in your calendar."
    )
    return _("On the waiting list"), [place % {"place": letter.delivery.place}, rule]


def _promoted(letter: Letter, texts: NullTranslations) -> tuple[str, list[str]]:
    _ = texts.gettext
    told = _("A seat has become free, and it is yours: your seat is confirmed.")
    return _("You have a seat now"), [told]


def _cancelled(letter: Letter, texts: NullTranslations) -> tuple[str, list[str]]:
    _ = texts.gettext
    by_host = letter.delivery.by == "host"
    if letter.delivery.was == "waiting":
        told = (
            _("The organiser has taken you off the waiting list.")
            if by_host
            else _("As you wished, you are no longer on the waiting list.")
        )
    else:
        told = (
            _("The organiser has cancelled your registration.")
            if by_host
            else _(
                "As you wished, your registration is cancelled. If somebody was waiting, your seat is theirs now."
            )
        )
    return _("Registration cancelled"), [told]


def _activity_changed(letter: Letter, texts: NullTranslations) -> tuple[str, list[str]]:
    _ = texts.gettext
    told = (
        _("The organiser has changed an activity for which you have a seat. Your seat remains yours.")
        if letter.seated
        else _("The organiser has changed an activity for which you wait. Your place remains yours.")
    )
    return _("Activity changed"), [told]


def _activity_cancelled(letter: Letter, texts: NullTranslations) -> tuple[str, list[str]]:
    _ = texts.gettext
    told = _("The organiser has cancelled this activity. Your registration has ended with it.")
    reason = _("The reason: %(reason)s") % {"reason": letter.reason}
    return _("Activity cancelled"), [told, reason] if letter.reason.strip() else [told]


def _refused(letter: Letter, texts: NullTranslations) -> tuple[str, list[str]]:
    _ = texts.gettext
    why = _reasons(texts).get(letter.delivery.code) or _("The reason given is “%(code)s”.") % {
        "code": letter.delivery.code
    }
    if letter.delivery.command_type == "registration.Register.v1":
        # Their own, or a colleague's whom they registered: whoever asked is told, and the refusal does not say whose.
        return _("Not registered"), [
            _(
                "A registration that you sent could not be answered at once. The answer has come now, and is no."
            ),
            why,
        ]
    return _("Not done"), [
        _("What you asked for could not be answered at once. The answer has come now, and is no."),
        why,
    ]


_TOLD: dict[Kind, Callable[[Letter, NullTranslations], tuple[str, list[str]]]] = {
    "confirmed": _confirmed,
    "waiting": _waiting,
    "promoted": _promoted,
    "cancelled": _cancelled,
    "activity_changed": _activity_changed,
    "activity_cancelled": _activity_cancelled,
    "refused": _refused,
}


def _reasons(texts: NullTranslations) -> dict[str, str]:
    """Why a command was refused, by code."""
    _ = texts.gettext
    return {
        "unknown_activity": _("There is no such activity."),
        "not_published": _("The activity is not published yet."),
        "closed": _("Registration for this activity is closed."),
        "activity_cancelled": _("The activity has been cancelled."),
        "activity_over": _("The activity is over."),
        "already_registered": _("You are registered for it already."),
        "waiting_list_full": _("All seats are taken, and the waiting list is full."),
        "pool_full": _("All seats are taken."),
        "no_such_pool": _("The activity has no seats of this kind."),
        "wrong_school": _("Only the school concerned and the Promotion Center may do this."),
        "not_the_center": _("Only the Promotion Center may do this."),
        "unknown_registration": _("There is no such registration."),
        "not_yours": _("It is somebody else’s registration."),
        "already_cancelled": _("The registration was cancelled before."),
        "limit_below_taken": _("More seats are taken than there would be."),
        "nothing_to_change": _("Nothing would have changed."),
    }


def _rows(
    letter: Letter, card: Card, title: str, language: str, texts: NullTranslations
) -> list[tuple[str, str]]:
    _ = texts.gettext
    rows = [(_("Activity"), title), (_("Time"), dates.span(card.starts_at, card.ends_at, language))]
    if letter.pool:
        rows.append((_("Taking part"), _("online") if letter.pool == "online" else _("on site")))
    if card.venue and letter.pool != "online":
        rows.append((_("Place"), line(card.venue.read_in(language))))
    return rows


def _changes(
    letter: Letter, card: Card, language: str, texts: NullTranslations
) -> list[tuple[str, str, str]]:
    """What it was and what it is now. Beginning and end are one row: they are read together."""
    _ = texts.gettext
    before = letter.before
    if before is None:
        return []
    rows = []
    if "title" in letter.changed:
        rows.append((_("Activity"), *_differing(before.title, card.title, language)))
    if {"starts_at", "ends_at"} & set(letter.changed):
        was = dates.span(before.starts_at, before.ends_at, language)
        rows.append((_("Time"), was, dates.span(card.starts_at, card.ends_at, language)))
    if "venue" in letter.changed:
        unsaid = Text(_("not said"), "")
        rows.append((_("Place"), *_differing(before.venue or unsaid, card.venue or unsaid, language)))
    return rows


def _differing(before: Text, now: Text, language: str) -> tuple[str, str]:
    """Both in the reader's language, or in Chinese if only there they differ."""
    was, is_now = line(before.read_in(language)), line(now.read_in(language))
    return (line(before.zh), line(now.zh)) if was == is_now else (was, is_now)
