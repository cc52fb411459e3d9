"""Facts as the log keeps them: `{"type": "SeatConfirmed", "data": {...}}`, plain values that BSON holds as they are."""

from __future__ import annotations

from typing import Any

from cattrs.preconf.bson import make_converter


class FactCodec:
    """Turns the fact classes of one aggregate into documents and back.

    A fact is stored under its class's name. Renaming a class orphans what is stored, so each aggregate keeps golden
    samples of its stored facts.
    """

    def __init__(self, facts: tuple[type, ...]) -> None:
        self._classes = {fact.__name__: fact for fact in facts}
        self._converter = make_converter()

    def store(self, fact: Any) -> dict[str, Any]:
        """The document of a fact."""
        return {"type": type(fact).__name__, "data": self._converter.unstructure(fact)}

    def restore(self, document: dict[str, Any]) -> Any:
        """The fact of a document. Raises KeyError for a type the aggregate does not have."""
        return self._converter.structure(document["data"], self._classes[document["type"]])
