"""The catalogue holds exactly the words that templates and code use, each in zh-Hant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from gateway import web

FOLDER = Path(web.__file__).parent
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"trimmed": "true", "silent": "false"}}


@pytest.fixture(scope="module")
def used() -> Catalog:
    """Every text that is marked."""
    found = Catalog()
    extracted = extract_from_dir(
        FOLDER, METHODS, OPTIONS, keywords={**DEFAULT_KEYWORDS, "mark": None}, strip_comment_tags=True
    )
    for name, line, text, _, _ in extracted:
        found.add(text, locations=[(name, line)])
    return found


@pytest.fixture(scope="module")
def translated() -> Catalog:
    """The catalogue as it is committed."""
    with (FOLDER / "locales" / "zh_Hant" / "LC_MESSAGES" / "messages.po").open("rb") as source:
        return read_po(source, locale="zh_Hant")


def texts(catalogue: Catalog) -> set[Any]:
    return {message.id for message in catalogue if message.id}


def test_the_extraction_finds_words_in_code_and_templates(used: Catalog) -> None:
    found = texts(used)

    assert {"Co-training", "Skip to the content", "Choose which seat you want."} <= found
    assert ("%(num)s is waiting", "%(num)s are waiting") in found


def test_no_translation_is_missing(used: Catalog, translated: Catalog) -> None:
    assert sorted(map(str, texts(used) - texts(translated))) == []


def test_no_translation_is_left_over(used: Catalog, translated: Catalog) -> None:
    assert sorted(map(str, texts(translated) - texts(used))) == []
    assert list(translated.obsolete) == []


def test_every_translation_is_finished_and_takes_the_same_values(translated: Catalog) -> None:
    assert [message.id for message in translated if message.id and message.fuzzy] == []
    assert [message.id for message in translated if not all(_strings(message))] == []
    assert [(message.id, list(map(str, wrong))) for message, wrong in translated.check()] == []
    assert [message.id for message in translated if not _values(message)] == []


def test_chinese_has_full_width_punctuation(translated: Catalog) -> None:
    half_width = re.compile(r"[\u3400-\u9fff][,;:?!]|[,;:?!][\u3400-\u9fff]")

    assert [words for message in translated for words in _strings(message) if half_width.search(words)] == []


def test_words_that_stand_where_they_are_said_are_marked() -> None:
    """`say` is for words marked elsewhere: what is written inside it would never be found."""
    said = [path.name for path in FOLDER.rglob("*.py") if re.search(r"\bsay\(\s*[\"']", path.read_text())]

    assert said == []


def _strings(message: Message) -> Iterator[str]:
    if message.id:
        yield from [message.string] if isinstance(message.string, str) else message.string


def _values(message: Message) -> bool:
    """Whether each translation names values of the original only."""
    ids = [message.id] if isinstance(message.id, str) else message.id
    known = {name for text in ids for name in re.findall(r"%\((\w+)\)s", text)}
    return all(set(re.findall(r"%\((\w+)\)s", text)) <= known | {"num"} for text in _strings(message))
