"""What travels when people ask what is known of them, or that it be forgotten."""

from gongxue_contracts import fields
from gongxue_contracts.contract import Contract


class PersonErased(Contract):
    """Whoever keeps anything about this person deletes it now, and takes in nothing more about them."""

    person = fields.Matching(fields.ID)


class ErasureAsked(Contract):
    """The same for our own services, each of which answers `<service>.person_forgotten.v1`. It may be asked again."""

    person = fields.Matching(fields.ID)
    erasure = fields.Matching(fields.ID)
    asked_at = fields.Time()


class PersonForgotten(Contract):
    """Nothing about the person is left with this service but their opaque id, which keeps them out."""

    person = fields.Matching(fields.ID)
    erasure = fields.Matching(fields.ID)


class ExportAsked(Contract):
    """The person wants to see what is held about them: each of our services tells what it has."""

    person = fields.Matching(fields.ID)
    export = fields.Matching(fields.ID)
