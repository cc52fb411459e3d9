"""What the gateway publishes. What holds names and addresses is private: never for partners, never in a log."""

from gongxue_contracts import fields
from gongxue_contracts.contract import Contract, Schemas
from gongxue_contracts.personal import ErasureAsked, ExportAsked, PersonErased


class ContactCard(Contract):
    """How to reach a person, whole each time; the highest `version` (from 1) is the valid one."""

    person = fields.Matching(fields.ID)
    name = fields.Line(100)
    email = fields.Address("email")
    language = fields.Choice("zh-Hant", "en")
    school = fields.Matching(fields.SLUG)
    version = fields.Count(1)


class SignInLink(Contract):
    """A link for signing in, to be mailed at once and forgotten when it has expired.

    `browser` says from where it was asked for, as people know it: `Firefox · Windows`, or nothing.
    """

    email = fields.Address("email")
    language = fields.Choice("zh-Hant", "en")
    address = fields.Line(500)
    expires_at = fields.Time()
    browser = fields.Line(60, blank=True)


FACTS: Schemas = {
    "gateway.person_erased.v1": PersonErased,
}

PRIVATE: Schemas = {
    "gateway.contact_card.v1": ContactCard,
    "gateway.erasure_asked.v1": ErasureAsked,
    "gateway.export_asked.v1": ExportAsked,
    "gateway.sign_in_link.v1": SignInLink,
}
