"""Notification on the bus: facts come in, mails go out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nameko.extensions import DependencyProvider
from nameko.timer import timer

from gongxue_chassis.facts import facts
from gongxue_chassis.log.mongo import connect
from gongxue_chassis.parking import ParkingLot
from gongxue_chassis.publisher import Publisher
from gongxue_contracts.envelope import CloudEvent
from notification import intake
from notification.config import Settings
from notification.dispatch import Dispatch, utc_now
from notification.letters import Letters
from notification.personal import Desk
from notification.sign_in_mails import SignInMails
from notification.storage import Store

PATIENCE_SECONDS = 10.0
"""Nor does anybody miss a mail while they look at the answer: the mails of a rush begin when it is over, or then."""
TIDY_SECONDS = 3600
GATHER_SECONDS = 0.2
"""A mail may be that much later, and a rush of them costs a third."""


class Mailroom(DependencyProvider):  # type: ignore[misc]
    """Keeps what is to be told, and sends it in the background for as long as the service runs."""

    def setup(self) -> None:
        """Called by nameko before the service starts."""
        settings: Settings = self.container.config["settings"]
        self._store = Store(connect(settings.plumbing.mongo_uri))
        uri = settings.plumbing.amqp_uri
        self._publisher = Publisher(uri, "notification answers")
        self._desk = Desk(self._store, self._publisher, ParkingLot(uri, "notification", "erasure"))
        self._lanes = settings.connections
        letters = Letters(settings.sender)
        self._dispatch = Dispatch(self._store, letters, settings.server, self._lanes)
        self._sign_in_mails = SignInMails(self._store, letters, settings.server, utc_now)

    def start(self) -> None:
        """Called by nameko when all dependencies are ready."""
        self._running = [
            self.container.spawn_managed_thread(lambda lane=lane: self._dispatch.run(lane), f"mails {lane}")
            for lane in range(self._lanes)
        ]

    def stop(self) -> None:
        """Called by nameko after the last facts are kept: finish the mails under way."""
        self._dispatch.stop()
        for lane in self._running:
            lane.wait()
        self._publisher.close()

    def get_dependency(self, worker_ctx: Any) -> Mailroom:
        """What the service's methods see."""
        return self

    def take(self, events: Sequence[CloudEvent]) -> None:
        """Keep what these facts give to tell, and have it sent soon. Raises TryLater, Unavailable."""
        self._desk.serve(events, utc_now())
        try:
            intake.take(self._store, events, utc_now())
        finally:
            self._dispatch.wake()

    def mail_links(self, events: Sequence[CloudEvent]) -> None:
        """Mail the links for signing in, at once. Raises TryLater, Unavailable."""
        self._sign_in_mails.send(events)

    def tidy(self) -> None:
        """Delete what has been kept long enough. Raises Unavailable."""
        self._desk.tidy(utc_now())


class NotificationService:
    """Tells people what has happened to them."""

    name = "notification"
    mailroom = Mailroom()

    @facts(queue="notification.facts", gather=GATHER_SECONDS, patience=PATIENCE_SECONDS)
    def on_facts(self, events: list[CloudEvent]) -> None:
        """Each fact gives its mails once, however often it comes."""
        self.mailroom.take(events)

    @facts(queue="notification.sign_in")
    def on_sign_in_links(self, events: list[CloudEvent]) -> None:
        """Somebody waits for each of them."""
        self.mailroom.mail_links(events)

    @timer(interval=TIDY_SECONDS, eager=True)  # type: ignore[untyped-decorator]
    def tidy(self) -> None:
        """What has been kept long enough."""
        self.mailroom.tidy()
