"""The directory's settings: those that every service has."""

from gongxue_chassis.settings import Env, Plumbing


def plumbing() -> Plumbing:
    """From the environment. Raises EnvValidationError that names each setting which is missing or wrong."""
    env = Env()
    settings = Plumbing.read(env)
    env.seal()
    return settings


def bus() -> str:
    """The address of the bus alone, for what only publishes. Raises EnvValidationError."""
    env = Env()
    uri = env.str("AMQP_URI")
    env.seal()
    return str(uri)
