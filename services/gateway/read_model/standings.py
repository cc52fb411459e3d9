"""The newest standing of seats that this process has heard of, by activity.

In a rush every registration changes the standing of the same activity. The web side keeps it here and shows it at
once; the worker, which hears of the same facts, writes it to the store once for many.
"""

from __future__ import annotations

from gateway.read_model.documents import Seats

Standing = dict[str, Seats]


class Standings:
    """Of the `most` activities that were heard of last."""

    def __init__(self, most: int = 5_000) -> None:
        self._most = most
        self._newest: dict[str, tuple[int, Standing]] = {}

    def note(self, activity: str, sequence: int, standing: Standing) -> bool:
        """Keep it if nothing newer is known; whether it was kept."""
        known = self._newest.pop(activity, None)
        kept = known is None or known[0] < sequence
        self._newest[activity] = known if known and not kept else (sequence, standing)
        if len(self._newest) > self._most:
            del self._newest[next(iter(self._newest))]
        return kept

    def newest(self, activity: str, sequence: int, standing: Standing) -> Standing:
        """What to show of an activity whose document holds this."""
        self.note(activity, sequence, standing)
        return self._newest[activity][1]
