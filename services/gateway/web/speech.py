"""A language of the pages: its words, read from the catalogue once, at start."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from markupsafe import Markup, escape

from gateway.read_model.documents import Text
from gongxue_chassis.i18n import LANGUAGES, Texts

CATALOGUES = Path(__file__).parent / "locales"
_KEYS: Final[dict[str, Literal["zh", "en"]]] = {"zh-Hant": "zh", "en": "en"}
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Speech:
    """What code needs to speak a language. `language` is a BCP 47 tag and `key` names it in stored texts."""

    language: str
    key: Literal["zh", "en"]
    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]

    def say(self, words: str) -> str:
        """Words that are marked elsewhere. (`gettext` is for words that stand where they are used.)"""
        return self.gettext(words)

    def phrase(self, text: Text) -> Markup:
        """A stored text for this page; marked as Chinese where the page is English and there is no English."""
        if text[self.key]:
            return escape(text[self.key])
        return Markup('<span lang="zh-Hant">{}</span>').format(text["zh"])

    def written(self, words: str) -> Markup:
        """Words that somebody wrote in one language only: a name, a reason."""
        if self.key == "zh" or not _HAN.search(words):
            return escape(words)
        return Markup('<span lang="zh-Hant">{}</span>').format(words)

    def plain(self, text: Text) -> str:
        """The same where no markup can be: titles of windows, options of lists."""
        return text[self.key] or text["zh"]

    def other(self, text: Text) -> Markup | None:
        """The text in the other language, marked as such; None when there is none or it says the same."""
        tag, words = ("en", text["en"]) if self.key == "zh" else ("zh-Hant", text["zh"])
        if not words or words == self.plain(text):
            return None
        return Markup('<span lang="{}">{}</span>').format(tag, words)


def speeches() -> dict[str, Speech]:
    """Every language of the product by its tag, the default first."""
    texts = Texts(CATALOGUES)
    return {
        tag: Speech(tag, _KEYS[tag], texts.language(tag).gettext, texts.language(tag).ngettext)
        for tag in LANGUAGES
    }


def mark(text: str) -> str:
    """Mark words for the catalogue where they stand; they are translated where they are used."""
    return text
