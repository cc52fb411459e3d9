"""The bars: what "works" means here, each shown by something that runs.

Whatever shows one writes `build/bars/<id>.json`; `python -m bench.bars` prints all that have run, the latest result
of each. Its exit status is 1 if one of them falls short.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

FOLDER = Path(__file__).resolve().parents[1] / "build" / "bars"

Form = Literal["short", "long"]
_HEAD = ("bar", "form", "value", "goal", "holds", "when")


@dataclass(frozen=True)
class Bar:
    """One result. `value` in `unit` is compared with `goal`, which is words; `detail` is all else that was measured."""

    id: str
    form: Form
    value: float
    unit: str
    goal: str
    holds: bool
    detail: Mapping[str, Any] = field(default_factory=dict)
    time: str = ""


def write(bar: Bar, folder: Path = FOLDER) -> Path:
    """Keep a result in the place of the last one of this bar, with the time of now if it has none."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{bar.id}.json"
    when = bar.time or datetime.now(UTC).isoformat(timespec="seconds")
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(asdict(bar) | {"time": when}, ensure_ascii=False, indent=1) + "\n")
    draft.replace(path)
    return path


def read(folder: Path = FOLDER) -> list[Bar]:
    """All results there are, in the order of their ids: P2 before P10."""
    found = [Bar(**json.loads(path.read_text())) for path in folder.glob("*.json")]
    return sorted(found, key=lambda bar: (bar.id[:1], int(bar.id[1:]) if bar.id[1:].isdigit() else 0, bar.id))


def table(bars: Iterable[Bar]) -> str:
    """The results as lines of a table, and under it what fell short."""
    shown = list(bars)
    rows = [_HEAD, *(_row(bar) for bar in shown)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    short = [bar.id for bar in shown if not bar.holds]
    lines.append(f"\nfell short: {', '.join(short)}" if short else f"\nall {len(shown)} hold")
    return "\n".join(line.rstrip() for line in lines)


def main() -> int:
    """Print the table; the exit status."""
    bars = read()
    if not bars:
        sys.stdout.write("no bar has run yet: make test, make chaos, make bench\n")
        return 0
    sys.stdout.write(table(bars) + "\n")
    return 0 if all(bar.holds for bar in bars) else 1


def _row(bar: Bar) -> tuple[str, ...]:
    when = bar.time.replace("+00:00", "Z").replace("T", " ")
    return (bar.id, bar.form, f"{bar.value:g} {bar.unit}", bar.goal, "yes" if bar.holds else "NO", when)


if __name__ == "__main__":
    raise SystemExit(main())
