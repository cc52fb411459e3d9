"""The form for registering: what is sent is checked here, and what is wrong is said beside its field."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from marshmallow import ValidationError

from gateway.actions import Person
from gateway.read_model.documents import Activity
from gateway.web.speech import Speech
from gongxue_chassis.i18n import LANGUAGES
from gongxue_contracts.fields import Line

LONGEST_NAME = 100
_NAME = Line(LONGEST_NAME)
_is_key = re.compile(r"[!-~]{1,200}").fullmatch
_ORDER = ("pool", "name", "language")


@dataclass(frozen=True, slots=True)
class RegisterForm:
    """The form as it is shown. `key` makes sending the same form twice the same wish.

    `errors` maps fields to words, in the order of the form; `refusal` says why the last try did not succeed.
    """

    key: str
    pool: str
    name: str
    language: str
    waiting_list: bool
    errors: Mapping[str, str] = field(default_factory=dict)
    refusal: str | None = None

    @property
    def first_error(self) -> str | None:
        """The field to begin mending with."""
        return next(iter(self.errors), None)


def blank(activity: Activity, person: Person) -> RegisterForm:
    """A new form with what is known filled in: a pool is chosen when there is only one."""
    pools = tuple(activity["seats"])
    return RegisterForm(
        key=fresh_key(),
        pool=pools[0] if len(pools) == 1 else "",
        name=person.name,
        language=person.language,
        waiting_list=True,
    )


def sent(fields: Mapping[str, object], activity: Activity, speech: Speech) -> RegisterForm:
    """The form as somebody sent it, with what is wrong with it."""
    form = RegisterForm(
        key=sent_key(fields.get("key")),
        pool=line(fields.get("pool")),
        name=line(fields.get("name")),
        language=line(fields.get("language")),
        waiting_list=fields.get("waiting_list") == "yes",
    )
    found = {
        "pool": _wrong_pool(form, activity, speech),
        "name": wrong_name(form.name, speech),
        "language": wrong_language(form.language, speech),
    }
    return replace(form, errors={name: found[name] for name in _ORDER if found[name]})


def refused(form: RegisterForm, words: str) -> RegisterForm:
    """The same answers to be sent as a new wish, as the old one has its answer."""
    return replace(form, key=fresh_key(), refusal=words)


def unsent(form: RegisterForm, words: str) -> RegisterForm:
    """The same wish to be sent once more: whether the first try arrived is not known."""
    return replace(form, refusal=words)


def fresh_key() -> str:
    """An idempotency key that nobody has used."""
    return str(uuid.uuid4())


def sent_key(value: object) -> str:
    """The key that was sent, a fresh one if that is none."""
    return value if isinstance(value, str) and _is_key(value) else fresh_key()


def line(value: object) -> str:
    """A field of one line, as it was sent: without the blanks around, empty if it was not."""
    return " ".join(value.split()) if isinstance(value, str) else ""


def wrong_name(name: str, speech: Speech) -> str:
    """What is wrong with what somebody is called, in words; empty if nothing is."""
    if not name:
        return speech.gettext("Enter your name, as the host is to read it.")
    if len(name) > LONGEST_NAME:
        return speech.gettext("Enter a name of at most %(num)s characters.") % {"num": LONGEST_NAME}
    try:
        _NAME.deserialize(name)
    except ValidationError:
        return speech.gettext("Enter a name without control characters.")
    return ""


def wrong_language(language: str, speech: Speech) -> str:
    """The same of the language of the mails to somebody."""
    return "" if language in LANGUAGES else speech.gettext("Choose the language of the notices.")


def _wrong_pool(form: RegisterForm, activity: Activity, speech: Speech) -> str:
    if form.pool in activity["seats"]:
        return ""
    return speech.gettext("Choose which seat you want.")
