"""Results of the bars: kept, read and shown, with what falls short."""

from __future__ import annotations

from pathlib import Path

from bench.bars import Bar, read, table, write

R1 = Bar("R1", "short", 0, "lost, doubled or oversold", "0", True, {"kills": 6}, "2026-12-01T04:00:00+00:00")
P10 = Bar("P10", "long", 12_500, "facts/s", "reported", True, time="2026-12-01T05:00:00+00:00")
P2 = Bar("P2", "short", 41.5, "% of the floor", "≥ 60 %", False, time="2026-12-01T04:30:00+00:00")


def test_what_was_written_is_read_in_the_order_of_ids(tmp_path: Path) -> None:
    for bar in (R1, P10, P2):
        write(bar, tmp_path)
    assert read(tmp_path) == [P2, P10, R1]


def test_the_last_result_of_a_bar_counts(tmp_path: Path) -> None:
    write(R1, tmp_path)
    write(Bar("R1", "long", 3, "lost, doubled or oversold", "0", False), tmp_path)
    [only] = read(tmp_path)
    assert (only.form, only.holds) == ("long", False)
    assert only.time


def test_the_table_says_when_and_what_falls_short() -> None:
    head, _, p2, r1, _, end = table([P2, R1]).splitlines()
    assert head.split() == ["bar", "form", "value", "goal", "holds", "when"]
    assert p2 == "P2   short  41.5 % of the floor          ≥ 60 %  NO     2026-12-01 04:30:00Z"
    assert r1.startswith("R1   short  0 lost, doubled or oversold  0")
    assert end == "fell short: P2"
    assert table([R1]).endswith("all 1 hold")


def test_before_anything_has_run_there_is_nothing_to_read(tmp_path: Path) -> None:
    assert read(tmp_path / "none") == []
