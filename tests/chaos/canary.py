"""A person whose name occurs nowhere else, their life at the pages, and the search for what is left of them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from chaos.network import Network
from toys.waiting import eventually

from gateway.actions import Person
from gongxue_chassis.publisher import connect
from installation.bus import definitions
from onemachine.services import Settings, topology

SERVICES = ("gateway", "notification", "registration", "directory")
OPAQUE_ALONE = {
    ("gateway", "erased"),
    ("gateway", "erasures"),
    ("gateway", "registrations"),
    ("gateway", "stale"),
    ("notification", "contacts"),
    ("registration", "commits"),
    ("registration", "pieces"),
}
"""Where the opaque id may stay: in facts, in what is made of them, and in the tombstones."""
BYTES_AT_ONCE = 1 << 20


def canary() -> Person:
    """Somebody new."""
    tail = secrets.token_hex(10)
    return Person(
        f"p{tail}",
        f"金絲雀{tail[:8]}",
        f"canary-{tail}@npust.example",
        "zh-Hant",
        "npust",
        frozenset({"staff"}),
    )


@dataclass
class Life:
    """What the person does in a browser. `secrets`: what was told to them alone."""

    network: Network
    person: Person
    browser: httpx.Client = field(init=False)
    secrets: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        url = self.network.stack.url
        headers = {"accept": "text/html", "origin": url, "sec-fetch-site": "same-origin"}
        self.browser = httpx.Client(base_url=url, headers=headers, timeout=10)

    def send(self, address: str, **fields: str) -> httpx.Response:
        """Send a form."""
        answer = self.browser.post(address, data=fields)
        assert answer.status_code in (200, 303), (address, answer.status_code, answer.text[:500])
        return answer

    def leave_traces(self, activity: str) -> None:
        """Of every kind that there is."""
        self.send("/sign-in", person=self.person.id)
        form = {"name": self.person.name, "language": "zh-Hant", "waiting_list": "yes"}
        self.send(f"/activities/{activity}/register", key="canary", pool="onsite", **form)
        self.send("/me/notices", language="en", photos="yes")
        self.send("/me/calendar", do="renew")
        made = self.send(
            "/me/tokens", name=self.person.name, scope="read", days="30", key=secrets.token_hex(8)
        )
        self.secrets.append(made.text.partition('value="gx_')[2].partition('"')[0])
        page = self.browser.get("/me/calendar").text
        self.secrets.append(page.partition("/calendars/people/")[2].partition(".ics")[0])
        assert all(self.secrets), self.secrets
        assert self.browser.get(f"/calendars/people/{self.secrets[1]}.ics").status_code == 200

    def export(self) -> dict[str, Any]:
        """All that is held about them."""
        self.send("/me/data/export")
        exports = self.network.database("gateway")["exports"]
        found = eventually(lambda: exports.find_one({"person": self.person.id, "complete": True}), 60)
        answer: dict[str, Any] = self.browser.get(f"/me/data/export/{found['_id']}.json").json()
        return answer

    def erase(self) -> str:
        """The address at which the erasure is followed."""
        return self.send("/me/data/erase", sure="yes").headers["location"]


@dataclass
class Search:
    """`marks` are what would tell of the person; the opaque id tells nobody anything, but only where it must be."""

    network: Network
    person: Person
    marks: list[str]

    def in_stores(self) -> list[str]:
        """Documents with a mark, and opaque ids in collections that have no business with them."""
        found = []
        for service in SERVICES:
            database = self.network.database(service)
            for name in database.list_collection_names():
                for document in database[name].find():
                    text = _text(document)
                    if any(mark in text for mark in self.marks):
                        found.append(f"{service}.{name}: {document['_id']}")
                    elif self.person.id in text and (service, name) not in OPAQUE_ALONE:
                        found.append(f"{service}.{name}: opaque id in {document['_id']}")
        return found

    def in_queues(self) -> list[str]:
        """Messages with a mark, in whatever queue: facts, delays, commands, parking."""
        stack = self.network.stack
        found = []
        with connect(stack.broker.amqp_uri, "canary") as connection:
            for queue in definitions(topology(stack.folder, Settings()))["queues"]:
                channel = connection.channel()
                if "x-single-active-consumer" in queue["arguments"]:
                    # Nobody else may look into these: they have to be empty.
                    if channel.queue_declare(queue["name"], passive=True).message_count:
                        found.append(queue["name"])
                    continue
                while message := channel.basic_get(queue["name"]):
                    body = message.body if isinstance(message.body, bytes) else message.body.encode()
                    text = body + str(message.properties).encode()
                    if any(mark.encode() in text for mark in self.marks):
                        found.append(queue["name"])
                channel.close()  # what was looked at goes back
        return found

    def in_files(self, *patterns: str) -> list[str]:
        """Files below the folder of the installation that hold a mark, such as `logs/*`."""
        root = self.network.stack.folder.path
        paths = {path for pattern in patterns for path in root.glob(pattern) if path.is_file()}
        assert paths, patterns
        return sorted(str(path.relative_to(root)) for path in paths if self._is_in(path))

    def _is_in(self, path: Path) -> bool:
        longest = max(len(mark.encode()) for mark in self.marks)
        for piece in _pieces(path, longest):
            if any(mark.encode() in piece or ascii(mark)[1:-1].encode() in piece for mark in self.marks):
                return True
        return False


def _pieces(path: Path, overlap: int) -> Iterator[bytes]:
    with path.open("rb") as source:
        before = b""
        while piece := source.read(BYTES_AT_ONCE):
            yield before + piece
            before = piece[-overlap:]


def _text(value: Any) -> str:
    """A document as text; bytes are JSON."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict):
        return " ".join(f"{name} {_text(item)}" for name, item in value.items())
    if isinstance(value, list):
        return " ".join(map(_text, value))
    return str(value)
