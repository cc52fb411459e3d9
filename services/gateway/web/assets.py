"""What every page links to: few files and small, held in memory under addresses that change when the content does.

The stylesheet is written in parts, by concern, and is one file for browsers: a page takes one request less for each.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from mimetypes import guess_type
from pathlib import Path

HERE = Path(__file__).parent
STATIC = HERE / "static"
STYLES = HERE / "styles"
ORDER = ("tokens", "frame", "parts", "forms", "activities", "people", "reference", "narrow", "paper")
"""The parts of the stylesheet; a later one overrides an earlier one."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that browsers keep. `version` is a short name for its content."""

    content: bytes
    media_type: str
    version: str


@cache
def assets() -> dict[str, Asset]:
    """Every file by its name."""
    contents = {path.name: path.read_bytes() for path in STATIC.iterdir() if path.is_file()}
    contents["style.css"] = b"\n".join((STYLES / f"{part}.css").read_bytes() for part in ORDER)
    return {
        name: Asset(content, guess_type(name)[0] or "application/octet-stream", _version(content))
        for name, content in sorted(contents.items())
    }


def addresses() -> dict[str, str]:
    """Where each file is found, by its name without the ending."""
    return {name.partition(".")[0]: f"/static/{name}?v={one.version}" for name, one in assets().items()}


def _version(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
