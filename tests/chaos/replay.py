"""The log of one activity, read again as somebody with a paper list would: was every decision right when it was made?

It knows what the log's documents look like and nothing of the code that decides. Whatever is wrong is a `Fault`; of a
sound log there are none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Document = Mapping[str, Any]
Status = Literal["confirmed", "waiting", "cancelled"]
Kind = Literal[
    "oversold",  # a seat that was not there
    "twice",  # one person in two places, or one command decided twice
    "refused_while_free",  # no, or a place in line, although there was room
    "out_of_turn",  # somebody overtook the first in line
    "wrong",  # the log contradicts itself
]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in which commit."""

    kind: Kind
    commit: str
    words: str


@dataclass(slots=True)
class Line:
    """One registration; `facts` are the ids of the facts that told its person something."""

    person: str
    pool: str
    status: Status
    facts: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a command was answered: the names and registrations of its facts, or the code of the refusal."""

    facts: tuple[tuple[str, str], ...] = ()
    refused: str = ""


@dataclass(slots=True)
class Pool:
    """Seats and the line in front of them, by registration."""

    limit: int
    seated: set[str] = field(default_factory=set)
    line: list[str] = field(default_factory=list)

    @property
    def free(self) -> bool:
        return len(self.seated) < self.limit

    def standing(self) -> dict[str, int]:
        return {"limit": self.limit, "taken": len(self.seated), "waiting": len(self.line)}


class Replay:
    """Read it with `read`; then the attributes hold the end of the story."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.decisions: dict[str, Decision] = {}
        self.registrations: dict[str, Line] = {}
        self.pools: dict[str, Pool] = {}
        self.live: dict[str, str] = {}
        self.published = False
        self._waiting_limit = 0
        self._commits = 0
        self._facts = 0
        self._commit = ""

    def read(self, commits: Iterable[Document]) -> Replay:
        """Take in the commits, which are in the order of their numbers."""
        for commit in commits:
            self._commit = commit["_id"]
            self._commits += 1
            if (commit["seq"], commit["first"]) != (self._commits, self._facts + 1):
                self._fault("wrong", "a commit or a fact is missing before it")
            told = 0
            for index, answer in enumerate(commit["answers"]):
                told += self._answer(answer, index, commit["facts"], told)
            if told != len(commit["facts"]):
                self._fault("wrong", "facts that no command asked for")
            self._facts += len(commit["facts"])
        return self

    def _answer(self, answer: Document, index: int, facts: list[Document], told: int) -> int:
        if answer["id"] in self.decisions:
            self._fault("twice", f"command {answer['id']} is decided again")
        if "refused" in answer:
            refusal = answer["refused"]
            self.decisions[answer["id"]] = Decision(refused=refusal["code"])
            self._refused(refusal["code"], refusal["details"])
            return 0
        own = facts[answer["first"] : answer["first"] + answer["count"]]
        if answer["first"] != told or any(fact["answer"] != index for fact in own):
            self._fault("wrong", f"command {answer['id']} and its facts do not fit together")
        for number, fact in enumerate(own, start=told):
            self._fact(f"{self._commit}.{number}", fact["type"], fact["data"])
        for name, pool in self.pools.items():
            if pool.free and pool.line:
                self._fault("refused_while_free", f"{len(pool.line)} wait for {name}: {pool.standing()}")
        named = tuple((fact["type"], fact["data"].get("registration", "")) for fact in own)
        self.decisions[answer["id"]] = Decision(facts=named)
        return len(own)

    def _refused(self, code: str, details: Document) -> None:
        pool = self.pools.get(details.get("pool", ""))
        if pool is not None and code in ("pool_full", "waiting_list_full") and pool.free:
            self._fault("refused_while_free", f"{code}: {pool.standing()}")
        if pool is not None and code == "waiting_list_full" and len(pool.line) < self._waiting_limit:
            self._fault("refused_while_free", f"room in line: {pool.standing()}")
        if code == "already_registered" and details["registration"] not in self.registrations:
            self._fault("refused_while_free", f"already_registered as nobody: {details}")

    def _fact(self, id: str, name: str, data: Document) -> None:
        try:
            _CHANGES[name](self, data)
        except KeyError as missing:
            self._fault("wrong", f"{name} of what is not there: {missing}")
            return
        if data.get("registration") in self.registrations:
            self.registrations[data["registration"]].facts.append(id)
        counted = {pool: each.standing() for pool, each in self.pools.items()}
        # Of several facts of one decision the earlier ones tell the standing before the later ones.
        if "seats" in data and data["seats"] != counted:
            self._fault("wrong", f"{name} tells {data['seats']}, counted {counted}")

    def _activity_drafted(self, data: Document) -> None:
        self._waiting_limit = data["details"]["waiting_limit"]

    def _activity_published(self, data: Document) -> None:
        self.published = True
        self._activity_changed(data)

    def _activity_changed(self, data: Document) -> None:
        self._waiting_limit = data["details"]["waiting_limit"]
        for name, limit in data["details"]["pools"].items():
            pool = self.pools.setdefault(name, Pool(limit))
            pool.limit = limit
            if len(pool.seated) > limit:
                self._fault("oversold", f"the limit of {name} goes below {len(pool.seated)}")

    def _activity_closed(self, data: Document) -> None:
        self.published = False

    def _seat_confirmed(self, data: Document) -> None:
        pool = self._enter(data, "confirmed")
        if not pool.free:
            self._fault("oversold", f"{data['registration']}: {pool.standing()}")
        if pool.line:
            self._fault("out_of_turn", f"{data['registration']} overtakes {len(pool.line)} in line")
        pool.seated.add(data["registration"])

    def _placed_on_waiting_list(self, data: Document) -> None:
        pool = self._enter(data, "waiting")
        if pool.free:
            self._fault("refused_while_free", f"{data['registration']} waits: {pool.standing()}")
        pool.line.append(data["registration"])
        if data["place"] != len(pool.line):
            self._fault("out_of_turn", f"{data['registration']} is told place {data['place']}")

    def _promoted_from_waiting_list(self, data: Document) -> None:
        pool, registration = self.pools[data["pool"]], data["registration"]
        if not pool.free:
            self._fault("oversold", f"{registration} moves up: {pool.standing()}")
        if pool.line[:1] != [registration]:
            self._fault("out_of_turn", f"{registration} moves up before {pool.line[:1]}")
        if registration in pool.line:
            pool.line.remove(registration)
        pool.seated.add(registration)
        self.registrations[registration].status = "confirmed"

    def _registration_cancelled(self, data: Document) -> None:
        pool, line = self.pools[data["pool"]], self.registrations[data["registration"]]
        if line.status != data["was"]:
            self._fault("wrong", f"{data['registration']} was {line.status}, not {data['was']}")
        pool.seated.discard(data["registration"])
        if data["registration"] in pool.line:
            pool.line.remove(data["registration"])
        line.status = "cancelled"
        if self.live.pop(line.person, None) != data["registration"]:
            self._fault("wrong", f"{data['registration']} was not {line.person}'s")

    def _enter(self, data: Document, status: Status) -> Pool:
        registration, person = data["registration"], data["person"]
        if person in self.live or registration in self.registrations:
            self._fault("twice", f"{person} enters again as {registration}")
        if not self.published:
            self._fault("wrong", f"{registration} enters while the activity is not open")
        self.live[person] = registration
        self.registrations[registration] = Line(person, data["pool"], status)
        return self.pools[data["pool"]]

    def _fault(self, kind: Kind, words: str) -> None:
        self.faults.append(Fault(kind, self._commit, words))


_CHANGES: dict[str, Callable[[Replay, Document], None]] = {
    "ActivityDrafted": Replay._activity_drafted,
    "ActivityPublished": Replay._activity_published,
    "ActivityChanged": Replay._activity_changed,
    "ActivityClosed": Replay._activity_closed,
    "ActivityCancelled": Replay._activity_closed,
    "SeatConfirmed": Replay._seat_confirmed,
    "PlacedOnWaitingList": Replay._placed_on_waiting_list,
    "PromotedFromWaitingList": Replay._promoted_from_waiting_list,
    "RegistrationCancelled": Replay._registration_cancelled,
}
