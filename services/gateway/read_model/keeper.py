"""Who looks after the read model: applies facts, makes it anew when that is asked for, tells how it is."""

from __future__ import annotations

import logging

from pymongo.database import Database

from gateway.read_model.applying import ReadModel
from gateway.read_model.generations import read_pointer, renew_indexes
from gateway.read_model.pulse import Pulse
from gateway.read_model.rebuilding import Rebuilding
from gateway.storage import Document
from gongxue_chassis.depths import Depths
from gongxue_chassis.errors import Unavailable
from gongxue_chassis.log.mongo import reachable
from gongxue_chassis.publisher import MessageSink

_log = logging.getLogger(__name__)


class Keeper:
    """One a process; `sink` and `depths` are its ways to the broker."""

    def __init__(self, database: Database[Document], sink: MessageSink, depths: Depths) -> None:
        self.read_model = ReadModel(database)
        self._database = database
        self._rebuilding = Rebuilding(database, sink)
        self._pulse = Pulse(database, self.read_model, depths)
        self._begun = False

    def beat(self) -> None:
        """About once a second. What is away now is looked for again at the next beat."""
        try:
            self._begin()
            self._pulse.beat()
            self._rebuilding.step()
        except Unavailable as error:
            _log.info("at this beat: %s", error)

    def _begin(self) -> None:
        if not self._begun:
            with reachable():
                renew_indexes(self._database, read_pointer(self._database).active)
            self._begun = True
