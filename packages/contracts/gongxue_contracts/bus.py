"""What every service that takes commands understands and sends. Nothing here reaches a partner."""

from gongxue_contracts import fields
from gongxue_contracts.contract import Contract, Part, Schemas


class Refusal(Contract):
    """Why not: a code of the service that refused, and what belongs to it. The edge has the words."""

    code = fields.Matching(fields.NAME)
    details = fields.Open()


class Answer(Contract):
    """What became of a command; the event's `causationid` is the command, its `subject` the stream."""

    outcome = fields.Choice("accepted", "refused", "parked")
    facts = fields.Items(fields.Event())
    refusal = Part(Refusal, allow_none=True)


class CommandRefused(Contract):
    """A refusal that nobody waited for any more, so that `person` can still be told."""

    command = fields.Matching(fields.UUID)
    command_type = fields.Matching(r"^[a-z]+\.[A-Z][A-Za-z]*\.v[1-9][0-9]*$")
    stream = fields.Matching(fields.STREAM)
    person = fields.Matching(fields.ID, allow_none=True)
    code = fields.Matching(fields.NAME)
    details = fields.Open()


class ReplayAsked(Contract):
    """Publish all facts of your log once more, to this queue alone; then say `bus.replayed.v1` there."""

    rebuild = fields.Matching(fields.ID)
    to = fields.Matching(fields.NAMED_QUEUE)


class Replayed(Contract):
    """All facts that the service had when it was asked, and some newer ones, came before this in the same queue.

    `unreadable` commits of its log could not be turned into facts any more.
    """

    rebuild = fields.Matching(fields.ID)
    service = fields.Matching(fields.NAME)
    facts = fields.Count()
    unreadable = fields.Count()


PRIVATE: Schemas = {
    "bus.answer.v1": Answer,
    "bus.replay_asked.v1": ReplayAsked,
    "bus.replayed.v1": Replayed,
}
