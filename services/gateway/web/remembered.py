"""Pages that everybody sees alike, kept for as long as what they show is the same.

The read model hands out the same documents for a breath, see `gateway.micro_cache`. A page made of the very same
objects is the very same page.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime

from gateway.serving.packing import Packed
from gateway.web.rendering import Frame

Sources = tuple[object, ...]


class Remembered:
    """The pages by key. A page whose sources are other objects than before is made anew."""

    def __init__(self, most: int = 500) -> None:
        self._most = most
        self._pages: dict[Hashable, tuple[Sources, Packed]] = {}

    def get(self, key: Hashable, sources: Sources, make: Callable[[], bytes]) -> Packed:
        """The page of these sources. They are held on to, so that no other object can take their identity."""
        known = self._pages.get(key)
        if (
            known
            and len(known[0]) == len(sources)
            and all(a is b for a, b in zip(known[0], sources, strict=True))
        ):
            return known[1]
        if known is None and len(self._pages) >= self._most:
            self._pages.clear()
        made = Packed(make())
        self._pages[key] = (sources, made)
        return made


_for_nobody_in_particular = Remembered()


def alike(
    around: Frame, key: tuple[Hashable, ...], sources: Sources, make: Callable[[], bytes]
) -> bytes | Packed:
    """What nobody in particular sees is made once; what somebody sees is theirs, and made for them."""
    if around.person is not None:
        return make()
    return _for_nobody_in_particular.get((around, *key), sources, make)


def minute(now: datetime) -> int:
    """For the key of a page that says how things stand now, where its sources stay the same objects."""
    return int(now.timestamp()) // 60
