"""What can go wrong in the plumbing, as a tree that callers can catch by branch."""

from __future__ import annotations


class ChassisError(Exception):
    """Root of all errors raised by the chassis."""


class Conflict(ChassisError):
    """Another writer committed this sequence number of the stream first."""


class Unreadable(ChassisError):
    """A stream's log or snapshot cannot be folded: damaged, or of facts that this version does not know."""


class Unavailable(ChassisError):
    """The broker or the store cannot be reached now. What was asked may be tried again unchanged."""


class NotConfirmed(Unavailable):
    """The broker did not confirm a publish in time, or refused it. Whether it holds the message is unknown."""


class Poison(ChassisError):
    """Trying this message again cannot help: it is parked at once with `reason`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class TryLater(ChassisError):
    """Something this message needs has not arrived yet: it is delivered again after a delay."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail
