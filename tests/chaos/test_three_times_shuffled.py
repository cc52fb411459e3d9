"""R6: every fact comes three times, in any order. The read model and the mails are those of once, in order."""

from __future__ import annotations

import random
import time
from itertools import count

from bench.bars import Bar, Form
from chaos import lives, pictures
from chaos.network import FACTS_AND_DELAYS, Network
from chaos.pictures import END, Picture
from toys.waiting import eventually

from gongxue_chassis.publisher import Outgoing

BAR = "R6"
LIVES = {"short": 2, "long": 8}
ROUNDS = {"short": 1, "long": 10}
"""How many other orders are tried, each from nothing."""
SECONDS = 120
_numbers = count()


def test_what_comes_again_and_in_another_order_changes_nothing(
    network: Network, form: Form, seed: int, show: list[Bar]
) -> None:
    chance = random.Random(seed)
    told = lives.story(seed, LIVES[form])
    began = time.monotonic()
    _begin_anew(network)
    ordered = _hear(network, told)
    again = pictures.changes(ordered, _hear(network, _three_times(chance, told)))
    other_orders: list[str] = []
    for _ in range(ROUNDS[form]):
        _begin_anew(network)
        other_orders += pictures.differences(ordered, _hear(network, _three_times(chance, told)))
    parked = {service: [one.detail for one in found] for service, found in network.parked().items()}
    bar = Bar(
        id=BAR,
        form=form,
        value=len(again) + len(other_orders),
        unit="documents or mails that differ",
        goal="0",
        holds=not again and not other_orders and not parked,
        detail={
            "seed": seed,
            "facts": len(told),
            "documents": len(ordered.documents),
            "mails": ordered.mails.total(),
            "changed by hearing it again": again[:20],
            "different after another order": other_orders[:20],
            "parked": parked,
            "seconds": round(time.monotonic() - began, 1),
        },
    )
    show.append(bar)
    assert ordered.mails
    assert bar.holds, bar.detail


def _three_times(chance: random.Random, told: list[Outgoing]) -> list[Outgoing]:
    return chance.sample(told * 3, len(told) * 3)


def _begin_anew(network: Network) -> None:
    """Empty stores, and no mail server until all is heard: what a mail says must not hang on when it was written."""
    for name in ("notification", "gateway-worker", "mails"):
        network.stack.process(name).kill9()
    pictures.forget(network)
    for name in ("notification", "gateway-worker"):
        network.stack.process(name).start()
        network.stack.process(name).wait_ready()


def _hear(network: Network, messages: list[Outgoing]) -> Picture:
    """Send them, wait until everything has been heard and everybody told, and take a picture."""
    network.send(messages)
    eventually(lambda: _all_heard(network), SECONDS)
    notification, catcher = (network.stack.process(name) for name in ("notification", "mails"))
    if not catcher.running:
        notification.kill9()
        network.end_pauses()
        for process in (catcher, notification):
            process.start()
            process.wait_ready()
    eventually(lambda: not network.mails_to_send(), SECONDS)
    return pictures.take(network)


def _all_heard(network: Network) -> bool:
    """Whether nothing waits for a consumer or a delay, and nobody is still at work on what they were given."""
    if network.waiting(*FACTS_AND_DELAYS):
        return False
    # The first may be seen while the batch in which it came is not finished. The second comes in a later one.
    _hear_one_more(network)
    _hear_one_more(network)
    return not network.waiting(*FACTS_AND_DELAYS)


def _hear_one_more(network: Network) -> None:
    name = f"{END}{next(_numbers)}"
    network.send([lives.card(name), *lives.school(random.Random(0), name, wishes=0)])
    contacts, schools = network.database("notification")["contacts"], network.database("gateway")["schools"]
    eventually(lambda: contacts.find_one({"_id": name}) and schools.find_one({"_id": name}), SECONDS)
