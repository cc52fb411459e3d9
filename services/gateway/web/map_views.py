"""The map of the counties: a tile for each, with how much takes place there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gateway.finding import counties
from gateway.web.speech import Speech
from gateway.web.words import COUNTIES

_WIDE, _HIGH, _GAP = 100, 62, 5
_FROM = (1, 2, 4, 8)
"""From how many activities on a tile is of the next depth of colour."""


@dataclass(frozen=True, slots=True)
class TileView:
    """A county's tile in the units of the drawing. `lines` are its name, `level` the depth of its colour, 0 to 4.

    `words` say how many activities there are, and where.
    """

    county: str
    name: str
    lines: tuple[str, ...]
    words: str
    count: int
    level: int
    address: str
    x: int
    y: int
    wide: int
    high: int

    @property
    def middle(self) -> int:
        """Where its words are centred."""
        return self.x + self.wide // 2

    @property
    def text_y(self) -> int:
        """The line on which its name begins."""
        return self.y + self.high // 2 - 4 - 8 * (len(self.lines) - 1)


@dataclass(frozen=True, slots=True)
class MapView:
    """All tiles, in the order of the counties, on a drawing of that size."""

    tiles: tuple[TileView, ...]
    wide: int
    high: int


def map_view(counts: Mapping[str, int], speech: Speech, address_of: Callable[[str], str]) -> MapView:
    """The map with how many activities there are in each county; a tile leads to `address_of` its county."""
    return MapView(
        tuple(_tile(county, counts.get(county, 0), speech, address_of(county)) for county in COUNTIES),
        counties.COLUMNS * (_WIDE + _GAP) - _GAP,
        counties.ROWS * (_HIGH + _GAP) - _GAP,
    )


def _tile(county: str, count: int, speech: Speech, address: str) -> TileView:
    place, name = counties.TILES[county], speech.say(COUNTIES[county])
    words = speech.ngettext("%(county)s: %(num)s activity", "%(county)s: %(num)s activities", count)
    return TileView(
        county=county,
        name=name,
        lines=tuple(name.split()) if len(name) > len("Kaohsiung!") else (name,),
        words=words % {"county": name, "num": count},
        count=count,
        level=sum(count >= least for least in _FROM),
        address=address,
        x=place.column * (_WIDE + _GAP),
        y=place.row * (_HIGH + _GAP),
        wide=_WIDE,
        high=place.high * (_HIGH + _GAP) - _GAP,
    )
