"""Who listens to a stream of events of the API."""

from __future__ import annotations

import json
from typing import Any, Self

from toys.visitors import Visitor


class Listener:
    """Reads a stream of events."""

    def __init__(self, visitor: Visitor, path: str, **headers: str) -> None:
        self._stream = visitor.http.stream("GET", f"/api/v1{path}", headers=headers)
        self.answer = self._stream.__enter__()
        self._lines = self.answer.iter_lines() if self.answer.status_code == 200 else iter(())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stream.__exit__(None, None, None)

    def next(self) -> dict[str, Any]:
        """The next event. Raises StopIteration when the stream has ended."""
        found: dict[str, Any] = {}
        for line in self._lines:
            name, _, value = line.partition(": ")
            if not line and "data" in found:
                return found
            if name:
                found[name] = json.loads(value) if name == "data" else value
        raise StopIteration

    def rest(self) -> list[str]:
        """What comes until the stream ends."""
        return list(self._lines)
