"""Texts in the languages of the product: gettext catalogues read from their `.po` files at start."""

from __future__ import annotations

import gettext
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("zh-Hant", "en")
"""BCP 47 tags, the default first."""


class Texts:
    """The catalogues below `folder`, laid out as gettext wants it: `<locale>/LC_MESSAGES/<domain>.po`.

    Message ids are the English texts, so English needs no catalogue.
    """

    def __init__(self, folder: Path, domain: str = "messages") -> None:
        self._languages: dict[str, gettext.NullTranslations] = {
            language: _read(folder / language.replace("-", "_") / "LC_MESSAGES" / f"{domain}.po")
            for language in LANGUAGES
        }

    def language(self, tag: str) -> gettext.NullTranslations:
        """Translations for a BCP 47 tag; the default language's for one that we do not speak."""
        return self._languages.get(tag, self._languages[LANGUAGES[0]])


def _read(path: Path) -> gettext.NullTranslations:
    if not path.exists():
        return gettext.NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
