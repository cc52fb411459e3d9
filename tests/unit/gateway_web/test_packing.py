"""Pages that everybody sees alike are packed; what is somebody's own is not, for its length would tell."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.web.assets import addresses

PACKED = ["/", "/activities", "/activities/co-training-2026-winter", "/schools", "/api"]


@pytest.mark.parametrize("address", PACKED)
@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_a_page_for_everybody_is_packed(site: Any, address: str, encoding: str) -> None:
    plain = site.get(address, **{"accept-encoding": "identity"})
    packed = site.get(address, **{"accept-encoding": encoding})
    assert packed.headers["content-encoding"] == encoding
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content  # httpx unpacks
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    assert "accept-encoding" in packed.headers["vary"]


@pytest.mark.parametrize("address", [*PACKED, "/me"])
def test_what_is_somebodys_own_is_not_packed(site: Any, address: str) -> None:
    site.sign_in()
    assert "content-encoding" not in site.get(address, **{"accept-encoding": "br, gzip"}).headers


def test_problems_that_repeat_what_was_asked_are_not_packed(site: Any) -> None:
    page = site.get("/nowhere?with=" + "x" * 2_000, **{"accept-encoding": "br, gzip"})
    assert "content-encoding" not in page.headers


@pytest.mark.parametrize("name", ["style", "page"])
def test_static_files_are_packed_and_kept_for_ever(site: Any, name: str) -> None:
    answer = site.get(addresses()[name], **{"accept-encoding": "br"})
    assert answer.headers["content-encoding"] == "br"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
