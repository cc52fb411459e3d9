"""The stylesheet: written in parts, one file for browsers, and nothing in it that no page uses."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from gateway.web.assets import HERE, ORDER, STATIC, STYLES, assets

LONGEST_PART = 400
COMMENT, BLOCK = re.compile(r"/\*.*?\*/", re.DOTALL), re.compile(r"\{[^{}]*\}")
CLASS = re.compile(r"\.([a-z][a-z0-9-]*)")


def parts() -> dict[str, str]:
    return {path.stem: path.read_text() for path in STYLES.iterdir()}


def test_every_part_is_in_the_one_file_once_and_in_order(site: Any) -> None:
    style = site.get("/static/style.css").text

    assert sorted(parts()) == sorted(ORDER)
    assert style == "\n".join(parts()[name] for name in ORDER)
    assert assets()["style.css"].media_type == "text/css"


def test_no_part_is_longer_than_one_can_hold_in_mind() -> None:
    long = {name: n for name, text in parts().items() if (n := len(text.splitlines())) > LONGEST_PART}
    assert long == {}


def test_every_class_of_the_stylesheet_is_used_by_a_page() -> None:
    pages = "\n".join(path.read_text() for path in used_by())
    names = {
        name for text in parts().values() for name in CLASS.findall(BLOCK.sub(" ", COMMENT.sub("", text)))
    }

    assert {name for name in names if not is_used(name, pages)} == set()


def used_by() -> list[Path]:
    return [*HERE.rglob("*.html"), *HERE.rglob("*.py"), STATIC / "page.js"]


def is_used(name: str, pages: str) -> bool:
    """Named as it stands, or put together from its beginning and a value: `badge-{{ status }}`."""
    beginning = name.rpartition("-")[0]
    made = beginning and any(f"{beginning}-{brace}" in pages for brace in ("{{", "{%", "${"))
    return bool(made) or re.search(rf"(?<![\w.-]){name}(?![\w-])", pages) is not None
