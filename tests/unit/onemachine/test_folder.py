from __future__ import annotations

import multiprocessing
import socket
import stat
from pathlib import Path

import pytest

from onemachine.folder import Folder, InUse, NotOurs, free

NAMES = ("amqp", "store", "gateway")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def hold(path: Path, held: object, done: object) -> None:
    with Folder(path).lock():
        Folder(path).say({"gateway": "http://127.0.0.1:1"})
        held.set()  # type: ignore[attr-defined]
        done.wait(20)  # type: ignore[attr-defined]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "data")


def test_a_secret_is_made_once_and_for_its_owner_alone(folder: Folder) -> None:
    secret = folder.secret("bus-gateway")
    assert len(secret) >= 32
    assert Folder(folder.path).secret("bus-gateway") == secret
    assert folder.secret("bus-directory") != secret
    assert mode(folder.path / "secrets" / "bus-gateway") == 0o600
    assert mode(folder.path / "secrets") == mode(folder.path) == 0o700


def test_ports_are_different_free_and_remembered(folder: Folder) -> None:
    folder.choose_ports(NAMES)
    ports = [folder.port(name) for name in NAMES]
    assert len(set(ports)) == 3
    assert all(free(port) for port in ports)
    again = Folder(folder.path)
    assert [again.port(name) for name in NAMES] == ports
    again.choose_ports(NAMES)
    assert [again.port(name) for name in NAMES] == ports


def test_a_port_that_someone_else_took_is_chosen_anew_and_the_others_stay(folder: Folder) -> None:
    folder.choose_ports(NAMES)
    before = {name: folder.port(name) for name in NAMES}
    with socket.create_server(("127.0.0.1", before["store"])):
        folder.choose_ports(NAMES)
    after = {name: folder.port(name) for name in NAMES}
    assert after["store"] != before["store"]
    assert {**after, "store": 0} == {**before, "store": 0}


def test_a_port_taken_on_all_addresses_is_not_free() -> None:
    with socket.create_server(("0.0.0.0", 0)) as server:
        assert not free(server.getsockname()[1])


def test_ports_that_people_type_are_preferred(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        wanted = server.getsockname()[1]
    folder = Folder(tmp_path / "data", {"gateway": wanted})
    folder.choose_ports(NAMES)
    assert folder.port("gateway") == wanted


def test_a_port_that_people_type_is_taken_again_when_it_is_free_again(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        typed = other.getsockname()[1]
        found = Folder(tmp_path / "data", preferred={"gateway": typed})
        found.choose_ports(("gateway",))
        assert found.port("gateway") != typed
    found.choose_ports(("gateway",))
    assert found.port("gateway") == typed


def test_a_damaged_list_of_ports_is_made_anew(folder: Folder) -> None:
    (folder.path / "ports.json").write_text("{")
    folder.choose_ports(NAMES)
    assert folder.port("amqp") > 0


def test_a_folder_in_use_says_by_whom_and_where(folder: Folder) -> None:
    context = multiprocessing.get_context("spawn")
    held, done = context.Event(), context.Event()
    other = context.Process(target=hold, args=(folder.path, held, done))
    other.start()
    try:
        assert held.wait(20)
        assert folder.locked()
        with pytest.raises(InUse) as refusal, folder.lock():
            pass
        assert refusal.value.about == {"pid": other.pid, "gateway": "http://127.0.0.1:1"}
    finally:
        done.set()
        other.join()
        other.close()
    assert not folder.locked()


def test_a_lock_ends_with_its_process_even_a_killed_one(folder: Folder) -> None:
    context = multiprocessing.get_context("spawn")
    held, done = context.Event(), context.Event()
    other = context.Process(target=hold, args=(folder.path, held, done))
    other.start()
    assert held.wait(20)
    other.kill()
    other.join()
    other.close()
    with folder.lock():
        assert folder.locked()


def test_what_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(NotOurs):
        Folder(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_removing_leaves_nothing(folder: Folder) -> None:
    folder.secret("x")
    folder.remove()
    assert not folder.path.exists()
