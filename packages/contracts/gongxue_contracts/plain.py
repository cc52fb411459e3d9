"""Which values may travel inside of `data`: what every JSON reader and every store behind it can hold."""

from math import isfinite
from typing import Any

MAX_DEPTH = 32
MAX_INTEGER = 2**63 - 1

_REFUSALS = {
    int: "An integer of more than 64 bits.",
    float: "Not a finite number.",
    str: "Half of a surrogate pair is not text.",
}


def fault(value: Any) -> tuple[str, str] | None:
    """None if `value` is plain, else (path, message) of the first thing in it that is not.

    Plain are null, true, false, integers of 64 bits, finite floats, text that has a UTF-8 form, and lists and
    dicts of these, nested at most `MAX_DEPTH` deep, whose keys are text without the NUL character.
    """
    found = _fault(value, MAX_DEPTH)
    return found and (".".join(reversed(found[0])), found[1])


def _fault(value: Any, levels: int) -> tuple[list[str], str] | None:
    kind = type(value)
    if kind is dict or kind is list:
        return _fault_within(value, levels)
    if (
        value is None
        or kind is bool
        or (kind is str and _is_text(value))
        or (kind is int and -MAX_INTEGER - 1 <= value <= MAX_INTEGER)
        or (kind is float and isfinite(value))
    ):
        return None
    return [], _REFUSALS.get(kind, f"{kind.__name__} is not a JSON value.")


def _fault_within(value: Any, levels: int) -> tuple[list[str], str] | None:
    if levels == 0:
        return [], f"Nested deeper than {MAX_DEPTH} levels."
    is_object = type(value) is dict
    for key, item in value.items() if is_object else enumerate(value):
        if is_object and (type(key) is not str or not _is_text(key) or "\0" in key):
            return [ascii(key)], "Not a text that can be a field's name."
        if found := _fault(item, levels - 1):
            found[0].append(str(key))
            return found
    return None


def _is_text(value: str) -> bool:
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
