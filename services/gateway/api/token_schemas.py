"""Tokens as the API takes and shows them."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, ValidationError
from marshmallow import fields as plain
from marshmallow.validate import Length

from gateway.access.tokens import MOST_DAYS, OF_SCHOOLS, SCOPES
from gongxue_contracts import fields
from gongxue_contracts.contract import Contract, Part


class Days(fields.Count):
    """A whole number of days, up to a year."""

    def __init__(self) -> None:
        super().__init__(1, required=False, load_default=90)
        self.metadata = {**self.metadata, "maximum": MOST_DAYS}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if type(value) is not int or not 1 <= value <= MOST_DAYS:
            raise ValidationError(f"Not an integer from 1 to {MOST_DAYS}.")
        return value


class NewToken(Contract):
    """`days`: for how long it is good, 90 if it is left out."""

    name = fields.Line(100)
    scopes = plain.List(fields.Choice(*SCOPES), required=True, validate=Length(1, len(SCOPES)))
    days = Days()


class NewSchoolToken(NewToken):
    """Of a school; nobody registers as one."""

    scopes = plain.List(fields.Choice(*OF_SCHOOLS), required=True, validate=Length(1, len(OF_SCHOOLS)))


class Token(Contract):
    """`person` is who has made it and as whom it acts; `used` is when, to five minutes."""

    id = fields.Matching(r"^t[0-9a-f]{20}$")
    kind = fields.Choice("personal", "school")
    name = fields.Line(100)
    person = fields.Matching(fields.ID)
    school = fields.Matching(fields.SLUG)
    scopes = plain.List(fields.Choice(*SCOPES), required=True)
    created = fields.Time()
    expires = fields.Time()
    used = fields.Time(allow_none=True)


class MadeToken(Token):
    """`secret` is told this once: what is kept cannot tell it again."""

    secret = fields.Matching(r"^gx_[A-Za-z0-9_-]{43}$")


class TokenPage(Contract):
    """`next` is the cursor of the next page."""

    items = plain.List(Part(Token), required=True)
    next = fields.Line(300, allow_none=True)


NEW_TOKEN = NewToken(unknown=RAISE)
NEW_SCHOOL_TOKEN = NewSchoolToken(unknown=RAISE)
MADE_TOKEN = MadeToken()
TOKEN_PAGE = TokenPage()
