"""The bars, measured one after the other on one running copy."""

from __future__ import annotations

import gc
from collections.abc import Sequence

from bench import floor, opening, pages, rebuilding, registering
from bench.bars import Bar
from bench.floor import Floor
from bench.opening import Opening
from bench.people import Visitor, open_activity, sign_in_everybody
from bench.processes import PARTS
from bench.registering import Rush
from bench.report import table
from bench.running import Running

AT_ONCE = 32
INDICO_REGISTRATIONS = 25.7
"""A second, by Indico 3.3.14 with four workers on a machine like this one, for the same form with mails."""
INDICO_PAGES = 20.9
ONE_BY_ONE = 300
CROWD = 5_000
LOOKS = 5_000
FLOOR_MANY = 2_000
FLOOR_FEW = 200


class Measured:
    """What has been measured so far: `bars`, and the `tables` behind them."""

    def __init__(self, copy: Running, first_start: float, people: int, rounds: int) -> None:
        self._copy = copy
        self._first_start = first_start
        self._people = people
        self._rounds = rounds
        self.bars: list[Bar] = []
        self.tables: list[str] = []

    async def measure(self, wanted: frozenset[str]) -> None:
        """Measure what is wanted."""
        if wanted & {"P1", "P2", "P3"}:
            _say(f"signing in {self._people} people")
            visitors = await sign_in_everybody(self._copy, self._people)
            below = await self._floor() if wanted & {"P2", "P3"} else {}
            if wanted & {"P1", "P2"}:
                await self._registrations(visitors, below)
            if "P3" in wanted:
                await self._one_by_one(visitors[:ONE_BY_ONE], below)
        if "P4" in wanted:
            await self._opening()
        if "P6" in wanted:
            await self._pages()
        if "P9" in wanted:
            self._footprint()
        if "P10" in wanted:
            await self._rebuild()

    async def _floor(self) -> Floor:
        _say("the floor: each part alone")
        found = await floor.measure(self._copy, AT_ONCE, FLOOR_MANY, FLOOR_FEW)
        rows = [(name, f"{part.rate:,.0f}", f"{part.milliseconds:.2f}") for name, part in found.items()]
        head = ("floor, each part alone", f"a second, {AT_ONCE} at a time", "ms, one at a time")
        self.tables.append(table(head, rows))
        return found

    async def _registrations(self, visitors: Sequence[Visitor], below: Floor) -> None:
        _say("warming up")
        await registering.rush(self._copy, visitors[: min(500, len(visitors))], AT_ONCE)
        rounds = []
        for number in range(self._rounds):
            _say(f"registering, round {number + 1} of {self._rounds}")
            gc.collect()  # of the load generator's own, between rounds and not in them
            rounds.append(await registering.rush(self._copy, visitors, AT_ONCE))
        middle = registering.median(rounds)
        self.bars.append(_p1(middle, rounds))
        if below:
            self.bars.append(_p2(middle, below))
        self.tables.append(_cpu(middle))

    async def _one_by_one(self, visitors: Sequence[Visitor], below: Floor) -> None:
        _say("registering one by one")
        await registering.one_by_one(self._copy, visitors[: len(visitors) // 10])
        self.bars.append(_p3(await registering.one_by_one(self._copy, visitors), below))

    async def _opening(self) -> None:
        _say(f"signing in {CROWD} more people")
        crowd = await sign_in_everybody(self._copy, CROWD, "crowd")
        _say("warming up")
        await opening.rush(self._copy, crowd[: CROWD // 5])
        _say(f"{CROWD} people, {opening.SEATS} seats")
        self.bars.append(_p4(await opening.rush(self._copy, crowd)))

    async def _pages(self) -> None:
        _say("looking at pages")
        activity = await open_activity(self._copy)
        await pages.measure(self._copy, activity, AT_ONCE, LOOKS // 10)
        rates = await pages.measure(self._copy, activity, AT_ONCE, LOOKS)
        slower = min(rates["list"], rates["activity"])
        goal = 50 * INDICO_PAGES
        detail = {**rates, "times Indico": slower / INDICO_PAGES}
        self.bars.append(
            Bar("P6", "long", slower, "pages/s", f"≥ {goal:,.0f} (50 × Indico)", slower >= goal, detail)
        )

    async def _rebuild(self) -> None:
        """Of all that the other bars have left in the logs; alone, of one round of registrations."""
        if not self.bars:
            visitors = await sign_in_everybody(self._copy, self._people)
            await registering.rush(self._copy, visitors, AT_ONCE)
        _say("making the read model anew")
        found = await rebuilding.rebuild(self._copy)
        grown = {name: most - found.before.get(name, 0.0) for name, most in found.most.items()}
        detail = {"facts": found.facts, "seconds": found.seconds, "grown by MiB": sum(grown.values())}
        self.bars.append(
            Bar("P10", "short", found.rate, "facts/s", "reported; constant memory", True, detail)
        )
        rows = [
            (name, f"{found.before.get(name, 0.0):.0f}", f"{most:.0f}") for name, most in found.most.items()
        ]
        self.tables.append(table(("memory, MiB (PSS)", "before the rebuild", "most meanwhile"), rows))

    def _footprint(self) -> None:
        """After all the work: memory only grows with it."""
        memory = self._copy.processes.memory()
        total = sum(memory.values())
        detail = {"first start, s": self._first_start, "next start, s": self._copy.seconds}
        starts = max(detail.values())
        held = total <= 600 and starts <= 10
        self.bars.append(Bar("P9", "long", total, "MiB", "≤ 600 MiB, start ≤ 10 s", held, detail))
        rows = [(name, f"{value:.0f}") for name, value in sorted(memory.items(), key=lambda one: -one[1])]
        self.tables.append(table(("memory after the run", "MiB (PSS)"), [*rows, ("all", f"{total:.0f}")]))


def _p1(middle: Rush, rounds: Sequence[Rush]) -> Bar:
    answered = len(middle.run.answers)
    detail = {
        "times Indico": middle.rate / INDICO_REGISTRATIONS,
        "rounds": registering.spread([one.rate for one in rounds]),
        "not counted": answered - middle.counted,
        "p50 ms": middle.run.percentile(0.5) * 1000,
        "p99 ms": middle.run.percentile(0.99) * 1000,
        "mails/s from the start to the last": answered / middle.mails_after,
        "processor used by others, %": 100 * middle.spent.others / middle.spent.machine,
    }
    held = middle.rate >= 1_000 and middle.counted == answered
    return Bar("P1", "long", middle.rate, "registrations/s", "≥ 1,000 (below 514 a defect)", held, detail)


def _p2(middle: Rush, below: Floor) -> Bar:
    slowest = min(below, key=lambda name: below[name].rate)
    ratio = middle.rate / below[slowest].rate
    detail = {"slowest part": slowest, "its rate": below[slowest].rate}
    return Bar("P2", "long", ratio, "of the slowest part", "≥ 0.60", ratio >= 0.6, detail)


def _p3(run: Rush, below: Floor) -> Bar:
    p50, p99 = (run.run.percentile(part) * 1000 for part in (0.5, 0.99))
    ratio = p50 / sum(part.milliseconds for part in below.values())
    held = p50 <= 10 and p99 <= 50 and ratio <= 3
    detail = {"p99 ms": p99, "ratio to the floor": ratio, "not counted": len(run.run.answers) - run.counted}
    return Bar("P3", "long", p50, "ms (p50)", "p50 ≤ 10, p99 ≤ 50 ms, ratio ≤ 3", held, detail)


def _p4(rush: Opening) -> Bar:
    p99 = rush.sold_out.percentile(0.99) * 1000
    detail = {
        "people": CROWD,
        "at a time": opening.AT_ONCE,
        "seats sold": rush.sold,
        "last seat after, s": rush.last_seat,
        "everybody knew after, s": rush.everybody,
        "sold out p50 ms": rush.sold_out.percentile(0.5) * 1000,
        "seat p99 ms": rush.seats.percentile(0.99) * 1000,
        "told to stand in line": len(rush.in_line.answers),
    }
    held = p99 <= 200 and rush.sold == rush.counted == opening.SEATS
    return Bar("P4", "long", p99, "ms (p99 of a sold-out answer)", "≤ 200 ms", held, detail)


def _cpu(middle: Rush) -> str:
    count = len(middle.run.answers)
    rows = []
    for name in (*PARTS, "load generator"):
        during, in_all = (spent.parts.get(name, 0.0) / count for spent in (middle.spent, middle.spent_in_all))
        rows.append((name, f"{during:.2f}", f"{in_all:.2f}"))
    total = [sum(spent.parts.values()) / count for spent in (middle.spent, middle.spent_in_all)]
    rows.append(("all", f"{total[0]:.2f}", f"{total[1]:.2f}"))
    return table(("processor ms a registration", "until the last answer", "until the last mail"), rows)


def _say(what: str) -> None:
    print(f"… {what}", flush=True)
