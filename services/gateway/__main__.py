"""`python -m gateway web`: pages and API. `worker`: the read model. `demo`: demonstration data.

`rebuild`: the read model made anew from the logs of the services, see `rebuild --help`. `grant`: a role for somebody,
see `grant --help`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable


def web() -> None:
    """Serve pages and API until SIGTERM, then finish what is in hand."""
    import gc

    from gateway.app import create
    from gateway.config import Settings
    from gateway.serving.server import serve
    from gongxue_chassis import logs
    from gongxue_chassis.settings import load_or_refuse

    settings = load_or_refuse(Settings.from_env)
    logs.configure("gateway", settings.plumbing.log_level, settings.plumbing.log_format)
    app = create(settings)
    # What is there now stays, and what a request leaves behind has no cycles worth looking for 100 times a second:
    # without this a tenth of the time goes into the search.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    serve(app, settings)


def worker() -> None:
    """Keep the read model until SIGTERM."""
    from gongxue_chassis.process import serve  # makes sockets green: before anything that may open one

    # isort: split
    from gateway.service import GatewayService
    from gongxue_chassis.settings import Env, Plumbing, load_or_refuse

    def read() -> Plumbing:
        env = Env()
        plumbing = Plumbing.read(env)
        env.seal()
        return plumbing

    serve(GatewayService, load_or_refuse(read))


def demo() -> None:
    """Load demonstration data into a running installation."""
    from gateway.demo.load import main as load

    load()


def rebuild() -> None:
    """Make the read model anew from the logs of the services, while it is shown."""
    from gateway.read_model.rebuild_command import main as ask_and_watch

    raise SystemExit(ask_and_watch(sys.argv[2:]))


def grant() -> None:
    """Let somebody hold a role, as the operator of this machine."""
    from gateway.access.granting import main as ask

    raise SystemExit(ask(sys.argv[2:]))


def sign_in() -> None:
    """Set how the people of a school sign in, as the operator of this machine."""
    from gateway.identity.command import main as keep

    raise SystemExit(keep(sys.argv[2:]))


COMMANDS: dict[str, Callable[[], None]] = {
    "web": web,
    "worker": worker,
    "demo": demo,
    "rebuild": rebuild,
    "grant": grant,
    "sign-in": sign_in,
}
WITH_OPTIONS = frozenset({"rebuild", "grant", "sign-in"})


def main() -> None:
    """Run the subcommand of the command line."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    chosen = COMMANDS.get(name)
    if chosen is None or (len(sys.argv) > 2 and name not in WITH_OPTIONS):
        sys.stderr.write(f"usage: python -m gateway {'|'.join(COMMANDS)}\n")
        raise SystemExit(2)
    chosen()


if __name__ == "__main__":
    main()
