"""The registration service on the bus."""

from __future__ import annotations

from gongxue_chassis.commands import commands
from gongxue_chassis.commit_log import CommitLog, Log
from gongxue_chassis.log.commit import Answer
from gongxue_contracts.envelope import CloudEvent
from registration.schemas import AGGREGATE
from registration.sig_schemas import SIG


class RegistrationService:
    """Decides what is asked of activities and of the registrations for them, and of SIGs."""

    name = "registration"
    log: Log = CommitLog(AGGREGATE, SIG)

    @commands
    def answer(self, bundle: list[CloudEvent]) -> list[Answer]:
        """Decide the commands in their order; each is answered after the commit."""
        return self.log.answer(bundle)
