"""`python -m gateway sign-in`: set how the people of a school sign in, as the operator of this machine.

The first school of a network, or the Center, is set up like this: until then nobody can sign in to do it on a page.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence

from pymongo.errors import PyMongoError

from gateway.config import Settings
from gateway.identity.outbound import Outbound
from gateway.identity.providers import Providers
from gateway.identity.sealing import Seal
from gateway.identity.settings_form import wanted
from gateway.problems import Problem
from gateway.storage import open_for_web
from gongxue_chassis.settings import load_or_refuse

BY = "operator-of-the-machine"


def main(arguments: Sequence[str]) -> int:
    """The exit status: 0 when it is set, 1 when it cannot be like this, one of sysexits.h when the store is away."""
    chosen = _parser().parse_args(arguments)
    settings = load_or_refuse(Settings.from_env)
    try:
        asyncio.run(_keep(settings, chosen))
    except Problem as problem:
        for pointer, words in problem.errors:
            sys.stderr.write(f"{pointer.removeprefix('/')}: {words}\n")
        return 1
    except PyMongoError as error:
        sys.stderr.write(f"the store is not available: {error}\n")
        return os.EX_UNAVAILABLE
    sys.stdout.write(f"{chosen.school}: {settings.public_url}/sign-in/{chosen.school}\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m gateway sign-in", description=__doc__)
    parser.add_argument("--school", required=True, help="its id, or center")
    parser.add_argument("--mail-domain", action="append", default=[], help="of the school's mail addresses")
    parser.add_argument("--issuer", default="", help="the school's OpenID Connect provider")
    parser.add_argument("--client-id", default="")
    parser.add_argument(
        "--client-secret-file", type=argparse.FileType("r"), help="a file with the secret alone"
    )
    parser.add_argument("--mail-links", action="store_true", help="mail links besides the provider as well")
    return parser


async def _keep(settings: Settings, chosen: argparse.Namespace) -> None:
    """Raises Problem provider_unusable, PyMongoError."""
    database = open_for_web(settings.plumbing.mongo_uri)
    try:
        providers = Providers(
            database, Outbound(here=settings.here), Seal(settings.secret), settings.public_url
        )
        secret = chosen.client_secret_file.read().strip() if chosen.client_secret_file else ""
        sent = {
            "issuer": chosen.issuer,
            "client_id": chosen.client_id,
            "client_secret": secret,
            "mail_domains": " ".join(chosen.mail_domain),
            "mail_links": chosen.mail_links,
        }
        await providers.keep(chosen.school, wanted(sent), BY)
    finally:
        await database.client.close()
