"""Following the read model: which generation is shown, and how fresh it is; asked twice a second, by each process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import PyMongoError

from gateway.read_model.freshness import Freshness, Tidings, freshness, tidings
from gateway.read_model.generations import POINTER, STATE, WORKER, Pointer, pointer_of
from gateway.storage import Document

FOLLOW_SECONDS = 0.5

_log = logging.getLogger(__name__)


class Following:
    """The generation of now. Until it is opened, that is the first one.

    `on_switch` is called when another generation is shown from now on.
    """

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._database = database
        self._pointer = Pointer()
        self._told: Document | None = None
        self._read_at: datetime | None = None
        self._keeper: asyncio.Task[None] | None = None
        self.on_switch: Callable[[], None] = lambda: None
        self.tidings = Tidings()
        """Worked out when it has looked, for every page says it."""

    @property
    def fed(self) -> tuple[str, ...]:
        """The generations that facts of own answers go to."""
        return self._pointer.fed

    def collection(self, name: str, generation: str | None = None) -> AsyncCollection[Document]:
        """A collection of the generation that is shown, or of this one."""
        return self._database[f"{name}{self._pointer.active if generation is None else generation}"]

    def freshness(self) -> Freshness:
        """How old is what is shown."""
        return freshness(datetime.now(UTC), self._read_at, self._told, self._pointer.rebuild)

    async def open(self) -> None:
        """Look once, and go on looking. Without a store the first generation is shown until there is one."""
        await self._look()
        self._take_stock()
        self._keeper = asyncio.create_task(self._keep())

    async def close(self) -> None:
        """Look no more."""
        if self._keeper:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(FOLLOW_SECONDS)
            await self._look()
            self._take_stock()

    def _take_stock(self) -> None:
        self.tidings = tidings(self.freshness())

    async def _look(self) -> None:
        try:
            found = {document["_id"]: document for document in await self._database[STATE].find().to_list()}
            pointer = pointer_of(found.get(POINTER))
        except PyMongoError:
            return  # whoever shows something says so: what was read last gets old
        except (LookupError, TypeError):
            _log.exception("the pointer of the read model cannot be read")
            return
        self._told, self._read_at = found.get(WORKER), datetime.now(UTC)
        before, self._pointer = self._pointer, pointer
        if before.active != pointer.active:
            _log.info("the read model is shown from generation %s", pointer.active or "one")
            self.on_switch()
