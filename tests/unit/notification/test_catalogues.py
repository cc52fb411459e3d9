"""Every text there is in the code and the templates is translated, and nothing else."""

from __future__ import annotations

import re

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from notification.letters import HERE

FILLED = re.compile(r"%\(\w+\)[ds]")


def texts_in_the_code() -> set[str]:
    methods = [("templates/**", "jinja2"), ("**.py", "python")]
    found = extract_from_dir(HERE, methods, options_map={"templates/**": {"trim_blocks": "true"}})
    return {message for _, _, message, _, _ in found if isinstance(message, str)}


def test_every_text_is_translated_and_nothing_else() -> None:
    with (HERE / "locale" / "zh_Hant" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        translated = {str(one.id): str(one.string) for one in read_po(file) if one.id}
    assert set(translated) == texts_in_the_code()
    assert [one for one in translated.items() if not one[1].strip()] == []
    assert [
        one for one in translated.items() if sorted(FILLED.findall(one[0])) != sorted(FILLED.findall(one[1]))
    ] == []
