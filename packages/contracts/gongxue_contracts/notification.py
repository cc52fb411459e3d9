"""What notification publishes: answers about people's data, between our own services only."""

from gongxue_contracts import fields
from gongxue_contracts.contract import Contract, Schemas
from gongxue_contracts.personal import PersonForgotten


class ExportPart(Contract):
    """Some of what this service holds about a person, asked for by `gateway.export_asked.v1`.

    The parts count from 0 and are complete when all up to the `last` one are there.
    """

    person = fields.Matching(fields.ID)
    export = fields.Matching(fields.ID)
    part = fields.Count()
    last = fields.Flag()
    data = fields.Open()


PRIVATE: Schemas = {
    "notification.person_forgotten.v1": PersonForgotten,
    "notification.export_part.v1": ExportPart,
}
