"""What is packed for the way: once, in the best way that is accepted, and only if it is worth it."""

from __future__ import annotations

import gzip

import brotli
import pytest

from gateway.serving.packing import FEWEST_BYTES, Packed, best

PAGE = b"<p>\xe5\x85\xb1\xe5\xad\xb8</p>" * 200


@pytest.mark.parametrize(
    ("accepted", "name"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("br;q=0.0,gzip;q=0", None),
        ("br; q=0.01", "br"),
        ("identity", None),
        ("", None),
        ("brotli;;,=,\x00", None),
    ],
)
def test_the_best_that_is_accepted(accepted: str, name: str | None) -> None:
    assert best(accepted) == name


@pytest.mark.parametrize("lasting", [True, False])
def test_what_comes_out_is_what_went_in(lasting: bool) -> None:
    packed = Packed(PAGE, lasting=lasting)
    assert packed.accepted("") == (PAGE, None)
    body, name = packed.accepted("br")
    assert (brotli.decompress(body), name) == (PAGE, "br")
    body, name = packed.accepted("gzip")
    assert (gzip.decompress(body), name) == (PAGE, "gzip")
    assert len(body) < len(PAGE) / 10


def test_it_is_packed_once() -> None:
    packed = Packed(PAGE)
    assert packed.accepted("br")[0] is packed.accepted("gzip, br")[0]


def test_little_is_sent_as_it_is() -> None:
    assert Packed(b"x" * (FEWEST_BYTES - 1)).accepted("br")[1] is None
