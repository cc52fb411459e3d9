"""Settings of the gateway, from the environment, once, at start."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from environs import ValidationError

from gateway.api_settings import ApiSettings
from gongxue_chassis.settings import Env, Plumbing

DEVELOPMENT = "anyone-may-be-anyone"
SECRET_LENGTH = 32
SESSION_IDLE_SECONDS = 3 * 24 * 3600.0
"""After which who does not come by is signed out."""
SESSION_LONGEST_SECONDS = 14 * 24 * 3600.0
"""After which everybody signs in again."""
ADMISSIONS_PER_SECOND = 800.0
"""What two cores were measured to register, see bench/results."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the web side needs. Times in seconds."""

    plumbing: Plumbing
    host: str
    port: int
    public_url: str
    secret: str
    instance: str
    command_wait: float
    development_sign_in: bool
    session_idle: float = SESSION_IDLE_SECONDS
    session_longest: float = SESSION_LONGEST_SECONDS
    admissions_per_second: float = ADMISSIONS_PER_SECOND
    security_contact: str = ""
    api: ApiSettings = field(default_factory=ApiSettings)

    @property
    def authority(self) -> str:
        """The only `Host` that requests may name."""
        return urlsplit(self.public_url).netloc.lower()

    @property
    def here(self) -> bool:
        """Whether this is development on one machine: the pages' address is http on loopback."""
        return is_loopback(self.public_url)

    @property
    def secure(self) -> bool:
        """Whether browsers reach us by TLS only."""
        return self.public_url.startswith("https:")

    @classmethod
    def from_env(cls) -> Settings:
        """Raises EnvValidationError that names every setting that is missing or wrong."""
        env = Env()
        public_url = env.str("GATEWAY_PUBLIC_URL", validate=_origin)
        settings = cls(
            plumbing=Plumbing.read(env),
            host=env.str("GATEWAY_HOST", "127.0.0.1"),
            port=env.int("GATEWAY_PORT", validate=_port),
            public_url=public_url,
            secret=env.str("GATEWAY_SECRET", validate=_long),
            instance=env.str("GATEWAY_INSTANCE", "") or uuid.uuid4().hex[:12],
            command_wait=env.float("GATEWAY_COMMAND_WAIT", 5.0, validate=_positive),
            development_sign_in=bool(
                env.str("GATEWAY_DEVELOPMENT_SIGN_IN", "", validate=_only_here(public_url))
            ),
            session_idle=env.float("GATEWAY_SESSION_IDLE", SESSION_IDLE_SECONDS, validate=_positive),
            session_longest=env.float("GATEWAY_SESSION_LONGEST", SESSION_LONGEST_SECONDS, validate=_positive),
            security_contact=env.str("GATEWAY_SECURITY_CONTACT", "", validate=_contact),
            admissions_per_second=env.float(
                "GATEWAY_ADMISSIONS_PER_SECOND", ADMISSIONS_PER_SECOND, validate=_positive
            ),
            api=ApiSettings.read(env),
        )
        env.seal()
        return settings


def is_loopback(url: str) -> bool:
    """Whether the address is plain http on this very machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "http":
        return False
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _only_here(public_url: str | None) -> Callable[[str], None]:
    """The development sign-in lets anybody be anybody: nobody else may be able to reach it."""

    def check(value: str) -> None:
        if value and value != DEVELOPMENT:
            raise ValidationError(f"must be {DEVELOPMENT}, or unset")
        if value and not (public_url and is_loopback(public_url)):
            raise ValidationError("is refused unless GATEWAY_PUBLIC_URL is http on this machine (localhost)")

    return check


def _origin(value: str) -> None:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        raise ValidationError("must be like https://gongxue.example.org, without a path")


def _contact(value: str) -> None:
    if value and not (value.startswith(("mailto:", "https://", "tel:")) and value.isprintable()):
        raise ValidationError("must be an address that begins with mailto:, https:// or tel:")


def _long(value: str) -> None:
    if len(value) < SECRET_LENGTH:
        raise ValidationError(f"must have {SECRET_LENGTH} characters or more")


def _port(value: int) -> None:
    if not 1 <= value <= 65_535:
        raise ValidationError("must be a port from 1 to 65535")


def _positive(value: float) -> None:
    if value <= 0:
        raise ValidationError("must be more than 0")
