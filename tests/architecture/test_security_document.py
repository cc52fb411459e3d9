"""What docs/security.md says is shown somewhere is there to be seen."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_it_names_files_that_are_there() -> None:
    document = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w./-]+(?:\.py|\.js|Dockerfile)|tests/[\w/]+)`", document))
    assert len(named) > 40
    places = (ROOT, ROOT / "services" / "gateway")
    assert sorted(name for name in named if not any((place / name).exists() for place in places)) == []
