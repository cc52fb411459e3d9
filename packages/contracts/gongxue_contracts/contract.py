"""What all schemas of contracts have in common: one class, read tolerantly and written strictly.

Both directions are a marshmallow `load`, because only a load checks what it is given. Reading turns JSON
values into Python values and leaves out what it does not know; writing turns Python values into JSON values
and refuses what it does not know. The direction belongs to the schema instance, and every nested schema takes
over its parent's.
"""

from typing import Any, ClassVar, Literal

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields


class Contract(Schema):
    """A schema that travels. `writing` chooses the direction; see the module."""

    at_least_one: ClassVar[bool] = False
    """Whether one of its fields has to be there, where none of them is required."""

    def __init__(
        self,
        *,
        writing: bool = False,
        unknown: Literal["exclude", "include", "raise"] | None = None,
        **options: Any,
    ) -> None:
        self.writing = writing
        super().__init__(unknown=unknown or (RAISE if writing else EXCLUDE), **options)


ContractClass = type[Contract]
Schemas = dict[str, ContractClass]


class Part(fields.Nested):
    """An object within a contract, of its parent's direction and with its parent's way with unknown fields.

    `partial=True` lets any of its fields be absent, but not what those fields hold: a changed title is whole.
    """

    def __init__(self, nested: type[Contract], *, partial: bool = False, **options: Any) -> None:
        options.setdefault("required", True)
        super().__init__(nested, **options)
        self.contract = nested
        self.partial = partial

    @property
    def schema(self) -> Contract:
        """The nested schema, made once, when the parent is known."""
        if self._schema is None:
            self._schema = self.contract(
                writing=getattr(self.root, "writing", False),
                unknown=self.root.unknown if self.root else None,
                only=self.only,
                exclude=self.exclude,
                partial=self.partial or None,
            )
        assert isinstance(self._schema, Contract)  # noqa: S101 - for the type checker: made above, nowhere else
        return self._schema

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, partial: Any = None, **kwargs: Any
    ) -> Any:
        schema = self.schema
        result = schema.load(value)
        if schema.at_least_one and not result:
            raise ValidationError(f"At least one of: {', '.join(schema.fields)}.")
        return result
