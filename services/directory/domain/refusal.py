"""How a command is refused: a code for programs and details for the words that the edge puts around it."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Refused:
    """`code` is one of the directory's refusal codes; `details` are plain values."""

    code: str
    details: dict[str, Any] = field(default_factory=dict)
