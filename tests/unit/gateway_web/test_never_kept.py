"""What is somebody's own is not kept by the browser, and who tries what they may not is noted."""

from __future__ import annotations

import logging
from typing import Any

import pytest


@pytest.mark.parametrize(
    "address", ["/", "/me", "/activities/co-training-2026-winter", "/nowhere", "/api/v1/me"]
)
def test_pages_of_somebody_are_never_kept(site: Any, address: str) -> None:
    assert site.get(address).headers["cache-control"] == "private, no-cache"
    site.sign_in()
    assert site.get(address).headers["cache-control"] == "private, no-store"


def test_who_tries_what_they_may_not_is_noted_without_the_address(site: Any, caplog: Any) -> None:
    site.sign_in()
    with caplog.at_level(logging.INFO, "gateway.serving.answering"):
        site.runner.run(site.client.post("/sign-out?secret=1", headers={"origin": "https://evil.example"}))
    noted = [record.getMessage() for record in caplog.records if record.name == "gateway.serving.answering"]
    assert noted == ["cross_site: POST by nobody"]
