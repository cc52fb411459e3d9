"""What should be right before an activity is shown to everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.read_model.documents import Activity
from gateway.web.speech import Speech, mark


@dataclass(frozen=True, slots=True)
class Check:
    """`good`, or what is still to be done about it. What is not `needed` is advice."""

    words: str
    good: bool
    needed: bool


_WORDS = (
    ("title", mark("It has a title in Chinese and in English"), False),
    ("summary", mark("It says what it is about, in both languages"), False),
    ("venue", mark("Whoever comes on site knows where to"), False),
    ("future", mark("It lies in the future"), True),
    ("seats", mark("There are seats"), True),
    ("theme", mark("It can be found by its theme or its goals"), False),
)


def checks(activity: Activity, speech: Speech, now: datetime) -> tuple[Check, ...]:
    """In the order in which a host would go through them."""
    seats = activity["seats"]
    on_site = "onsite" in seats and seats["onsite"]["limit"] > 0
    good = {
        "title": bool(activity["title"]["en"]),
        "summary": bool(activity["summary"]["zh"].strip() and activity["summary"]["en"].strip()),
        "venue": activity["venue"] is not None or not on_site,
        "future": activity["starts_at"] > now,
        "seats": any(pool["limit"] for pool in seats.values()),
        "theme": bool(activity["theme"] or activity["sdgs"]),
    }
    return tuple(Check(speech.say(words), good[name], needed) for name, words, needed in _WORDS)
