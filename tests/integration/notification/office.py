"""What the tests of notification do over and over: hear facts, and look at what became of a delivery."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pymongo.database import Database
from unit.notification.scene import ACTIVITY, ALICE, LIN, NOW, SENDER, confirmed, contact_card, published

from gongxue_contracts.envelope import CloudEvent
from notification import intake
from notification.domain.letter import Contact
from notification.letters import Letters
from notification.storage import Store

LETTERS = Letters(SENDER)
MINUTE = timedelta(minutes=1)
CONFIRMED = "報名成功：112年USR共同培力活動：敘事力"
CANCELLED = "報名已取消：112年USR共同培力活動：敘事力"


class Clock:
    """Stands still until it is advanced."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, pause: timedelta) -> None:
        """Let so much time pass."""
        self.now += pause


def people(count: int) -> list[Contact]:
    return [Contact(f"p{n:03}", f"第{n}人", f"p{n:03}@nchu.example", "zh-Hant") for n in range(count)]


def hear(store: Store, *events: CloudEvent) -> None:
    """With the activity and two people known."""
    intake.take(store, [published(), contact_card(LIN), contact_card(ALICE), *events], NOW)


def confirm_all(store: Store, everyone: list[Contact]) -> None:
    facts = [confirmed(one.person, sequence) for sequence, one in enumerate(everyone, start=4)]
    hear(store, *[contact_card(one) for one in everyone], *facts)


def delivery(database: Database[dict[str, Any]], sequence: int = 4, person: str = "lin") -> dict[str, Any]:
    found = database["deliveries"].find_one({"fact": f"activity:{ACTIVITY}@{sequence}.0", "person": person})
    assert found is not None
    return found


def state(database: Database[dict[str, Any]]) -> tuple[str, int, str]:
    """Of what confirms Lin's seat: state, attempts, reason."""
    found = delivery(database)
    return found["state"], found["attempts"], found.get("reason", "")
