"""Fields of queries: text alone arrives, and what it stands for is exact. Metadata is their JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from marshmallow import ValidationError

from gongxue_contracts.fields import Exact

_is_number = re.compile(r"0|[1-9][0-9]{0,9}").fullmatch
_is_day = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch


class Number(Exact):
    """A whole number from `least` to `most`."""

    def __init__(self, least: int, most: int, **options: Any) -> None:
        super().__init__({"type": "integer", "minimum": least, "maximum": most}, required=False, **options)
        self.least, self.most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not isinstance(value, str) or not _is_number(value) or not self.least <= int(value) <= self.most:
            raise ValidationError(f"Not an integer from {self.least} to {self.most}.")
        return int(value)


class Yes(Exact):
    """`true` or `false`."""

    def __init__(self, **options: Any) -> None:
        super().__init__({"type": "boolean"}, required=False, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if value not in ("true", "false"):
            raise ValidationError("Not true or false.")
        return bool(value == "true")


class Day(Exact):
    """A day of the Gregorian calendar, as 2026-12-31."""

    def __init__(self, **options: Any) -> None:
        super().__init__({"type": "string", "format": "date"}, required=False, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        try:
            if not isinstance(value, str) or not _is_day(value):
                raise ValueError(value)
            return date.fromisoformat(value)
        except ValueError as error:
            raise ValidationError("No such date or time of day.") from error


class Several(Exact):
    """Values with commas between them, each as `item` reads it, at most `most`."""

    def __init__(self, item: Exact, most: int, **options: Any) -> None:
        schema = {"type": "array", "items": dict(item.metadata), "minItems": 1, "maxItems": most}
        super().__init__(schema, required=False, **options)
        self.read: Callable[[Any], Any] = item.deserialize
        self.most = most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        given = str(value).split(",")
        if len(given) > self.most:
            raise ValidationError(f"Longer than maximum length {self.most}.")
        return [self.read(one) for one in given]
