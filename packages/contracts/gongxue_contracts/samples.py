"""The golden samples: one whole event of every type, as it was when the type was published, byte for byte."""

import hashlib
from importlib.resources import files

_FOLDER = files("gongxue_contracts") / "golden"


def sample(type: str) -> bytes:
    """The golden sample of a type, a CloudEvent in JSON. Raises FileNotFoundError for a type without one."""
    return (_FOLDER / f"{type}.json").read_bytes()


def types() -> list[str]:
    """The types that have a sample, in alphabetical order."""
    names = (entry.name for entry in _FOLDER.iterdir())
    return sorted(name.removesuffix(".json") for name in names if name.endswith(".json"))


def published() -> dict[str, str]:
    """The SHA-256 of each sample as it was published, by type, out of `golden/SHA256SUMS`."""
    lines = (_FOLDER / "SHA256SUMS").read_text("ascii").splitlines()
    return {name.removesuffix(".json"): digest for digest, name in (line.split("  ") for line in lines)}


def digest(type: str) -> str:
    """The SHA-256 of a sample as it is now."""
    return hashlib.sha256(sample(type)).hexdigest()
