"""`python -m gongxue_chassis`: what operators do with parked messages."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

import click

from gongxue_chassis import logs
from gongxue_chassis.errors import NotConfirmed, Unavailable
from gongxue_chassis.logs import visible
from gongxue_chassis.parking import NotOurs, NotParked, Parked, ParkingLot
from gongxue_chassis.settings import Env, load_or_refuse


@click.group()
def cli() -> None:
    """Parked messages."""
    logs.configure("parking")


def _operator() -> str:
    env = Env()
    uri = env.str("AMQP_URI")
    env.seal()
    return str(uri)


@cli.group()
@click.option(
    "--amqp-uri",
    default=lambda: load_or_refuse(_operator),
    show_default="AMQP_URI, or what AMQP_URI_FILE holds",
    help="An operator's address of the broker.",
)
@click.option(
    "--service", required=True, help="Whose parking: registration, notification …, or «unroutable»."
)
@click.pass_context
def parked(context: click.Context, amqp_uri: str, service: str) -> None:
    """Messages that could not be handled, with the reason."""
    context.obj = ParkingLot(amqp_uri, service, getpass.getuser())


@parked.command("list")
@click.pass_obj
def list_(lot: ParkingLot) -> None:
    """One line each: id, since when, attempts, queue, reason."""
    found = lot.all()
    for one in found:
        told = f"{one.id}  {one.first_seen}  {one.attempts}×  {one.queue}  {one.reason}: {one.detail[:80]}"
        click.echo(visible(told))
    click.echo(f"{len(found)} parked", err=True)


@parked.command()
@click.argument("parked_id")
@click.option("--body", "only_body", is_flag=True, help="The body alone, to edit it and give it back.")
@click.pass_obj
def show(lot: ParkingLot, parked_id: str, only_body: bool) -> None:
    """All about one."""
    one = lot.show(parked_id)
    if only_body and not sys.stdout.isatty():
        click.echo(one.body, nl=False)
        return
    if not only_body:
        click.echo(visible(f"from: {one.origin.user} by {one.origin.exchange} with {one.origin.routing_key}"))
        for header in sorted(f"{name}: {value}" for name, value in one.headers.items()):
            click.echo(visible(header))
        click.echo()
    for line in one.body.decode(errors="replace").split("\n"):
        click.echo(visible(line))


@parked.command()
@click.argument("parked_id")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.pass_obj
def edit(lot: ParkingLot, parked_id: str, file: Path) -> None:
    """Put FILE («-» for standard input) in the place of its body; it stays parked."""
    body = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    _say("edited", lot.edit(parked_id, body))


@parked.command()
@click.argument("parked_ids", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All that are parked now.")
@click.pass_obj
def redrive(lot: ParkingLot, parked_ids: tuple[str, ...], everything: bool) -> None:
    """Send them back to where they came from."""
    for parked_id in [one.id for one in lot.all()] if everything else parked_ids:
        _say("redriven", lot.redrive(parked_id))


@parked.command()
@click.argument("parked_id")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def discard(lot: ParkingLot, parked_id: str, yes: bool) -> None:
    """Throw it away for good."""
    if not yes:
        click.confirm(f"Throw {parked_id} away for good?", abort=True)
    _say("discarded", lot.discard(parked_id))


def _say(act: str, one: Parked) -> None:
    click.echo(visible(f"{act} {one.id} of {one.queue}"))


def main() -> None:
    """Run the command; what is wrong with the world is said in one line."""
    try:
        cli()
    except NotParked as error:
        raise SystemExit(visible(f"no parked message {error}")) from error
    except NotOurs as error:
        raise SystemExit(visible(f"not sent: {error}")) from error
    except (Unavailable, NotConfirmed) as error:
        raise SystemExit(f"the broker cannot be reached: {error}") from error


if __name__ == "__main__":
    main()
