"""Results to read: tables, and a dated summary to keep. What `make bars` reads is the business of `bench.bars`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.bars import Bar

RESULTS = Path(__file__).parent / "results"

Row = Sequence[str]


def row(bar: Bar) -> Row:
    """A bar's line of the table."""
    said = "; ".join(f"{name} {shown(value)}" for name, value in bar.detail.items())
    return bar.id, f"{shown(bar.value)} {bar.unit}", bar.goal, "yes" if bar.holds else "NO", said


def shown(value: object) -> str:
    """A number with as many digits as say something."""
    if isinstance(value, int) or not isinstance(value, float):
        return f"{value:,}" if isinstance(value, int) else str(value)
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def table(head: Row, rows: Iterable[Row]) -> str:
    """A table in Markdown whose columns stand one below the other in a terminal as well."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    drawn = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in lines
    ]
    drawn.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(drawn)


def machine() -> str:
    """The machine in one line."""
    information = Path("/proc/cpuinfo").read_text().splitlines()
    model = next(
        (line.partition(":")[2].strip() for line in information if line.startswith("model name")), "?"
    )
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB"


def keep_summary(text: str) -> Path:
    """Add a run to the summary of today."""
    now = datetime.now(UTC)
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{now:%Y-%m-%d}.md"
    before = path.read_text() + "\n" if path.exists() else f"# Measured on {now:%Y-%m-%d}\n\n"
    path.write_text(f"{before}## {now:%H:%M} UTC, {machine()}\n\n{text}\n")
    return path
