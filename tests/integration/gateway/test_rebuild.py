"""The read model made anew on the real stack: while people register, over a crash, and after everything was lost."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database
from toys.residents import settle
from toys.visitors import Visitor
from toys.waiting import eventually
from toys.workshops import published

from gateway.read_model.generations import read_pointer
from gateway.read_model.rebuilding import SERVICES
from gateway.storage import READ_MODEL
from installation import stores
from onemachine.processes import environment
from onemachine.stack import Stack

PEOPLE = 40

Picture = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def stack(new_stack: Callable[..., Stack]) -> Stack:
    """A whole Gongxue of these tests' own: they throw away what others would miss."""
    return new_stack()


@pytest.fixture(scope="module")
def database(stack: Stack) -> Iterator[Database[dict[str, Any]]]:
    with MongoClient[dict[str, Any]](stack.store.mongo_uri, tz_aware=True) as client:
        yield client["gateway"]


@pytest.fixture(scope="module")
def visit(stack: Stack) -> Iterator[Callable[[str], Visitor]]:
    """A new visitor who is this person."""
    settle(stack, {"host": ("nchu", ["host"]), **{f"p-{number}": ("nchu", []) for number in range(PEOPLE)}})
    with ExitStack() as opened:
        yield lambda person: opened.enter_context(Visitor(stack.url, person))


@pytest.fixture
def activity(visit: Callable[[str], Visitor]) -> str:
    """One that has seats for half of the people."""
    more = {"pools": {"onsite": PEOPLE // 2}, "waiting_limit": PEOPLE}
    address = published(visit("host"), "nchu", **more)
    return address.rpartition("/")[2]


class Crowd(threading.Thread):
    """People who register one after the other, give back and register again, and look at what they see meanwhile."""

    def __init__(self, visitors: list[Visitor], activity: str) -> None:
        super().__init__()
        self._visitors = visitors
        self._activity = activity
        self.stopping = threading.Event()
        self.wrong: list[str] = []
        self.registered = 0

    def run(self) -> None:
        while not self.stopping.is_set():
            for visitor in self._visitors:
                try:
                    self._register(visitor)
                except Exception as error:
                    self.wrong.append(repr(error))
                if self.stopping.is_set():
                    return

    def _register(self, visitor: Visitor) -> None:
        body = {"pool": "onsite", "waiting_list": True}
        mine = visitor.want("POST", f"/activities/{self._activity}/registrations", body, status=201)
        self.registered += 1
        shown = {one["id"] for one in visitor.get("/me/registrations")["items"]}
        if mine["id"] not in shown:
            self.wrong.append(f"{mine['id']} is not among one's own")
        if self._activity not in {one["id"] for one in visitor.get("/activities")["items"]}:
            self.wrong.append("the list is without the activity")
        page = visitor.http.get(f"/activities/{self._activity}")
        if page.status_code != 200 or "Workshop" not in page.text:
            self.wrong.append(f"the page: {page.status_code}")
        visitor.want("DELETE", f"/registrations/{mine['id']}")


def rebuild(stack: Stack, *options: str) -> subprocess.Popen[str]:
    """The operator's command, with the gateway's own settings."""
    return subprocess.Popen(
        [sys.executable, "-m", "gateway", "rebuild", *options],
        env=environment(stack.folder.path) | dict(stack.process("gateway").program.settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def done(command: subprocess.Popen[str]) -> str:
    """What it said, after it has ended well."""
    said, _ = command.communicate(timeout=90)
    assert command.returncode == 0, said
    return said


def picture(database: Database[dict[str, Any]]) -> Picture:
    """All that is in the generation that is shown."""
    active = read_pointer(database).active
    return {name: list(database[f"{name}{active}"].find().sort("_id", 1)) for name in READ_MODEL}


def quiet(stack: Stack) -> None:
    """Every fact that was committed is applied."""
    with MongoClient[dict[str, Any]](stack.store.mongo_uri) as client:
        commits = [client[service]["commits"] for service in SERVICES]
        eventually(lambda: not any(one.count_documents({"pending": True}) for one in commits), 60)
        worker = client["gateway"]["read_model"]
        eventually(lambda: _caught_up(worker.find_one({"_id": "worker"})), 60)


def _caught_up(told: dict[str, Any] | None) -> bool:
    waiting = {name: count for name, count, _ in (told or {}).get("queues", [])}
    return bool(told) and told["behind_since"] is None and not waiting.get("gateway.facts", 1)


def test_it_is_made_anew_under_load_and_over_a_crash_and_nobody_sees_anything_of_it(
    stack: Stack, database: Database[dict[str, Any]], visit: Callable[[str], Visitor], activity: str
) -> None:
    crowd = Crowd([visit(f"p-{number}") for number in range(PEOPLE)], activity)
    crowd.start()
    try:
        eventually(lambda: crowd.registered >= 5)
        command = rebuild(stack)
        eventually(lambda: (at := read_pointer(database).rebuild) and at.phase in ("feeding", "replaying"))
        stack.process("gateway-worker").kill9()
        stack.process("gateway-worker").start()
        said = done(command)
        before = crowd.registered
        eventually(lambda: crowd.registered >= before + 5 or crowd.wrong)
    finally:
        crowd.stopping.set()
        crowd.join()
    assert crowd.wrong == []
    assert "registration has replayed" in said
    quiet(stack)
    old, pointer = picture(database), read_pointer(database)
    assert pointer.active != ""
    assert {one["_id"] for one in old["activities"]} >= {activity}
    assert len(old["registrations"]) == crowd.registered
    done(rebuild(stack))
    assert picture(database) == old
    assert read_pointer(database).active != pointer.active
    only_the_new_one_is_left(database)


def only_the_new_one_is_left(database: Database[dict[str, Any]]) -> None:
    """With every index; and the first one, empty, as the pattern of the next."""
    active = read_pointer(database).active
    kept = {name for name in database.list_collection_names() if name.startswith(READ_MODEL)}
    assert kept <= {*READ_MODEL, *(f"{name}{active}" for name in READ_MODEL)}
    for name in READ_MODEL:
        assert database[name].find_one() is None
        assert database[f"{name}{active}"].index_information() == database[name].index_information()


def test_what_was_lost_comes_back(
    stack: Stack, database: Database[dict[str, Any]], visit: Callable[[str], Visitor], activity: str
) -> None:
    quiet(stack)
    before = picture(database)
    for name in database.list_collection_names():
        if name.startswith((*READ_MODEL, "read_model")):
            database.drop_collection(name)
    stores.create_indexes(database, "gateway")
    someone = visit("p-0")
    eventually(lambda: someone.get("/activities")["items"] == [])
    done(rebuild(stack))
    assert picture(database) == before
    eventually(lambda: activity in {one["id"] for one in someone.get("/activities")["items"]})


def test_while_one_is_going_on_another_is_not_begun(stack: Stack, database: Database[dict[str, Any]]) -> None:
    done(rebuild(stack, "--no-wait"))
    begun = read_pointer(database).rebuild
    assert "going on already" in done(rebuild(stack))
    assert begun is not None
    ended = read_pointer(database).rebuild
    assert ended is not None
    assert (ended.id, ended.phase) == (begun.id, "done")


def test_begun_afresh_it_ends_all_the_same(stack: Stack, database: Database[dict[str, Any]]) -> None:
    before = picture(database)
    done(rebuild(stack, "--no-wait"))
    eventually(lambda: (at := read_pointer(database).rebuild) and at.phase == "feeding")
    done(rebuild(stack, "--afresh"))
    assert picture(database) == before
    only_the_new_one_is_left(database)
