"""All that facts have made: the read model, what notification keeps, and the mails that people have got."""

from __future__ import annotations

import json
import re
import urllib.request
from collections import Counter
from dataclasses import dataclass
from difflib import unified_diff
from itertools import islice
from typing import Any

from chaos.network import Network

Document = dict[str, Any]

COLLECTIONS = {
    "gateway": ("activities", "registrations", "schools", "roles"),
    "notification": ("contacts", "activities", "registrations", "deliveries"),
}
END = "r6-end-"
"""Names that mark the end of what was sent; see `settle`."""

_WHEN_WRITTEN = re.compile(rb"^(Date|DTSTAMP)[:;].*\r?\n", re.MULTILINE)
_OF_THE_ATTEMPT = {"attempts", "made", "done", "due", "claim", "reason"}


@dataclass(frozen=True)
class Picture:
    """`documents`: (collection, id) → document. `mails`: Message-ID and content → how often it came."""

    documents: dict[tuple[str, str], Document]
    mails: Counter[tuple[str, bytes]]


def take(network: Network) -> Picture:
    """As everything is now."""
    documents = {
        (f"{database}.{name}", document["_id"]): document
        for database, names in COLLECTIONS.items()
        for name in names
        for document in network.database(database)[name].find()
        if not document["_id"].startswith(END)
    }
    return Picture(documents, mails(network.stack.mails_url))


def mails(url: str) -> Counter[tuple[str, bytes]]:
    """All mails, without what says when they were written."""
    with urllib.request.urlopen(f"{url}/api/v1/messages?limit=1000") as answer:
        listed = json.load(answer)["messages"]
    assert len(listed) < 1_000, "more than the catcher lists at once"
    found: Counter[tuple[str, bytes]] = Counter()
    for mail in listed:
        with urllib.request.urlopen(f"{url}/api/v1/message/{mail['ID']}/raw") as answer:
            found[(mail["MessageID"], _WHEN_WRITTEN.sub(b"", answer.read()))] += 1
    return found


def changes(before: Picture, after: Picture) -> list[str]:
    """Whatever is not exactly as it was."""
    ids = before.documents.keys() | after.documents.keys()
    different = [id for id in ids if before.documents.get(id) != after.documents.get(id)]
    return [*map(" ".join, sorted(different)), *_of_mails(before, after)]


def differences(ordered: Picture, shuffled: Picture) -> list[str]:
    """Where another order has come to another end.

    When a delivery was tried and how often is chance. A delivery may be there that is not in the ordered one, if its
    person had left by then: what nobody is told is no effect.
    """
    one, other = _ends(ordered), _ends(shuffled)
    different = [id for id in one.keys() | other.keys() if one.get(id) != other.get(id)]
    return [*map(" ".join, sorted(different)), *_of_mails(ordered, shuffled)]


def _ends(picture: Picture) -> dict[tuple[str, str], Document]:
    of_deliveries = "notification.deliveries"
    ends = {id: document for id, document in picture.documents.items() if id[0] != of_deliveries}
    for id, document in picture.documents.items():
        if id[0] == of_deliveries and document["state"] == "sent":
            ends[id] = {name: value for name, value in document.items() if name not in _OF_THE_ATTEMPT}
    return ends


def _of_mails(before: Picture, after: Picture) -> list[str]:
    """A line for each mail that is gone, new or worded otherwise, with the first lines that differ."""
    gone, new = dict((before.mails - after.mails).keys()), dict((after.mails - before.mails).keys())
    return [f"mail {id}: {_difference(gone.get(id, b''), new.get(id, b''))}" for id in sorted(gone | new)]


def _difference(one: bytes, other: bytes) -> str:
    lines = unified_diff(one.decode().splitlines(), other.decode().splitlines(), n=0, lineterm="")
    return " / ".join(line for line in islice(lines, 8) if not line.startswith(("---", "+++", "@@")))


def forget(network: Network) -> None:
    """Make the stores of read model and notification empty. Nobody may use them meanwhile."""
    for database, names in COLLECTIONS.items():
        for name in names:
            network.database(database)[name].delete_many({})
