"""Every mail that is due, once: facts of registrations against what notification keeps and the mail catcher got."""

from __future__ import annotations

import json
import urllib.request
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chaos.replay import Replay

from notification.mime import name

Document = Mapping[str, Any]


@dataclass
class Post:
    """Deliveries by what is wrong with them. `repeated`: mails that went out again under the same Message-ID."""

    missing: list[str] = field(default_factory=list)
    uncalled: list[str] = field(default_factory=list)
    unsent: list[str] = field(default_factory=list)
    not_arrived: list[str] = field(default_factory=list)
    sent: int = 0
    withheld: int = 0
    repeated: int = 0

    @property
    def complete(self) -> bool:
        """Whether everybody was told everything, and nothing else."""
        return not (self.missing or self.uncalled or self.unsent or self.not_arrived)


def due(logs: Iterable[Replay]) -> set[str]:
    """The names of the deliveries that these logs give: one for each fact about a registration."""
    return {
        f"{fact}/{line.person}/mail"
        for log in logs
        for line in log.registrations.values()
        for fact in line.facts
    }


def check(wanted: set[str], deliveries: Iterable[Document], arrived: Mapping[str, int]) -> Post:
    """`arrived`: Message-ID, the part before the @ → how often it came. Mails of other activities may be among them."""
    kept = {delivery["_id"]: delivery for delivery in deliveries}
    post = Post(missing=sorted(wanted - kept.keys()), uncalled=sorted(kept.keys() - wanted))
    last_told: dict[str, int] = {}
    for delivery in kept.values():
        if delivery["state"] == "sent":
            registration = delivery["registration"]
            last_told[registration] = max(last_told.get(registration, 0), delivery["sequence"])
    for id, delivery in kept.items():
        came = arrived.get(name(id), 0)
        if delivery["state"] == "sent":
            post.sent += 1
            post.repeated += max(came - 1, 0)
            if not came:
                post.not_arrived.append(id)
        elif (
            delivery["state"] == "withheld"
            and last_told.get(delivery["registration"], 0) > delivery["sequence"]
        ):
            post.withheld += 1
        else:
            post.unsent.append(f"{id}: {delivery['state']} {delivery.get('reason', '')}")
    return post


def arrived(mails_url: str) -> Counter[str]:
    """What the mail catcher got, by the part of the Message-ID before the @."""
    found: Counter[str] = Counter()
    start, more = 0, True
    while more:
        with urllib.request.urlopen(f"{mails_url}/api/v1/messages?start={start}&limit=1000") as answer:
            page = json.load(answer)["messages"]
        found.update(mail["MessageID"].partition("@")[0] for mail in page)
        start, more = start + len(page), bool(page)
    return found
