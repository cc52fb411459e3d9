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


FACTS: Schemas = {
    "gateway.person_erased.v1": PersonErased,
}

PRIVATE: Schemas = {
    "gateway.contact_card.v1": ContactCard,
    "gateway.erasure_asked.v1": ErasureAsked,
    "gateway.export_asked.v1": ExportAsked,
}
