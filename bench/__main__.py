"""`python -m bench [P1 P6 …]`: measure a fresh copy of Gongxue on this machine; `… bars`: show what was measured."""

from __future__ import annotations

import argparse
import asyncio
import os

import uvloop

from bench import bars, running
from bench.bars import Bar
from bench.measuring import Measured
from bench.report import keep_summary, machine, row, table

ALL = ("P1", "P2", "P3", "P4", "P6", "P9", "P10")


def main() -> int:
    """0 if all bars that ran hold, 1 if not."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("bars", nargs="*", metavar="BAR", help=f"which of {' '.join(ALL)} (default: all)")
    parser.add_argument(
        "--people", type=int, default=4_000, help="who register in each round (default: 4000)"
    )
    parser.add_argument("--rounds", type=int, default=3, help="of which the median counts (default: 3)")
    parser.add_argument("--keep", action="store_true", help="add the tables to bench/results")
    arguments = parser.parse_args()
    if arguments.bars == ["bars"]:
        return bars.main()
    wanted = frozenset(arguments.bars or ALL)
    if unknown := wanted - set(ALL):
        parser.error(f"no such bar here: {' '.join(sorted(unknown))}")
    print(f"{machine()}; load average {os.getloadavg()[0]:.1f} before the start", flush=True)
    running.reset()
    try:
        with running.running() as copy:
            first_start = copy.seconds
        with running.running() as copy, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            measured = Measured(copy, first_start, arguments.people, arguments.rounds)
            runner.run(measured.measure(wanted))
    finally:
        running.reset()
    return _report(measured.bars, measured.tables, keep=arguments.keep)


def _report(found: list[Bar], tables: list[str], *, keep: bool) -> int:
    for bar in found:
        bars.write(bar)
    head = ("bar", "measured", "goal", "holds", "detail")
    text = "\n\n".join([table(head, [row(bar) for bar in found]), *tables])
    print(f"\n{text}")
    if keep:
        print(f"\nkept in {keep_summary(text).name}")
    return 0 if all(bar.holds for bar in found) else 1


if __name__ == "__main__":
    raise SystemExit(main())
