"""Words that people search with, and whether a text has them: Chinese without word breaks, English by its beginnings.

A text and what is looked for are made alike first: full and half width, upper and lower case, accents, and characters
that are written in several ways (台 and 臺). Chinese is not cut into words, for nobody types the cuts: a term is
there if it can be tiled by its own pairs and triples of characters that all stand in the text. So 台南共培 finds what
speaks of 臺南 in one place and of 共培 in another, and 共同南瓜 finds neither.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST_QUERY = 100
"""Characters that are looked at; what comes after them is not."""
LONGEST_TILED = 20
"""Chinese characters of a term that may be tiled, which costs a little for each: longer ones are there as a whole."""

_VARIANTS = (
    "臺台 檯台 颱台 裏裡 羣群 峯峰 啓啟 綫線 衆眾 敎教 説說 爲為 温溫 衞衛 强強 塩鹽 着著 牀床 鷄雞 踪蹤 "
    "体體 学學 国國 会會 区區 医醫 与與 点點 关關 发發 図圖 图圖 広廣 农農 业業 产產 东東 云雲 乡鄉 县縣 "
    "绿綠 环環 净淨 凈淨 碳碳 续續 続續 实實 実實 践踐 组組 织織 场場 坛壇 论論 讲講 课課 训訓 员員 师師 "
    "馆館 线線 网網 报報 议議 题題 项項 计計 划劃 画畫 从從 来來 对對 应應 经經 济濟 済濟 龄齡 齢齡 乐樂 "
    "热熱 门門 长長 无無 电電 车車 书書 间間 湾灣 观觀 摩摩 叙敘 敍敘 社社 団團 团團 责責 任任 传傳 伝傳 统統"
)
_ALIKE = str.maketrans({pair[0]: pair[1] for pair in _VARIANTS.split() if pair[0] != pair[1]})
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\u3040-\u30ff\U00020000-\U0003134f"
_PIECE = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_is_han = re.compile(rf"[{_HAN}]").match


@dataclass(frozen=True, slots=True)
class Term:
    """Something that has to be in the text. `word` begins with a space unless it is Chinese.

    `tiles` are where its own pairs and triples of characters begin, for a Chinese word that is
    long enough for two and not too long.
    """

    word: str
    tiles: tuple[tuple[int, str, str], ...] = ()


def normal(text: str) -> str:
    """The text as all texts are compared: pieces of one script, lower case, each with a space before it."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_ALIKE)).casefold().translate(_ALIKE)
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " " + " ".join(_PIECE.findall(plain))


def terms(query: str) -> tuple[Term, ...]:
    """What somebody looks for, in the order in which it was written; nothing for a query without any word."""
    found = normal(query[:LONGEST_QUERY]).split()
    return tuple(dict.fromkeys(_term(piece) for piece in found))


def has(text: str, wanted: tuple[Term, ...]) -> bool:
    """Whether all of it is in a text that `normal` gave."""
    return all(term.word in text or (term.tiles and _tiled(text, term)) for term in wanted)


def _term(piece: str) -> Term:
    if not _is_han(piece):
        return Term(f" {piece}")
    if not 4 <= len(piece) <= LONGEST_TILED:
        return Term(piece)
    starts = range(len(piece) - 1)
    return Term(piece, tuple((at, piece[at : at + 2], piece[at : at + 3]) for at in starts))


def _tiled(text: str, term: Term) -> bool:
    """Whether the word is a row of pairs and triples that are in the text.

    Any longer piece of it that is in the text is a row of pairs and triples itself.
    """
    if term.tiles[-1][1] not in text:  # with which the last pair or triple ends
        return False
    end = len(term.word)
    reached = 1  # bit n: the first n characters are tiled
    for at, pair, triple in term.tiles:
        if not reached >> at:
            return False
        if reached >> at & 1 and pair in text:
            reached |= 1 << at + 2
            if at + 3 <= end and triple in text:
                reached |= 1 << at + 3
    return bool(reached >> end & 1)
