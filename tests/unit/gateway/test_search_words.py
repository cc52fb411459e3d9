"""Whether words are in a text, as people type them."""

from __future__ import annotations

import pytest

from gateway.finding.words import LONGEST_QUERY, has, normal, terms

TEXT = normal(
    "112年USR共同培力活動：結合農林碳匯的里山根經濟發展策略\n臺南市 國立成功大學\n"
    "Co-training workshop: from a project to a local industry, Café Ｗｅｓｔ"
)


@pytest.mark.parametrize(
    "query",
    [
        "共同培力",
        "台南",
        "臺南",
        "usr",
        "ＵＳＲ",
        "１１２年",
        "培力 台南",
        "台南共同培力",
        "成功大學農林碳匯",
        "train",
        "co-training",
        "CO TRAIN",
        "cafe",
        "west",
        "里",
        "经济",
        "usr共同培力",
        "",
        "：，。",
    ],
)
def test_what_is_there_is_found(query: str) -> None:
    assert has(TEXT, terms(query))


@pytest.mark.parametrize(
    "query", ["臺北", "raining", "共同南瓜", "培力論壇", "台南 論壇", "usr2", "南成", "力活動結合無"]
)
def test_what_is_not_there_is_not(query: str) -> None:
    assert not has(TEXT, terms(query))


@pytest.mark.parametrize(
    ("one", "other"), [("台", "臺"), ("裡", "裏"), ("国", "國"), ("ｶﾞ", "ガ"), ("Ａ１", "a1"), ("é", "E")]
)
def test_what_is_written_in_several_ways_is_the_same(one: str, other: str) -> None:
    assert normal(one) == normal(other)


def test_a_query_of_any_length_costs_no_more_than_a_long_one() -> None:
    assert terms("共" * 100_000) == terms("共" * LONGEST_QUERY)


def test_pieces_of_a_word_may_not_overlap() -> None:
    """社區 and 區公 and 所長 are there, and yet the word is not made of them."""
    assert not has(normal("社區 區公 所長"), terms("社區公所長"))
    assert has(normal("社區 公所長"), terms("社區公所長"))
