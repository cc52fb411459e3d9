"""The code that a registration is shown by at the door: to a camera as a picture, to a person as letters."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache

import segno
from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Code:
    """`picture` is an SVG without a name of its own; `letters` say which registration it is where no camera works."""

    picture: Markup
    letters: str


@lru_cache(maxsize=1024)
def code(registration: str, site: str) -> Code:
    """The code of a registration: the address of its page, which shows something to nobody but those who may see it."""
    written = io.BytesIO()
    made = segno.make(f"{site}/registrations/{registration}", error="m", micro=False)
    # Dark on white in every theme: many readers do not see the reverse.
    made.save(
        written,
        kind="svg",
        xmldecl=False,
        svgns=False,
        nl=False,
        border=4,
        omitsize=True,
        dark="#000",
        light="#fff",
        svgclass="qr",
        lineclass=None,
    )
    return Code(Markup(written.getvalue().decode()), letters(registration))  # noqa: S704 - made of numbers alone


def letters(registration: str) -> str:
    """Twelve of the registration's hex digits in groups: enough to find it on any roster."""
    digits = registration.replace("-", "")[:12].upper()
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))
