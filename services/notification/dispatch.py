"""Sending what is due, and keeping what became of it."""

from __future__ import annotations

import logging
import threading
import time
from binascii import crc32
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from gongxue_chassis.errors import Unavailable
from gongxue_chassis.log.mongo import reachable
from notification.domain.activity import History
from notification.domain.letter import Letter, NotYet, Withheld, compose
from notification.domain.registration import Standing
from notification.domain.retries import next_attempt
from notification.letters import Letters
from notification.mime import BadAddress
from notification.smtp import Post, Server, ServerAway
from notification.storage import Claimed, Due, Outcome, Store

_log = logging.getLogger(__name__)

WINDOW = 500
"""Deliveries listed at once as due."""

BATCH = 25
"""Deliveries claimed and recorded at once: also the most mails that go out twice when a process is killed."""

LEASE = timedelta(minutes=1)
"""For how long a batch is claimed: so late, at most, goes out what a killed sender had in hand."""

BATCH_TIME = timedelta(seconds=20)
"""After that time the rest of a batch is given back, and claimed anew. So a single mail may take 40 seconds."""

SWEEP_SECONDS = 5.0
"""How often to look for what has come due by itself: a retry's time, a lease that has ended."""

_PAUSE = 1.0

Clock = Callable[[], datetime]
Composed = tuple[Claimed, Letter | Withheld | NotYet]


def utc_now() -> datetime:
    """The time in UTC, to the millisecond that the store keeps."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


class Dispatch:
    """Sends the deliveries of a store through a mail server.

    Several lanes may run at once, each with a connection of its own. The people are divided among them, so that
    the mails of one person keep their order.
    """

    def __init__(
        self, store: Store, letters: Letters, server: Server, lanes: int = 1, clock: Clock = utc_now
    ) -> None:
        self._store = store
        self._letters = letters
        self._server = server
        self._clock = clock
        self._wakes = [threading.Event() for _ in range(lanes)]
        self._stopping = False

    def wake(self) -> None:
        """Something has come due."""
        for event in self._wakes:
            event.set()

    def stop(self) -> None:
        """Begin no more mails; `run` returns when the ones under way are recorded."""
        self._stopping = True
        self.wake()

    def run(self, lane: int) -> None:
        """Send until stopped, whenever woken and every few seconds. While the store is away, wait for it."""
        while not self._stopping:
            self._wakes[lane].clear()
            try:
                self.send_due(lane)
            except Unavailable as error:
                _log.warning("mails wait: %s", error)
            self._wakes[lane].wait(SWEEP_SECONDS)

    def send_due(self, lane: int = 0) -> int:
        """Send what is due until nothing is, and return how many mails went out. Raises Unavailable."""
        post = Post(self._server)
        sent = 0
        try:
            while due := self._due(lane):
                whole = True
                while due and whole and not self._stopping:
                    count, whole = self._send(due[:BATCH], post)
                    sent += count
                    del due[:BATCH]
        except ServerAway as error:
            _log.warning("no mail can be sent now: %s", error.reason)
        finally:
            post.close()
        return sent

    def _due(self, lane: int) -> list[Due]:
        if self._stopping:
            return []
        lanes = len(self._wakes)
        with reachable():
            listed = self._store.due(self._clock(), WINDOW * lanes)
        return [one for one in listed if crc32(one.person.encode()) % lanes == lane]

    def _send(self, due: Sequence[Due], post: Post) -> tuple[int, bool]:
        """How many mails went out, and whether all of the batch was tried."""
        claimed_at = self._clock()
        with reachable():
            claimed = self._store.claim(due, claimed_at, claimed_at + LEASE)
            waiting = list(self._compose(claimed))
        outcomes: list[Outcome] = []
        try:
            while waiting and not self._stopping:
                if outcomes and self._clock() >= claimed_at + BATCH_TIME:
                    break
                outcomes.append(self._tell(*waiting[0], post))
                del waiting[0]
        except ServerAway as error:
            outcomes += [self._again(one, error.reason) for one, _ in waiting]
            waiting = []
            raise
        finally:
            self._record(outcomes, [one for one, _ in waiting], claimed_at + LEASE)
        return sum(outcome.state == "sent" for outcome in outcomes), not waiting

    def _compose(self, claimed: Sequence[Claimed]) -> Iterator[Composed]:
        wanted = [one.delivery for one in claimed]
        contacts = self._store.contacts(one.person for one in wanted)
        standings = self._store.standings(one.registration for one in wanted if one.registration)
        histories = self._store.histories(one.activity for one in wanted if one.activity)
        outdated = (one for one in claimed if _newer_is_known(one, standings, histories))
        told = self._store.told(one.delivery.person for one in outdated)
        for one in claimed:
            delivery = one.delivery
            if delivery.person in contacts and contacts[delivery.person] is None:
                yield one, Withheld("erased")
                continue
            yield (
                one,
                compose(
                    delivery,
                    contacts.get(delivery.person),
                    standings.get(delivery.registration),
                    histories.get(delivery.activity, History()),
                    told.get(delivery.registration, {}),
                ),
            )

    def _tell(self, one: Claimed, letter: Letter | Withheld | NotYet, post: Post) -> Outcome:
        if isinstance(letter, Withheld):
            return Outcome(one, "withheld", self._clock(), letter.reason)
        if isinstance(letter, NotYet):
            return self._again(one, letter.reason)
        try:
            answer = post.send(self._letters.write(letter, self._clock()))
        except ServerAway:
            raise
        except BadAddress:
            return self._failed(one, "bad_address")
        except Exception as error:
            # Whatever is wrong with one letter, the others go out; it is tried again when the fault may be mended.
            _log.exception("%s cannot be written", one.delivery.id)
            return self._again(one, f"not written: {type(error).__name__}")
        if answer.verdict == "sent":
            return Outcome(one, "sent", self._clock())
        return (
            self._again(one, answer.reason) if answer.verdict == "again" else self._failed(one, answer.reason)
        )

    def _again(self, one: Claimed, reason: str) -> Outcome:
        due = next_attempt(one.attempts, self._clock())
        return Outcome(one, "due", due, reason) if due else self._failed(one, reason)

    def _failed(self, one: Claimed, reason: str) -> Outcome:
        _log.warning("%s failed after %d attempts: %s", one.delivery.id, one.attempts, reason)
        return Outcome(one, "failed", self._clock(), reason)

    def _record(self, outcomes: Sequence[Outcome], untried: Sequence[Claimed], until: datetime) -> None:
        """Keep at it while the store is away: what is not recorded as sent goes out again when the lease ends."""
        while True:
            try:
                with reachable():
                    self._store.record(outcomes)
                    return self._store.release(untried)
            except Unavailable:
                if self._stopping or self._clock() > until:
                    raise
                time.sleep(_PAUSE)


def _newer_is_known(one: Claimed, standings: dict[str, Standing], histories: dict[str, History]) -> bool:
    delivery = one.delivery
    standing = standings.get(delivery.registration)
    if standing is None:
        return False
    later = standing.newest > delivery.sequence
    return later or bool(histories[delivery.activity].tidings_after(delivery.sequence))
