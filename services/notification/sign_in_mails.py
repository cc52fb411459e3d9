"""Mails with a link for signing in: sent at once, once each, and kept nowhere.

Of a mail that has gone only the id of its fact is remembered, until the link has expired, so that a fact that comes
again sends nothing. A mail that could not be sent is tried again for as long as its link is of use; then it is dropped,
for a parked one would hold the link longer than it may be held.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from gongxue_chassis.errors import TryLater
from gongxue_chassis.log.mongo import reachable
from gongxue_contracts.envelope import CloudEvent
from notification.letters import Letters, Link
from notification.mime import BadAddress
from notification.smtp import Post, Server, ServerAway
from notification.storage import Store

SIGN_IN_LINK = "gateway.sign_in_link.v1"
LONGEST_DELAY = timedelta(minutes=10)
"""The longest that a message waits between two attempts: with less left than this there is no next one."""

_log = logging.getLogger(__name__)


class SignInMails:
    """Sends them."""

    def __init__(self, store: Store, letters: Letters, server: Server, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._letters = letters
        self._server = server
        self._clock = clock

    def send(self, events: Sequence[CloudEvent]) -> None:
        """Send what has not been sent. Raises TryLater, after all others are sent; Unavailable."""
        post = Post(self._server)
        failed: list[TryLater] = []
        try:
            for event in events:
                if event.type == SIGN_IN_LINK:
                    try:
                        self._send(_link(event), post)
                    except TryLater as error:
                        failed.append(error)
        finally:
            post.close()
        if failed:
            raise failed[0]

    def _send(self, link: Link, post: Post) -> None:
        now = self._clock()
        with reachable():
            if link.expires_at <= now or self._store.sign_in_mail_sent(link.fact):
                return
        try:
            answer = post.send(self._letters.write_link(link, now))
        except BadAddress:
            _log.warning("%s cannot be mailed: bad_address", link.fact)
            return
        except ServerAway as error:
            self._again(link, now, error.reason)
            return
        if answer.verdict == "again":
            self._again(link, now, answer.reason)
        elif answer.verdict == "never":
            _log.warning("%s cannot be mailed: %s", link.fact, answer.reason)
        else:
            with reachable():
                self._store.note_sign_in_mail(link.fact, link.expires_at)

    def _again(self, link: Link, now: datetime, reason: str) -> None:
        """Raises TryLater while there is time for another attempt."""
        if link.expires_at - now > LONGEST_DELAY:
            raise TryLater("mail_server_away", reason)
        _log.warning("%s is given up: %s", link.fact, reason)


def _link(event: CloudEvent) -> Link:
    data = event.data
    return Link(
        event.id, data["email"], data["language"], data["address"], data["expires_at"], data["browser"]
    )
