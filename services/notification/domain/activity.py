"""What notification keeps of an activity: the facts that change what its people have to know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

TOLD = ("title", "starts_at", "ends_at", "venue")
"""The details whose change is told. Of seats and descriptions the pages tell."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text in both languages; `en` may be empty."""

    zh: str
    en: str

    def read_in(self, language: str) -> str:
        """In the language asked for, if it is there, else in Chinese."""
        return self.en if language == "en" and self.en else self.zh


@dataclass(frozen=True, slots=True)
class Card:
    """What, when and where. Times are aware."""

    title: Text
    starts_at: datetime
    ends_at: datetime
    venue: Text | None


@dataclass(frozen=True, slots=True)
class ActivityFact:
    """The activity was published, changed (`changed` names details of `TOLD`) or cancelled (no card, a reason).

    `card` is how it stands after the fact, `sequence` the fact's number in the activity's stream.
    """

    id: str
    activity: str
    sequence: int
    time: datetime
    kind: Literal["published", "changed", "cancelled"]
    card: Card | None = None
    changed: tuple[str, ...] = ()
    reason: str = ""


class History:
    """The facts known of one activity, however they came, in the order in which they happened."""

    def __init__(self, facts: Iterable[ActivityFact] = ()) -> None:
        self._facts = sorted(facts, key=lambda fact: fact.sequence)

    def card_at(self, sequence: int) -> Card | None:
        """How the activity stood after the fact of that number; None if that is not known yet."""
        cards = (fact.card for fact in reversed(self._facts) if fact.sequence <= sequence and fact.card)
        return next(cards, None)

    def newest_card(self) -> Card | None:
        """How the activity stands, as far as is known."""
        return next((fact.card for fact in reversed(self._facts) if fact.card), None)

    def fact(self, id: str) -> ActivityFact | None:
        """The fact of that id, if it is known."""
        return next((fact for fact in self._facts if fact.id == id), None)

    def tidings_after(self, sequence: int) -> list[ActivityFact]:
        """What its people are told of: the changes and the cancellation after the fact of that number."""
        return [fact for fact in self._facts if fact.sequence > sequence and fact.kind != "published"]
