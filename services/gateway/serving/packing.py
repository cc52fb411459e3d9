"""Contents that are packed for the way: once each, and only what everybody gets alike.

What is made for one person is sent as it is. Packed together with something that a request brought in, the length of
the answer would give away, byte by byte, what else stands in it (BREACH). The pages that nobody in particular sees
hold no secrets.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from functools import lru_cache

import brotli

FEWEST_BYTES = 600
"""Less than this fits into one packet anyway."""
_HOW: Mapping[str, Callable[[bytes], bytes]] = {
    "br": lambda plain: bytes(brotli.compress(plain, quality=5)),
    "gzip": lambda plain: gzip.compress(plain, 6, mtime=0),
}
_HARDER: Mapping[str, Callable[[bytes], bytes]] = {
    "br": lambda plain: bytes(brotli.compress(plain, quality=11)),
    "gzip": lambda plain: gzip.compress(plain, 9, mtime=0),
}


class Packed:
    """Bytes that everybody gets alike. `lasting`: they are worth more effort, for they stay the same."""

    __slots__ = ("_how", "_made", "plain")

    def __init__(self, plain: bytes, *, lasting: bool = False) -> None:
        self.plain = plain
        self._how = _HARDER if lasting else _HOW
        self._made: dict[str, bytes] = {}

    def accepted(self, accept_encoding: str) -> tuple[bytes, str | None]:
        """The bytes for a header `Accept-Encoding`, and the name of their encoding; None: as they are."""
        name = best(accept_encoding) if len(self.plain) >= FEWEST_BYTES else None
        if name is None:
            return self.plain, None
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = self._how[name](self.plain)
        return made, name


@lru_cache(maxsize=256)
def best(accept_encoding: str) -> str | None:
    """The encoding of ours that is accepted and packs best; None if none is."""
    accepted = {}
    for part in accept_encoding.lower().split(","):
        name, _, weight = part.partition(";")
        accepted[name.strip()] = weight.strip().replace(" ", "")
    return next((name for name in _HOW if not _refused(accepted.get(name, "q=0"))), None)


def _refused(weight: str) -> bool:
    return weight.startswith("q=0") and not weight.removeprefix("q=0").strip(".0")
