"""Settings come from the environment, once, at start. `NAME_FILE` may name a file that holds the value of `NAME`."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn, TypeVar

from environs import EnvError, EnvValidationError, FileAwareEnv, validate

from gongxue_chassis.origin import OPERATOR

EX_CONFIG = 78  # sysexits.h: something was found in an unconfigured or misconfigured state

Settings = TypeVar("Settings")


class Env(FileAwareEnv):
    """Reads settings and gathers every complaint, so that one start names all that is missing or wrong.

    Call `seal()` after the last setting; it raises `EnvValidationError` whose `error_messages` maps the setting's
    name to what is wrong with it.
    """

    def __init__(self) -> None:
        super().__init__(eager=False)


@dataclass(frozen=True)
class Plumbing:
    """The settings that every service has."""

    amqp_uri: str
    mongo_uri: str
    health_port: int | None
    health_host: str
    log_level: str
    log_format: str
    command_partitions: int
    graceful_seconds: float
    bus_operator: str = OPERATOR

    @classmethod
    def read(cls, env: Env, *, command_partitions: int = 1) -> Plumbing:
        """Read the settings; what is missing or wrong is kept in `env` until it is sealed."""
        return cls(
            amqp_uri=env.str("AMQP_URI", validate=_uri("amqp", "amqps")),
            mongo_uri=env.str("MONGO_URI", validate=_uri("mongodb", "mongodb+srv")),
            health_port=env.int("HEALTH_PORT", None),
            health_host=env.str("HEALTH_HOST", "127.0.0.1"),
            log_level=env.str(
                "LOG_LEVEL", "INFO", validate=validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR"])
            ),
            log_format=env.str("LOG_FORMAT", "json", validate=validate.OneOf(["json", "text"])),
            command_partitions=env.int(
                "COMMAND_PARTITIONS", command_partitions, validate=validate.Range(min=1)
            ),
            graceful_seconds=env.float("GRACEFUL_SECONDS", 10.0),
            bus_operator=env.str("BUS_OPERATOR", OPERATOR),
        )


def load_or_refuse(read: Callable[[], Settings]) -> Settings:
    """Return the settings, or end the process with status 78 and one line for each setting that is wrong."""
    try:
        return read()
    except EnvValidationError as error:
        refuse(
            dict(error.error_messages)
            if isinstance(error.error_messages, Mapping)
            else {"environment": error.error_messages}
        )
    except EnvError as error:
        refuse({"environment": [str(error)]})


def refuse(problems: Mapping[str, Sequence[str]]) -> NoReturn:
    """End the process: it cannot start with these settings."""
    for name, messages in problems.items():
        for message in messages:
            sys.stderr.write(f"refusing to start: {name}: {message}\n")
    sys.stderr.flush()
    raise SystemExit(EX_CONFIG)


def _uri(*schemes: str) -> validate.Regexp:
    """A password may be part of it, so the complaint does not repeat the value."""
    wanted = " or ".join(f"{scheme}://" for scheme in schemes)
    pattern = "|".join(re.escape(f"{scheme}://") for scheme in schemes)
    return validate.Regexp(f"^(?:{pattern})", error=f"must be a URI that begins with {wanted}")
