"""The directory on the bus."""

from directory.schemas import ROLES, SCHOOL
from gongxue_chassis.commands import commands
from gongxue_chassis.commit_log import CommitLog, Log
from gongxue_chassis.log.commit import Answer
from gongxue_contracts.envelope import CloudEvent


class DirectoryService:
    """Decides what is asked of schools, and who holds which role."""

    name = "directory"
    log: Log = CommitLog(SCHOOL, ROLES)

    @commands
    def answer(self, bundle: list[CloudEvent]) -> list[Answer]:
        """Decide the commands in their order; each is answered after the commit."""
        return self.log.answer(bundle)
