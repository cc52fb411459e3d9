"""The map of tiles and who borders on whom."""

from __future__ import annotations

from gateway.finding import counties
from gateway.finding.names import COUNTIES as NAMES
from gateway.web.words import COUNTIES as WORDS
from gongxue_contracts.parts import COUNTIES


def test_every_county_has_a_tile_and_words() -> None:
    assert set(counties.TILES) == set(NAMES) == set(WORDS) == set(COUNTIES)


def test_no_two_tiles_lie_upon_each_other_and_all_are_on_the_map() -> None:
    places = [(tile.column, tile.row + down) for tile in counties.TILES.values() for down in range(tile.high)]
    assert len(set(places)) == len(places)
    assert {column for column, _ in places} == set(range(counties.COLUMNS))
    assert {row for _, row in places} == set(range(counties.ROWS))


def test_a_neighbour_is_a_neighbour_both_ways_and_islands_have_none() -> None:
    assert all(one in counties.NEIGHBOURS[other] for one in COUNTIES for other in counties.NEIGHBOURS[one])
    alone = {county for county in COUNTIES if not counties.NEIGHBOURS[county]}
    assert alone == {"penghu", "kinmen", "lienchiang"}


def test_around_tainan() -> None:
    assert counties.around(["tainan"]) == {"tainan", "chiayi-county", "kaohsiung"}
    assert counties.around(["penghu"]) == {"penghu"}


def test_around_a_county_that_there_is_not_is_that_alone() -> None:
    assert counties.around(["atlantis", "keelung"]) == {"atlantis", "keelung", "new-taipei"}
