"""The ledger against the log: what was promised and is not there, what is there and nobody asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chaos.ledger import Ledger, Told, Wish
from chaos.replay import Decision, Replay

OF_THE_DOOR = frozenset(
    {
        "unknown_registration",
        "pool_full",
        "waiting_list_full",
        "not_published",
        "closed",
        "activity_cancelled",
        "activity_over",
    }
)
"""Refusals that the gateway may give by itself, without asking the log: those of full pools see `door`."""

_FIRST_FACTS = {
    "register": {"SeatConfirmed": "confirmed", "PlacedOnWaitingList": "waiting"},
    "cancel": {"RegistrationCancelled": "cancelled"},
}


@dataclass
class Verdict:
    """Wishes by what is wrong with them, and registrations of nobody's wish; all empty if every word was kept."""

    lost: list[Wish] = field(default_factory=list)
    contradicted: list[Wish] = field(default_factory=list)
    undecided: list[Wish] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.lost or self.contradicted or self.doubled or self.undecided or self.faults)

    def figures(self) -> dict[str, int]:
        """The numbers for the bar."""
        return {
            "lost": len(self.lost),
            "contradicted": len(self.contradicted),
            "duplicated": len(self.doubled) + self.faults["twice"],
            "oversold": self.faults["oversold"],
            "refused while free": self.faults["refused_while_free"],
            "out of turn": self.faults["out_of_turn"],
            "log contradicts itself": self.faults["wrong"],
            "never decided": len(self.undecided),
        }

    def examples(self) -> list[str]:
        """Some of the wishes that went wrong, with all that was answered."""
        return [repr(wish) for wish in [*self.lost[:5], *self.contradicted[:5], *self.undecided[:5]]]


def judge(ledger: Ledger, logs: Mapping[str, Replay]) -> Verdict:
    """Compare every wish with the log of its activity, and every registration in the logs with the wishes."""
    verdict = Verdict()
    for wish in ledger.wishes:
        _judge(verdict, wish, logs[wish.activity].decisions.get(wish.command))
    asked = {wish.command for wish in ledger.of("register")}
    for log in logs.values():
        verdict.faults.update(fault.kind for fault in log.faults)
        verdict.doubled += [id for id in log.registrations if id not in asked]
    return verdict


def _judge(verdict: Verdict, wish: Wish, decision: Decision | None) -> None:
    first = wish.settled
    if first is None:
        verdict.undecided.append(wish)
        return
    if any(told != first for told in wish.told):
        verdict.contradicted.append(wish)
    if decision is None:
        if first.code not in OF_THE_DOOR:
            verdict.lost.append(wish)
    elif not _same(wish, first, decision):
        (verdict.lost if first.accepted else verdict.contradicted).append(wish)


def _same(wish: Wish, told: Told, decision: Decision) -> bool:
    if not told.accepted:
        return told.code == decision.refused
    if not decision.facts:
        return False
    name, registration = decision.facts[0]
    standing = _FIRST_FACTS[wish.kind].get(name)
    return (registration, standing) == (
        wish.registration,
        told.standing,
    ) and told.registration == registration


def differences(logs: Iterable[Replay], shown: Mapping[str, str]) -> list[str]:
    """Registrations of which the read model shows another status than the log, or which it lacks or invents.

    `shown`: registration -> status.
    """
    logged: dict[str, Any] = {id: line.status for log in logs for id, line in log.registrations.items()}
    return sorted(id for id in logged.keys() | shown.keys() if logged.get(id) != shown.get(id))
