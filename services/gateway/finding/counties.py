"""The 22 counties: which of them are neighbours, and where each stands on a map of tiles.

The map is a cartogram drawn for Gongxue: a tile for each county, placed as neighbours are, so that small counties can
be read and pressed as well as large ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_BORDERS = (
    "keelung new-taipei, taipei new-taipei, new-taipei taoyuan, new-taipei yilan, taoyuan hsinchu-county, "
    "taoyuan yilan, hsinchu-city hsinchu-county, hsinchu-city miaoli, hsinchu-county miaoli, "
    "hsinchu-county taichung, hsinchu-county yilan, miaoli taichung, taichung changhua, taichung nantou, "
    "taichung yilan, taichung hualien, changhua nantou, changhua yunlin, nantou yunlin, nantou chiayi-county, "
    "nantou kaohsiung, nantou hualien, yunlin chiayi-county, chiayi-city chiayi-county, chiayi-county tainan, "
    "chiayi-county kaohsiung, tainan kaohsiung, kaohsiung pingtung, kaohsiung taitung, kaohsiung hualien, "
    "pingtung taitung, yilan hualien, hualien taitung"
)


@dataclass(frozen=True, slots=True)
class Tile:
    """A place on the map: columns from the west, rows from the north, `high` rows high."""

    column: int
    row: int
    high: int = 1


TILES: Final = {
    "keelung": Tile(3, 0),
    "taipei": Tile(2, 0),
    "new-taipei": Tile(2, 1),
    "taoyuan": Tile(1, 1),
    "hsinchu-city": Tile(1, 2),
    "hsinchu-county": Tile(2, 2),
    "miaoli": Tile(1, 3),
    "taichung": Tile(2, 3),
    "changhua": Tile(1, 4),
    "nantou": Tile(2, 4),
    "yunlin": Tile(1, 5),
    "chiayi-city": Tile(2, 5),
    "chiayi-county": Tile(1, 6),
    "tainan": Tile(1, 7),
    "kaohsiung": Tile(2, 6, 2),
    "pingtung": Tile(2, 8),
    "yilan": Tile(3, 1, 2),
    "hualien": Tile(3, 3, 2),
    "taitung": Tile(3, 5, 3),
    "penghu": Tile(0, 6),
    "kinmen": Tile(0, 3),
    "lienchiang": Tile(0, 0),
}
COLUMNS, ROWS = 4, 9


def _neighbours() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {county: set() for county in TILES}
    for border in _BORDERS.split(", "):
        one, other = border.split()
        found[one].add(other)
        found[other].add(one)
    return {county: frozenset(those) for county, those in found.items()}


NEIGHBOURS: Final = _neighbours()
"""Those that share a border on land; the islands have none."""


def around(counties: Iterable[str]) -> frozenset[str]:
    """These counties and their neighbours. One that is not among the 22 has none: it is as the store has it."""
    given = frozenset(counties)
    return given.union(*(NEIGHBOURS.get(county, frozenset()) for county in given))
