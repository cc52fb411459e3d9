"""Which language a request is answered in: the address, then the cookie, then what the browser prefers."""

from __future__ import annotations

import re
from functools import lru_cache

from gongxue_chassis.i18n import LANGUAGES

COOKIE = "language"
PARAMETER = "lang"
DEFAULT = LANGUAGES[0]

_PREFERENCE = re.compile(
    r"^\s*([a-z]{1,8})(?:-[a-z0-9]{1,8})*\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?))?\s*$", re.I
)


def choose(asked: str | None, kept: str | None, accepted: str | None) -> str:
    """A language of ours: `asked` for in the address, `kept` in the cookie, or `accepted` by the browser."""
    if asked in LANGUAGES:
        return asked
    if kept in LANGUAGES:
        return kept
    return preferred(accepted) if accepted else DEFAULT


@lru_cache(maxsize=1_000)
def preferred(accepted: str) -> str:
    """The best of an `Accept-Language` header; every kind of Chinese is answered in ours."""
    best, weight = DEFAULT, 0.0
    for item in accepted[:500].split(","):
        found = _PREFERENCE.match(item)
        if found is None:
            continue
        language = {"zh": "zh-Hant", "en": "en"}.get(found[1].lower())
        quality = float(found[2] or 1)
        if language and quality > weight:
            best, weight = language, quality
    return best
