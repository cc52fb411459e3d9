"""The registration service's settings: those that every service has."""

from __future__ import annotations

from gongxue_chassis.settings import Env, Plumbing

COMMAND_PARTITIONS = 4


def plumbing() -> Plumbing:
    """From the environment. Raises EnvValidationError that names each setting which is missing or wrong."""
    env = Env()
    settings = Plumbing.read(env, command_partitions=COMMAND_PARTITIONS)
    env.seal()
    return settings
