"""What services wrote into their logs while a test ran."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

GRAVE = ("WARNING", "ERROR", "CRITICAL")
LAST = 20


def warnings_since(start: float, folder: Path) -> Iterator[tuple[str, str]]:
    """For each log below the folder: its name and the last lines of it that are graver than INFO, if there are any.

    `start`: seconds since 1970. Lines that are not JSON (an interpreter that died) count as grave, but not those
    of the broker, which never writes JSON.
    """
    for log in sorted(folder.rglob("log/*.log")):
        if "broker" in str(log.relative_to(folder)) or log.stat().st_mtime < start:
            continue
        grave = [line for line in log.read_text("utf-8", "replace").splitlines() if _grave(line, start)]
        if grave:
            yield str(log.relative_to(folder)), "\n".join(grave[-LAST:])


def _grave(line: str, start: float) -> bool:
    try:
        said = json.loads(line)
        return said["level"] in GRAVE and datetime.fromisoformat(said["time"]).timestamp() >= start
    except (ValueError, TypeError, KeyError):
        return bool(line.strip())
