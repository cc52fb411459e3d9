"""The settings of the installation, from the environment; each may come from a file, as NAME_FILE."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from environs import FileAwareEnv, ValidationError

from installation.bus import DECIDING, PARTITIONS, RETRY_DELAYS, USERS, Bus
from installation.management import Management
from installation.replica_set import ReplicaSet
from installation.stores import DATABASES


@dataclass(frozen=True)
class Settings:
    """Where the broker and the store are, and what to bring them to. `wait`: seconds to wait for each of them.

    `replica_set` is what a single store shall be made; None leaves that to whoever runs the store.
    """

    management: Management
    bus: Bus
    store_uri: str
    store_passwords: Mapping[str, str]
    replica_set: ReplicaSet | None
    wait: float

    @classmethod
    def from_env(cls) -> Settings:
        """Read all settings. Raises EnvValidationError, whose `error_messages` names each that is missing or wrong."""
        env = FileAwareEnv(eager=False, strip_whitespace=True)
        replica_set = env.str("STORE_REPLICA_SET", "", validate=_replica_set)
        operator = env.str("BUS_OPERATOR", "operator")
        bus = Bus(
            passwords={user: env.str(f"BUS_{user.upper()}_PASSWORD") for user in USERS},
            vhost=env.str("BUS_VHOST", "gongxue"),
            operator=operator,
            partitions={
                service: env.int(f"{service.upper()}_PARTITIONS", PARTITIONS[service], validate=_positive)
                for service in DECIDING
            },
            retry_delays={
                tier: env.float(f"RETRY_{tier.upper()}_SECONDS", seconds, validate=_positive)
                for tier, seconds in RETRY_DELAYS.items()
            },
        )
        found = cls(
            management=Management(
                url=env.str("BUS_MANAGEMENT_URL", validate=_scheme("http", "https")),
                user=operator,
                password=env.str("BUS_OPERATOR_PASSWORD"),
            ),
            bus=bus,
            store_uri=env.str("STORE_OPERATOR_URI", validate=_scheme("mongodb", "mongodb+srv")),
            store_passwords={name: env.str(f"STORE_{name.upper()}_PASSWORD") for name in DATABASES},
            replica_set=ReplicaSet.parse(replica_set) if replica_set else None,
            wait=env.float("INSTALLATION_WAIT_SECONDS", 120.0, validate=_positive),
        )
        env.seal()
        return found


def _scheme(*schemes: str) -> Callable[[str], None]:
    def check(value: str) -> None:
        if value.partition("://")[0] not in schemes:
            raise ValidationError(f"must begin with {' or '.join(scheme + '://' for scheme in schemes)}")

    return check


def _replica_set(value: str) -> None:
    try:
        if value:
            ReplicaSet.parse(value)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _positive(value: float) -> None:
    if value <= 0:
        raise ValidationError("must be above 0")
