"""The catalogue that people read is the one that the code has."""

from pathlib import Path

from gongxue_contracts import markdown

PAGE = Path(__file__).parents[2] / "docs" / "events.md"


def test_the_page_in_docs_is_the_catalogue() -> None:
    assert PAGE.read_text() == markdown.page(), "run: python -m gongxue_contracts page > docs/events.md"
