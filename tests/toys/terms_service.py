"""The toy with timers as a service: `TERM_SECONDS=1 python -m toys.terms_service`, in the directory's place."""

from __future__ import annotations

from gongxue_chassis import process

# isort: split
import os
from datetime import timedelta

from toys.terms import terms

from gongxue_chassis.commands import commands
from gongxue_chassis.commit_log import CommitLog, Log
from gongxue_chassis.log.commit import Answer
from gongxue_chassis.settings import Env, Plumbing
from gongxue_contracts.envelope import CloudEvent


class TermsService:
    """Reads the queue that is the directory's in life."""

    name = "directory"
    log: Log = CommitLog(terms(timedelta(seconds=float(os.environ["TERM_SECONDS"]))))

    @commands
    def answer(self, bundle: list[CloudEvent]) -> list[Answer]:
        return self.log.answer(bundle)


if __name__ == "__main__":
    process.serve(TermsService, Plumbing.read(Env()))
