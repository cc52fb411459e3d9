"""What the gateway publishes. It holds names and addresses: private, never for partners, never in a log."""

from gongxue_contracts import fields
from gongxue_contracts.contract import Contract, Schemas


class ContactCard(Contract):
    """How to reach a person, whole each time; the highest `version` (from 1) is the valid one."""

    person = fields.Matching(fields.ID)
    name = fields.Line(100)
    email = fields.Address("email")
    language = fields.Choice("zh-Hant", "en")
    school = fields.Matching(fields.SLUG)
    version = fields.Count(1)


PRIVATE: Schemas = {
    "gateway.contact_card.v1": ContactCard,
}
