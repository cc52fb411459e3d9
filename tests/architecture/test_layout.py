"""The rules of the house that no linter knows: who may import what, how long a file gets, what the packages ship."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("registration", "directory", "notification", "gateway")
LONGEST_FILE = 400
JUNK_DRAWERS = {"common", "utils", "util", "helpers", "helper", "shared", "manager", "misc"}
DEPLOYABLES = [
    project.parent
    for top in ("services", "deploy")
    for project in sorted((ROOT / top).glob("*/pyproject.toml"))
]


def ours(*folders: str) -> list[Path]:
    """The Python files of the repository below these folders, as git sees them."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *folders],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [
        ROOT / name for name in listed.stdout.splitlines() if name.endswith(".py") and (ROOT / name).exists()
    ]


def imported(path: Path) -> Iterator[str]:
    """The modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "."


def outside(path: Path) -> set[str]:
    """The modules that a file imports and that are not Python's own."""
    return {module for module in imported(path) if module.partition(".")[0] not in sys.stdlib_module_names}


def roots(path: Path) -> set[str]:
    return {module.partition(".")[0] for module in outside(path)}


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_domains_know_the_standard_library_alone() -> None:
    strangers = {
        short(path): strange
        for service in SERVICES
        for path in ours(f"services/{service}/domain")
        if (strange := {m for m in outside(path) if not f"{m}.".startswith(f"{service}.domain.")})
    }
    assert strangers == {}


def test_contracts_know_marshmallow_alone() -> None:
    strangers = {
        short(path): strange
        for path in ours("packages/contracts")
        if (strange := roots(path) - {"marshmallow", "gongxue_contracts"})
    }
    assert strangers == {}


def test_nameko_stays_in_the_chassis_and_the_service_classes() -> None:
    users = {short(path) for path in ours("services", "packages", "deploy") if "nameko" in roots(path)}
    outside = {user for user in users if not user.startswith("packages/chassis/")}
    assert outside <= {f"services/{name}/service.py" for name in SERVICES}


def test_services_are_named_by_no_other_and_by_no_package() -> None:
    meddling = {
        short(path): others
        for path in ours("services", "packages")
        if (others := roots(path) & (set(SERVICES) - {path.relative_to(ROOT).parts[1]}))
    }
    assert meddling == {}


def test_no_file_is_longer_than_one_can_hold_in_mind() -> None:
    long = {short(path): n for path in ours() if (n := len(path.read_text().splitlines())) > LONGEST_FILE}
    assert long == {}


def test_there_are_no_junk_drawers() -> None:
    found = {short(path) for path in ours() if JUNK_DRAWERS & {*path.relative_to(ROOT).with_suffix("").parts}}
    assert found == set()


def test_the_settings_are_read_in_one_place_of_each_service() -> None:
    users = {
        short(path)
        for path in ours("services")
        if "os.environ" in (text := path.read_text()) or "getenv(" in text
    }
    assert users == set()


@pytest.mark.parametrize("folder", DEPLOYABLES, ids=lambda folder: folder.name)
def test_a_deployable_ships_all_its_packages(folder: Path) -> None:
    listed = tomllib.loads((folder / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    there = {
        ".".join((folder.name, *path.parent.relative_to(folder).parts))
        for path in ours(short(folder))
        if path.name == "__init__.py"
    }
    assert sorted(listed) == sorted(there)
    assert there == {
        ".".join((folder.name, *path.parent.relative_to(folder).parts)) for path in ours(short(folder))
    }


@pytest.mark.parametrize("folder", DEPLOYABLES, ids=lambda folder: folder.name)
def test_a_deployable_ships_all_its_data(folder: Path) -> None:
    settings = tomllib.loads((folder / "pyproject.toml").read_text())["tool"]["setuptools"]
    patterns = settings.get("package-data", {}).get(folder.name, [])
    shipped = {path for pattern in patterns for path in folder.glob(pattern)}
    beside = {"pyproject.toml", "requirements.txt", "Dockerfile", "README.md", ".dockerignore", "extract.cfg"}
    listed = subprocess.run(
        ["git", "ls-files", "--", str(folder)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    data = {ROOT / name for name in listed.stdout.splitlines() if not name.endswith((".py", ".in"))}
    assert {short(path) for path in data - shipped if path.name not in beside} == set()


@pytest.mark.parametrize("path", sorted(ROOT.glob("**/requirements*.txt")), ids=str)
def test_lock_files_pin_everything_by_hash_and_name_no_place(path: Path) -> None:
    if {".venv", ".store-venv", "build", ".data"} & {*path.relative_to(ROOT).parts}:
        return
    text = path.read_text()
    pins = [line for line in text.splitlines() if line and line[0] not in " #-"]
    assert pins
    assert all("==" in pin and pin.endswith("\\") for pin in pins)
    assert "://" not in text
    assert "--index-url" not in text
