"""Well-known addresses."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest


@pytest.fixture
def contact(app: Any) -> Any:
    before = app.state.settings
    app.state.settings = replace(before, security_contact="mailto:security@gongxue.example.org")
    yield
    app.state.settings = before


def test_whom_to_tell_of_a_weakness(site: Any, contact: Any) -> None:
    answer = site.get("/.well-known/security.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    expires = datetime.fromisoformat(fields.pop("Expires"))
    assert timedelta(days=90) < expires - datetime.now(UTC) < timedelta(days=365)
    assert fields == {
        "Contact": "mailto:security@gongxue.example.org",
        "Preferred-Languages": "zh-Hant, en",
        "Canonical": "http://127.0.0.1:8000/.well-known/security.txt",
    }


def test_without_a_contact_there_is_none(site: Any) -> None:
    assert site.get("/.well-known/security.txt").status_code == 404


def test_robots_are_shown_what_is_for_everybody(site: Any) -> None:
    lines = site.get("/robots.txt").text.splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /me", "Disallow: /api/"} <= {*lines}
    assert "Disallow: /activities" not in lines
