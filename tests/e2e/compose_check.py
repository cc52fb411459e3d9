"""Goes through a running installation with demo people, from outside, as people and their calendars would.

    python3 tests/e2e/compose_check.py --gateway http://127.0.0.1:8080 --mails http://127.0.0.1:8025

Needs nothing but Python, and each run makes an activity of its own, so that it can be run again. Status 1 when
something is not as it should be.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.cookiejar import CookieJar
from typing import Any, TypeVar
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

PATIENCE_SECONDS = 60.0
HOST, FIRST, SECOND = "ncue-host", "ntu-staff-1", "ncku-staff-1"

Json = dict[str, Any]
Found = TypeVar("Found")


class Unexpected(Exception):
    """Not as it should be."""


class Visitor:
    """Somebody with a session of their own."""

    def __init__(self, gateway: str, person: str) -> None:
        self._gateway = gateway
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self.email = self.ask("POST", "/session", {"person": person})["person"]["email"]

    def ask(self, method: str, path: str, body: Json | None = None, status: int = 200) -> Json:
        """The answer's JSON. Raises Unexpected on any other status."""
        request = Request(
            f"{self._gateway}/api/v1{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex},
        )
        try:
            with self._opener.open(request, timeout=30) as answer:
                found, content = answer.status, answer.read()
        except HTTPError as error:
            found, content = error.code, error.read()
        if found != status:
            raise Unexpected(
                f"{method} {path}: {found} instead of {status}: {content.decode(errors='replace')}"
            )
        return dict(json.loads(content))


def eventually(what: str, look: Callable[[], Found | None]) -> Found:
    """What `look` finds, as soon as it finds something. Raises Unexpected."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.2)
    raise Unexpected(f"{what}: not within {PATIENCE_SECONDS:g} s")


def publish(host: Visitor) -> str:
    """A published workshop with a single seat; its id."""
    starts_at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
    activity = f"check-{uuid.uuid4().hex[:12]}"
    details = {
        "id": activity,
        "kind": "workshop",
        "host": "ncue",
        "title": {"zh": "安裝檢查", "en": "Check of an installation"},
        "summary": {"zh": "一個名額。", "en": "One seat."},
        "venue": None,
        "theme": None,
        "starts_at": starts_at.isoformat().replace("+00:00", "Z"),
        "ends_at": (starts_at + timedelta(hours=2)).isoformat().replace("+00:00", "Z"),
        "pools": {"onsite": 1},
        "waiting_limit": 1,
    }
    host.ask("POST", "/activities", details, 201)
    host.ask("POST", f"/activities/{activity}/publish")
    return activity


def mails(address: str) -> list[tuple[str, EmailMessage]]:
    """Everything the catcher has: to whom, and the mail."""
    with urlopen(f"{address}/api/v1/messages?limit=1000", timeout=10) as answer:
        listed = json.load(answer)["messages"]
    found = []
    for one in listed:
        if "Text" in one:  # some catchers have the whole mail in the list
            raw = one["Text"].encode()
        else:
            with urlopen(f"{address}/api/v1/message/{one['ID']}/raw", timeout=10) as answer:
                raw = answer.read()
        message = message_from_bytes(raw, policy=policy.default)
        assert isinstance(message, EmailMessage)
        found.append((one["To"][0]["Address"], message))
    return found


def calendars(address: str, registration: str) -> list[tuple[str, str]]:
    """(to whom, METHOD) of each calendar entry of a registration that was mailed."""
    found = []
    for to, mail in mails(address):
        for part in mail.walk():
            if part.get_content_type() != "text/calendar":
                continue
            text = part.get_payload(decode=True).decode().replace("\r\n ", "")  # type: ignore[union-attr]
            if f"UID:{registration}@" in text:
                found.append((to, next(line[7:] for line in text.splitlines() if line[:7] == "METHOD:")))
    return found


def check(gateway: str, catcher: str) -> None:
    """Raises Unexpected."""
    begun = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - begun:6.2f} s  {what}", flush=True)

    def told(who: Visitor, registration: str, method: str) -> None:
        wanted = (who.email, method)
        eventually(f"{method} to {who.email}", lambda: wanted in calendars(catcher, registration))
        say(f"a mail with a calendar entry, {method}, to {who.email}")

    host, first, second = eventually("demo people", lambda: signed_in(gateway))
    say("the demo people are there and signed in")
    activity = publish(host)
    say(f"published {activity} with one seat")
    registrations = f"/activities/{activity}/registrations"
    seat = first.ask("POST", registrations, {"pool": "onsite"}, 201)
    expect(seat["status"], "confirmed")
    say("registered: 201, confirmed")
    place = second.ask("POST", registrations, {"pool": "onsite"}, 201)
    expect((place["status"], place["place"]), ("waiting", 1))
    say("the next one: 201, first of the waiting list")
    told(first, seat["id"], "REQUEST")
    given_back = first.ask("DELETE", f"/registrations/{seat['id']}")
    expect(given_back["status"], "cancelled")
    say("given back: cancelled")
    eventually(
        "promotion",
        lambda: second.ask("GET", f"/registrations/{place['id']}")["status"] == "confirmed",
    )
    say("the next of the waiting list is confirmed")
    told(second, place["id"], "REQUEST")
    told(first, seat["id"], "CANCEL")
    with urlopen(f"{gateway}/activities/{activity}?lang=en", timeout=10) as page:
        if "Check of an installation" not in page.read().decode():
            raise Unexpected("the page of the activity does not show its title")
    say("its page shows it")


def signed_in(gateway: str) -> tuple[Visitor, Visitor, Visitor] | None:
    """Sessions of the three, once the demo data are loaded."""
    try:
        return Visitor(gateway, HOST), Visitor(gateway, FIRST), Visitor(gateway, SECOND)
    except Unexpected as error:
        if "unknown_person" in str(error):
            return None
        raise


def expect(found: Any, wanted: Any) -> None:
    """Raises Unexpected unless they are equal."""
    if found != wanted:
        raise Unexpected(f"{found!r} instead of {wanted!r}")


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--gateway", default="http://127.0.0.1:8080")
    parser.add_argument("--mails", default="http://127.0.0.1:8025")
    arguments = parser.parse_args()
    try:
        check(arguments.gateway.rstrip("/"), arguments.mails.rstrip("/"))
    except Unexpected as error:
        sys.exit(f"not as it should be: {error}")


if __name__ == "__main__":
    main()
