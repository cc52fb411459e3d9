"""Who asks. What the log stores of them is for ever: the names of the fields do not change."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A person of a school, and as what they ask: "staff", "host", "window", "center" or "operator"."""

    person: str
    school: str
    role: str
