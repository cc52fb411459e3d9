"""The README's tour, run word for word; then what it promises is looked at from outside."""

from __future__ import annotations

import json
import os
import re
import subprocess
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
from icalendar import Calendar
from toys.waiting import eventually

from onemachine.stack import Stack

ROOT = Path(__file__).parents[2]


def tour() -> str:
    """The shell blocks of the README, in order."""
    return "\n".join(
        re.findall(r"^```sh\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    )


def mails(stack: Stack) -> list[EmailMessage]:
    """All that the catcher has of the tour's activity, whole, the oldest first."""
    box = httpx.get(f"{stack.mails_url}/api/v1/messages").json()["messages"]
    raw = [httpx.get(f"{stack.mails_url}/api/v1/message/{one['ID']}/raw").content for one in reversed(box)]
    whole = [message_from_bytes(one, policy=policy.default) for one in raw]
    return [mail for mail in whole if "/activities/small-workshop" in mail.get_body(("plain",)).get_content()]


def has_calendar(mail: EmailMessage) -> bool:
    """Whether there is a calendar part."""
    return any(part.get_content_type() == "text/calendar" for part in mail.walk())


def calendar(mail: EmailMessage) -> tuple[str, Any]:
    """METHOD and the event of a mail's calendar part."""
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    found = Calendar.from_ical(part.get_payload(decode=True))
    return str(found["METHOD"]), found.walk("VEVENT")[0]


def test_the_tour_keeps_what_the_readme_promises(demo_stack: Stack, tmp_path: Path) -> None:
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", tour()],
        cwd=tmp_path,
        env={**os.environ, "GONGXUE": demo_stack.url, "MAILS": demo_stack.mails_url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    first, second, third = (
        json.loads((tmp_path / f"{name}.json").read_text())
        for name in ("lin", "ncku-staff-1", "nchu-staff-1")
    )
    assert [one["status"] for one in (first, second, third)] == ["confirmed", "confirmed", "waiting"]
    assert third["place"] == 1
    [moved_up] = [
        one
        for one in json.loads((tmp_path / "moved-up.json").read_text())["items"]
        if one["activity"] == "small-workshop"
    ]
    assert (moved_up["id"], moved_up["status"]) == (third["id"], "confirmed")

    arrived = eventually(lambda: found if len(found := mails(demo_stack)) == 5 else None)
    to_nchu = [mail for mail in arrived if "nchu" in str(mail["To"])]
    assert len(to_nchu) == 2  # waiting, then moved up
    method, event = calendar(to_nchu[1])
    assert (method, str(event["UID"]).startswith(third["id"])) == ("REQUEST", True)
    methods = [calendar(mail)[0] for mail in arrived if has_calendar(mail)]
    assert sorted(methods) == ["CANCEL", "REQUEST", "REQUEST", "REQUEST"]
