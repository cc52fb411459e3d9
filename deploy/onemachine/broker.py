"""A private RabbitMQ node: own data, own ports, own port mapper; it neither touches nor meets the system's node."""

from __future__ import annotations

import socket
from collections.abc import Callable
from types import TracebackType
from urllib.parse import quote

from installation.bus import Bus
from installation.management import Management
from onemachine import rabbitmq
from onemachine.folder import Folder
from onemachine.processes import Process, Program

PORTS = ("amqp", "management", "erlang", "epmd")
OPERATOR = "operator"
VHOST = "gongxue"
_BOOT_SECONDS = 90.0
_CONF = """\
listeners.tcp.default = 127.0.0.1:{amqp}
management.tcp.ip = 127.0.0.1
management.tcp.port = {management}
default_vhost = {vhost}
default_user = {user}
default_pass = {password}
default_user_tags.administrator = true
loopback_users = none
log.file.level = warning
log.file.rotation.size = 5000000
log.file.rotation.count = 2
log.console = false
"""


class Broker:
    """The node in this folder, whose ports must have been chosen. Within `with` it runs."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.data = folder.sub("broker")
        self.mapper = Process(self._mapper(), folder.path)
        self.process = Process(self._node(), folder.path)

    def __enter__(self) -> Broker:
        self.start()
        self.wait_ready()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.stop()

    @property
    def amqp_uri(self) -> str:
        """The operator's address."""
        return self.uri_of(OPERATOR, self.password)

    @property
    def password(self) -> str:
        """The operator's password."""
        return self.folder.secret("bus-operator")

    @property
    def management(self) -> Management:
        """Its management API, as the operator."""
        url = f"http://127.0.0.1:{self.folder.port('management')}"
        return Management(url, OPERATOR, self.password)

    def uri_of(self, user: str, password: str, vhost: str = VHOST) -> str:
        """The address for a user."""
        return f"amqp://{user}:{quote(password)}@127.0.0.1:{self.folder.port('amqp')}/{quote(vhost, safe='')}"

    def install(self, bus: Bus) -> str:
        """Bring it to this topology; what was done, in one line."""
        return self.management.apply(bus)

    def start(self) -> None:
        """Start it without waiting until it is ready. Raises rabbitmq.Missing."""
        self._configure()
        rabbitmq.lay_out(rabbitmq.find(), self.data / "rabbitmq")
        self.mapper.start()
        self.mapper.wait_ready(10)  # otherwise Erlang starts a port mapper of its own, which outlives it
        self.process.start()

    def wait_ready(self, seconds: float = _BOOT_SECONDS) -> None:
        """Return as soon as it takes connections. Raises NotReady."""
        self.process.wait_ready(seconds)

    def kill(self) -> None:
        """`kill -9`. What it had confirmed is on its disk; `start` brings it back."""
        self.process.kill9()

    def stop(self) -> bool:
        """End it in order. Whether it ended by itself."""
        orderly = self.process.stop()
        self.mapper.kill9()  # keeps nothing, and asks for patience when asked to end
        return orderly

    def _configure(self) -> None:
        conf = _CONF.format(
            amqp=self.folder.port("amqp"),
            management=self.folder.port("management"),
            vhost=VHOST,
            user=OPERATOR,
            password=self.password,
        )
        self.folder.keep(self.data / "rabbitmq.conf", conf)
        self.folder.keep(self.data / "enabled_plugins", f"[{','.join(rabbitmq.PLUGINS)}].\n")

    def _mapper(self) -> Program:
        port = self.folder.port("epmd")
        return Program(
            "broker-names",
            ["epmd", "-port", str(port), "-address", "127.0.0.1"],
            {},
            ready=listening(port),
        )

    def _node(self) -> Program:
        home = self.data / "rabbitmq"
        erlang = self.folder.port("erlang")
        settings = {
            "HOME": self.data,
            "RABBITMQ_NODENAME": "gongxue@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": self.folder.port("amqp"),
            "RABBITMQ_DIST_PORT": erlang,
            "RABBITMQ_CTL_DIST_PORT_MIN": erlang + 1,
            "RABBITMQ_CTL_DIST_PORT_MAX": erlang + 10,
            "RABBITMQ_PLUGINS_DIR": home / "plugins",
            "RABBITMQ_MNESIA_BASE": self.data / "data",
            "RABBITMQ_LOG_BASE": self.data / "log",
            "RABBITMQ_CONFIG_FILE": self.data / "rabbitmq.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": self.data / "enabled_plugins",
            "RABBITMQ_GENERATED_CONFIG_DIR": self.data / "generated",
            "RABBITMQ_FEATURE_FLAGS_FILE": self.data / "feature_flags",
            "RABBITMQ_CONF_ENV_FILE": self.data / "no-env.conf",
            "RABBITMQ_PID_FILE": self.data / "pid",
            "ERL_EPMD_PORT": self.folder.port("epmd"),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_CRASH_DUMP_SECONDS": 0,
            # Erlang's threads else turn idly for a while before they sleep, on cores that others could use.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+sbwt none +sbwtdcpu none +sbwtdio none"
            " -kernel inet_dist_use_interface {127,0,0,1}",
            # The script then becomes the node itself, instead of a shell in front of it that signals would hit.
            "RABBITMQ_ALLOW_INPUT": "true",
        }
        return Program(
            "broker",
            ["sh", str(home / "start"), "-noinput"],
            {name: str(value) for name, value in settings.items()},
            ready=listening(self.folder.port("amqp")),  # opened when all else has started
            grace=20.0,
            cwd=self.data,
        )


def listening(port: int) -> Callable[[], bool]:
    """A condition: something takes connections on this port of the loopback address."""

    def check() -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", port)) == 0

    return check
