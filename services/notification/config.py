"""Settings, from the environment, once, at start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parseaddr
from ipaddress import ip_address

from environs import ValidationError

from gongxue_chassis.settings import Env, Plumbing
from notification.letters import Sender
from notification.mime import BadAddress, address, line
from notification.smtp import Server

TLS = ("none", "starttls", "tls")


@dataclass(frozen=True)
class Settings:
    """`connections` is how many mails are under way to the mail server at once."""

    plumbing: Plumbing
    sender: Sender
    server: Server
    connections: int

    @classmethod
    def from_env(cls) -> Settings:
        """Read all settings. Raises EnvValidationError that names everything missing or wrong."""
        env = Env()
        plumbing = Plumbing.read(env)
        sender = env.str("NOTIFICATION_FROM", validate=_mailbox)
        public_url = env.str("PUBLIC_URL", validate=_web_address)
        host = env.str("SMTP_HOST")
        port = env.int("SMTP_PORT", 25, validate=_port)
        user = env.str("SMTP_USER", "")
        password = env.str("SMTP_PASSWORD", "")
        guarded = bool(user) and not _is_this_machine(host or "")
        tls = env.str("SMTP_TLS", "starttls" if guarded else "none", validate=_tls(guarded))
        connections = env.int("SMTP_CONNECTIONS", 2, validate=_some)
        env.seal()
        name, email = parseaddr(sender)
        from_whom = Sender(line(name) or email, address(email), public_url.rstrip("/"))
        server = Server(host, port, tls, user, password, hello=from_whom.domain)
        return cls(plumbing, from_whom, server, connections)


def _mailbox(value: str) -> None:
    wrong = ValidationError("must be a mailbox such as «Gongxue <notice@gongxue.example>»")
    if value != line(value):
        raise wrong
    try:
        address(parseaddr(value)[1])
    except BadAddress:
        raise wrong from None


def _web_address(value: str) -> None:
    if not value.startswith(("http://", "https://")):
        raise ValidationError("must begin with http:// or https://")


def _port(value: int) -> None:
    if not 1 <= value <= 65535:
        raise ValidationError("must be a port, 1 to 65535")


def _some(value: int) -> None:
    if not 1 <= value <= 32:
        raise ValidationError("must be 1 to 32")


def _tls(guarded: bool) -> Callable[[str], None]:
    def check(value: str) -> None:
        if value not in TLS:
            raise ValidationError(f"must be one of {', '.join(TLS)}")
        if value == "none" and guarded:
            raise ValidationError(
                "must be starttls or tls when SMTP_USER is set: the password would travel in the clear"
            )

    return check


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
