"""What may be wrong with a field, in both languages.

The contracts' schemas, and marshmallow below them, speak English only, with what they speak of filled in already.
Each of `WORDS` is such a message with a name where that stands, as the catalogue has it; a message is recognised by
it and said anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

WORDS = (
    # marshmallow's
    "Missing data for required field.",
    "Field may not be null.",
    "Unknown field.",
    "Invalid input type.",
    "Invalid value.",
    "Invalid type.",
    "Not a valid integer.",
    "Number too large.",
    "Not a valid list.",
    "Not a valid email address.",
    "Not a valid URL.",
    "Must be greater than or equal to %(least)s and less than or equal to %(most)s.",
    "Longer than maximum length %(most)s.",
    "Length must be between %(least)s and %(most)s.",
    # the contracts'
    "Not a text of the form %(form)s",
    "Not one of: %(words)s.",
    "Not a text.",
    "Longer than %(most)s characters.",
    "Blank, or with control characters or line breaks in it.",
    "Not an integer from %(least)s to %(most)s.",
    "Not true or false.",
    "Not an object.",
    "Not a datetime.",
    "Not an RFC 3339 time with an offset.",
    "No such date or time of day.",
    "A time without an offset from UTC.",
    "Outside of the years 1900 to 2999.",
    "At least one of: %(names)s.",
    # of what is no plain JSON
    "An integer of more than 64 bits.",
    "Not a finite number.",
    "Half of a surrogate pair is not text.",
    "%(type)s is not a JSON value.",
    "Nested deeper than %(most)s levels.",
    "Not a text that can be a field's name.",
    # of what is named
    "There is no such school.",
    # of providers
    "Not the domain of mail addresses, such as school.edu.tw.",
    "More domains than a school has.",
    "Not a text without blanks, of letters, digits and signs.",
    "Not an address of the form https://…, or one that is not public.",
    "The provider does not answer under this address, or not in a form we can read.",
    "The provider calls itself by another address. Enter exactly that one.",
    "The provider does not offer the authorization code flow with PKCE (S256).",
    "The provider signs with no algorithm that we accept (RS, PS or ES 256 to 512, EdDSA).",
    "The provider publishes no key that we can use (RSA of 2048 bits or more, EC, Ed25519).",
    "The provider takes none of the ways in which we can name ourselves (client_secret_basic or post).",
    "The provider does not say where to send people, or its addresses are not https and public.",
)
"""The narrower before the wider: the first that fits is taken."""


def say(message: str, gettext: Callable[[str], str]) -> str:
    """The message in the language of `gettext`; as it is if it is none of ours."""
    found = recognised(message)
    if found is None:
        return message
    words, named = found
    return gettext(words) % named


@lru_cache(maxsize=1_000)
def recognised(message: str) -> tuple[str, dict[str, str]] | None:
    """Which of `WORDS` it is, and what it speaks of."""
    for words, matches in _PATTERNS:
        if found := matches(message):
            return words, found.groupdict()
    return None


def _pattern(words: str) -> str:
    return re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+)", re.escape(words))


_PATTERNS = [(words, re.compile(_pattern(words), re.DOTALL).fullmatch) for words in WORDS]
