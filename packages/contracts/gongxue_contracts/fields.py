"""The field types of all contracts, required unless said otherwise.

Each is exact: no number is read from text, no text is trimmed or lower-cased. The JSON Schema of a field
is its marshmallow `metadata`, where apispec finds it too.
"""

import re
from datetime import date, datetime
from typing import Any

from marshmallow import ValidationError, fields, missing, validate

from gongxue_contracts import envelope, moment
from gongxue_contracts.plain import fault

SLUG = r"^[a-z][a-z0-9-]{1,30}$"
ID = r"^[a-z0-9][a-z0-9-]{1,63}$"
UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
NAME = r"^[a-z][a-z0-9_]{0,59}$"
STREAM = r"^[a-z]+:[a-z0-9][a-z0-9-]{1,63}$"
NAMED_QUEUE = r"^[a-z]+(\.[a-z]+){1,3}$"
MAX_COUNT = 2**31 - 1

# What cannot be seen but reorders or hides what stands around it: a name must not change the words beside it.
_UNSEEN = r"\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff"
# A line ends up in headers of mails and in calendar entries: no line breaks, no control characters.
_LINE = rf"[^\x00-\x1f\x7f-\x9f\u2028\u2029{_UNSEEN}]*"
_PROSE = rf"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{_UNSEEN}]*"
# Fillers are letters to Unicode and blanks to the eye; joiners, selectors and tags only change what they stand with.
# Those beyond the first plane stand for themselves: the ways to escape them differ between languages.
_TAGS = f"{chr(0xE0000)}-{chr(0xE007F)}{chr(0xE0100)}-{chr(0xE01EF)}"
_JOINED = rf"\u00ad\u034f\u180b-\u180f\u200c\u200d\ufe00-\ufe0f{_TAGS}"
_SEEN = rf"(?=[\s\S]*[^\s\u115f\u1160\u2800\u3164\uffa0{_JOINED}])"
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_is_day = re.compile(_DAY).fullmatch
_WEBSITE = r"^https?://[^\s/?#@]+([/?#]\S*)?$"
_is_website = re.compile(_WEBSITE).fullmatch


class Exact(fields.Field[Any]):
    """A field that checks in `_deserialize` what its metadata says in JSON Schema."""

    def __init__(self, json_schema: dict[str, Any], **options: Any) -> None:
        options.setdefault("required", True)
        super().__init__(metadata=json_schema, **options)

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """As in marshmallow, but without assembling a chain of validators when there are none."""
        if value is None or value is missing or self.validators:
            return super().deserialize(value, attr, data, **kwargs)
        return self._deserialize(value, attr, data)


class Matching(Exact, fields.String):
    """Text that matches a pattern from its first to its last character."""

    def __init__(self, pattern: str, **options: Any) -> None:
        super().__init__({"type": "string", "pattern": pattern}, **options)
        self._matches = re.compile(pattern).fullmatch

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if type(value) is not str or not self._matches(value):
            raise ValidationError(f"Not a text of the form {self.metadata['pattern']}")
        return value


class Choice(Exact, fields.String):
    """One of some words."""

    def __init__(self, *words: str, **options: Any) -> None:
        super().__init__({"type": "string", "enum": list(words)}, **options)
        self.words = frozenset(words)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if type(value) is not str or value not in self.words:
            raise ValidationError(f"Not one of: {', '.join(self.metadata['enum'])}.")
        return value


class Line(Exact, fields.String):
    """One line of text for people, up to `most` characters; only with `blank=True` may there be none to see."""

    characters = _LINE

    def __init__(self, most: int, *, blank: bool = False, **options: Any) -> None:
        self.most = most
        pattern = f"^{self.characters}$" if blank else rf"^{_SEEN}{self.characters}$"
        super().__init__({"type": "string", "maxLength": most, "pattern": pattern}, **options)
        self._matches = re.compile(pattern).fullmatch

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if type(value) is not str:
            raise ValidationError("Not a text.")
        if len(value) > self.most:
            raise ValidationError(f"Longer than {self.most} characters.")
        if not self._matches(value):
            raise ValidationError("Blank, or with control characters or line breaks in it.")
        return value


class Prose(Line):
    """Text for people of any number of lines."""

    characters = _PROSE


class _Website(validate.URL):
    def __call__(self, value: str) -> str:
        if not _is_website(value):
            raise ValidationError(self._format_error(value))
        return super().__call__(value)


class Address(Line):
    """A `website` (http or https, so that it can be linked to) or an `email` address.

    No website has a user's name in it: `https://school.example@elsewhere.example/` looks like another site.
    """

    def __init__(self, kind: str, **options: Any) -> None:
        super().__init__(300, **options)
        if kind == "email":
            self._check: validate.Validator = validate.Email()
            self.metadata = {**self.metadata, "format": "email", "pattern": r"^\S+@\S+$"}
        else:
            self._check = _Website(schemes={"http", "https"})
            self.metadata = {**self.metadata, "format": "uri", "pattern": _WEBSITE}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return str(self._check(super()._deserialize(value, attr, data)))


class Count(Exact, fields.Integer):
    """A whole number from `least` up to `most`, at most 2³¹-1, which every language and store can hold."""

    def __init__(self, least: int = 0, most: int = MAX_COUNT, **options: Any) -> None:
        super().__init__({"type": "integer", "minimum": least, "maximum": most}, **options)
        self.least = least
        self.most = most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if type(value) is not int or not self.least <= value <= self.most:
            raise ValidationError(f"Not an integer from {self.least} to {self.most}.")
        return value


class Flag(Exact, fields.Boolean):
    """True or false, nothing that resembles them."""

    def __init__(self, **options: Any) -> None:
        super().__init__({"type": "boolean"}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if type(value) is not bool:
            raise ValidationError("Not true or false.")
        return value


class Time(Exact, fields.AwareDateTime):
    """RFC 3339 on the wire, an aware datetime in UTC in Python, both to the millisecond."""

    def __init__(self, **options: Any) -> None:
        super().__init__({"type": "string", "format": "date-time", "pattern": moment.PATTERN}, **options)
        self.writing = False

    def _bind_to_schema(self, field_name: str, parent: Any) -> None:
        super()._bind_to_schema(field_name, parent)  # type: ignore[no-untyped-call]
        self.writing = getattr(self.root, "writing", False)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            if not self.writing:
                return moment.read(value)
            if isinstance(value, datetime):
                return moment.write(value)
        except ValueError as error:
            raise ValidationError(str(error)) from None
        raise ValidationError("Not a datetime.")

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else moment.write(value)


class Day(Exact, fields.Date):
    """A day of the calendar, RFC 3339 on the wire, a date in Python. Where no place is named it is Taiwan's."""

    def __init__(self, **options: Any) -> None:
        super().__init__({"type": "string", "format": "date", "pattern": _DAY}, **options)
        self.writing = False

    def _bind_to_schema(self, field_name: str, parent: Any) -> None:
        super()._bind_to_schema(field_name, parent)  # type: ignore[no-untyped-call]
        self.writing = getattr(self.root, "writing", False)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if self.writing:
            if type(value) is not date:
                raise ValidationError("No such date or time of day.")
            return value.isoformat()
        try:
            if type(value) is not str or not _is_day(value):
                raise ValueError(value)
            return date.fromisoformat(value)
        except ValueError:
            raise ValidationError("No such date or time of day.") from None

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.isoformat()


class Items(fields.List[Any]):
    """A list of `item`, at most `most`."""

    def __init__(self, item: fields.Field[Any], most: int = 1_000, **options: Any) -> None:
        options.setdefault("required", True)
        super().__init__(item, validate=validate.Length(max=most), metadata={"maxItems": most}, **options)


class Open(Exact, fields.Dict):
    """An object of any plain JSON values: what a refusal tells besides its code."""

    def __init__(self, **options: Any) -> None:
        super().__init__({"type": "object"}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        if type(value) is not dict:
            raise ValidationError("Not an object.")
        if found := fault(value):
            raise ValidationError({found[0]: [found[1]]})
        return value


class Event(Exact, fields.Dict):
    """A whole CloudEvent as `envelope.to_dict` gives it, within another one's data."""

    def __init__(self, **options: Any) -> None:
        super().__init__({"$ref": "#/$defs/CloudEvent"}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        try:
            envelope.from_dict(value)
        except envelope.MalformedEvent as malformed:
            raise ValidationError(dict(malformed.errors)) from None
        unknown = value.keys() - envelope.ATTRIBUTES
        if not unknown:
            return dict(value)
        if getattr(self.root, "writing", False):
            raise ValidationError({name: ["Unknown field."] for name in sorted(unknown)})
        return {name: item for name, item in value.items() if name not in unknown}
