"""Lighthouse, Chromium's own judgement, about the pages that people see most, as a phone shows them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import httpx
import pytest
from browser.conftest import ARGUMENTS, CHROMIUM
from toys.node import node

from onemachine.stack import Stack

HERE = Path(__file__).parent / "lighthouse"
GOAL = 95
OF_ANYBODY = {
    "home": "/",
    "activities": "/activities",
    "sign-in": "/sign-in?with=school",
}
OF_SOMEBODY = {"activity": "/activities/co-training-nchu", "my-page": "/me"}
MOST_SECONDS = 300


@pytest.mark.usefixtures("chromium")
def test_lighthouse_gives_what_people_see_most_95_points_or_more(demo_stack: Stack) -> None:
    with httpx.Client(base_url=demo_stack.url) as somebody:
        assert somebody.post("/api/v1/session", json={"person": "ntou-staff-1"}).is_success
        cookies = "; ".join(f"{name}={value}" for name, value in somebody.cookies.items())
    asked = {
        "chromium": CHROMIUM,
        "arguments": ARGUMENTS,
        "pages": {
            name: {"address": demo_stack.url + path, "headers": {"accept-language": "zh-TW"} | more}
            for pages, more in ((OF_ANYBODY, {}), (OF_SOMEBODY, {"cookie": cookies}))
            for name, path in pages.items()
        },
    }

    done = subprocess.run(
        [node(HERE), "audit.mjs", json.dumps(asked)],
        cwd=HERE,
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2_000:]
    found = json.loads(done.stdout)
    assert list(found) == [*OF_ANYBODY, *OF_SOMEBODY]
    fell_short = {name: page for name, page in found.items() if min(page["scores"].values()) < GOAL}
    assert fell_short == {}
