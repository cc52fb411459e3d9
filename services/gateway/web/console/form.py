"""Forms of the console: what was typed stays, what is wrong is said beside its field, the first of it has the focus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from marshmallow import Schema, ValidationError
from starlette.datastructures import FormData
from starlette.requests import Request

from gateway import field_words
from gateway.problems import texts
from gateway.web import asking, forms
from gateway.web.speech import Speech

MOST_FIELDS = 60
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it is shown: `values` and `errors` by field, `refusal` why the last try did not succeed.

    `key` makes sending the same form twice the same wish.
    """

    key: str
    values: Values
    errors: Mapping[str, str] = field(default_factory=dict)
    refusal: str | None = None

    @property
    def first_error(self) -> str | None:
        """The field to begin mending with."""
        return next(iter(self.errors), None)


def blank(values: Values) -> Form:
    """A new form."""
    return Form(forms.fresh_key(), values)


async def sent(request: Request) -> FormData:
    """What somebody sent; forms of the console have many fields. Raises as `asking.fields` does."""
    return await asking.fields(request, MOST_FIELDS)


def key_of(fields: FormData) -> str:
    """The key of the wish."""
    return forms.sent_key(fields.get("key"))


def typed(fields: FormData, names: Sequence[str], prose: Sequence[str] = ()) -> dict[str, str]:
    """What was typed into these fields; of lines the blanks around are left out, of prose the ends of lines unified."""
    found: dict[str, str] = {}
    for name in names:
        value = fields.get(name)
        words = value if isinstance(value, str) else ""
        found[name] = words.replace("\r\n", "\n").strip() if name in prose else " ".join(words.split())
    return found


def checked(
    schema: Schema, body: Mapping[str, Any], names: Mapping[str, str], speech: Speech
) -> tuple[dict[str, Any], dict[str, str]]:
    """What the schema makes of the body, and what is wrong by field. `names`: path in the body → field of the form."""
    try:
        loaded: dict[str, Any] = schema.load(body)
    except ValidationError as error:
        return {}, _by_field(error.messages, names, speech)
    return loaded, {}


def in_order(errors: Mapping[str, str], order: Sequence[str]) -> dict[str, str]:
    """The errors in the order of the form; what belongs to no field comes last."""
    known = {name: errors[name] for name in order if errors.get(name)}
    return known | {name: words for name, words in errors.items() if words and name not in known}


def again(form: Form, words: str, *, same_wish: bool = False) -> Form:
    """The form once more, with why. What was refused is a new wish; what may not have arrived stays the same one."""
    return replace(form, key=form.key if same_wish else forms.fresh_key(), refusal=words)


def _by_field(messages: Any, names: Mapping[str, str], speech: Speech) -> dict[str, str]:
    say = texts().language(speech.language).gettext
    found: dict[str, str] = {}
    for path, words in _flat(messages):
        name = names.get(path) or names.get(path.partition(".")[0]) or path.replace(".", "_")
        found.setdefault(name, field_words.say(words, say))
    return found


def _flat(messages: Any, path: str = "") -> list[tuple[str, str]]:
    if isinstance(messages, dict):
        return [
            pair
            for name, within in messages.items()
            for pair in _flat(within, path if name == "_schema" else f"{path}.{name}" if path else str(name))
        ]
    return [(path, str(messages[0] if isinstance(messages, list) else messages))]
